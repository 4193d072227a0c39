// Serves the edge runtime: the script is the first argument, the port is printed.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import process from "node:process";

// it is a package of this folder, of which the project's import map knows nothing
const { EdgeRuntime, runServer } = createRequire(import.meta.url)(
  "edge-runtime",
);
const runtime = new EdgeRuntime({
  initialCode: await readFile(process.argv[2], "utf8"),
});
const { url } = await runServer({ runtime, port: 0, host: "127.0.0.1" });
process.stdout.write(
  `${JSON.stringify({ port: Number(new URL(url).port) })}\n`,
);
