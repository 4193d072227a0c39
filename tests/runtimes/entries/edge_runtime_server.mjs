// Serves the edge runtime: the script is the first argument, variables may come as `bindings` of the second, as JSON.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import process from "node:process";

// it is a package of this folder, of which the project's import map knows nothing
const { EdgeRuntime, runServer } = createRequire(import.meta.url)(
  "edge-runtime",
);
const [script, json] = process.argv.slice(2);
const { bindings } = JSON.parse(json ?? "{}");
const platform = bindings === undefined ? "" : `globalThis.process = { env: ${JSON.stringify(bindings)} };\n`;
const runtime = new EdgeRuntime({ initialCode: platform + await readFile(script, "utf8") });
const { url } = await runServer({ runtime, port: Number(process.env.PORT ?? 3000), host: "127.0.0.1" });
console.log(`Listening on ${url}`);
