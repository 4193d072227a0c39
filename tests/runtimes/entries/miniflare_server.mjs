// Serves a Worker in Miniflare: its script is the first argument, its variables the second as JSON. Calls of providers
// go to the emulators, those on loopback stay.
import { createRequire } from "node:module";
import process from "node:process";

// they are packages of this folder, of which the project's import map knows nothing
const { fetch, Miniflare } = createRequire(import.meta.url)("miniflare");
const [script, json] = process.argv.slice(2);
const { EMULATOR_URL, EMULATOR_SOCKETS_URL, ...bindings } = JSON.parse(json);

const miniflare = new Miniflare({
  modules: true,
  scriptPath: script,
  compatibilityDate: "2026-06-01",
  compatibilityFlags: ["nodejs_compat"],
  bindings,
  durableObjects: { CALLS: "Call" },
  outboundService(request) {
    const url = new URL(request.url);
    if (url.hostname === "127.0.0.1") return fetch(request);
    const isSocket = request.headers.get("upgrade") === "websocket";
    const base = isSocket ? EMULATOR_SOCKETS_URL.replace("ws", "http") : EMULATOR_URL;
    return fetch(new URL(url.pathname + url.search, base), request);
  },
});
const { port } = await miniflare.ready;
process.stdout.write(`${JSON.stringify({ port: Number(port) })}\n`);
