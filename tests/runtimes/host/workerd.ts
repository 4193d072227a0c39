/** workerd by itself: one Worker, with the network on loopback open to it. */

import { basename, dirname } from "node:path";
import { binaries } from "./install.ts";
import { readLine, startProgram } from "./program.ts";

/** Serves a module as a Worker. */
export async function serveWorker(
  script: string,
  compatibilityDate: string,
  compatibilityFlags: readonly string[],
): Promise<AsyncDisposable & { readonly port: number }> {
  const folder = dirname(script);
  const config = `${folder}/worker_${compatibilityFlags.join("_") || "bare"}.capnp`;
  await Deno.writeTextFile(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker", esModule = embed "${basename(script)}")],
      compatibilityDate = "${compatibilityDate}",
      compatibilityFlags = [${compatibilityFlags.map((flag) => `"${flag}"`).join(", ")}],
    )),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  v8Flags = ["--expose-gc"],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`,
  );
  const program = startProgram(binaries.workerd, [
    "serve",
    "--control-fd=1",
    config,
  ], folder);
  const { port } = JSON.parse(
    await readLine(program.stdout, (line) => line.includes('"listen"')),
  );
  return { port, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
}
