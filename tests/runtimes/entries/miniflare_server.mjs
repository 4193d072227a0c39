// Serves a Worker in Miniflare: its script is the first argument, its configuration
// the second as JSON. With `emulators` by host there, calls go to them, and those on loopback stay.
import { createRequire } from "node:module";
import process from "node:process";

// they are packages of this folder, of which the project's import map knows nothing
const { fetch, Miniflare } = createRequire(import.meta.url)("miniflare");
const [scriptPath, json] = process.argv.slice(2);
const { emulators, ...options } = JSON.parse(json);

const miniflare = new Miniflare({
  modules: true,
  scriptPath,
  host: "127.0.0.1",
  port: Number(process.env.PORT ?? 8787),
  ...options,
  ...emulators && {
    outboundService(request) {
      const { hostname, pathname, search } = new URL(request.url);
      if (hostname === "127.0.0.1") return fetch(request);
      const emulated = new URL(pathname + search, emulators[hostname].replace(/^ws/, "http"));
      request.headers.set("x-emulated-host", hostname);
      return fetch(emulated, request);
    },
  },
});
process.once("SIGTERM", () => miniflare.dispose());
console.log(`Listening on ${await miniflare.ready}`);
