/** workerd by itself: one Worker, with the network on loopback open to it. */

import { basename, dirname } from "node:path";
import { binaries } from "./install.ts";
import { readLine, startProgram } from "./program.ts";

/** Longer than the time after which an idle Durable Object leaves memory: 10 s. */
export const IDLE_MS = 12_000;

/** What a Worker is configured with. */
export interface WorkerOptions {
  /** Its one module. */
  readonly script: string;
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
  /** Its variables. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The class of its Durable Objects, and the binding to them. */
  readonly objects?: { readonly className: string; readonly binding: string };
}

/** Serves a Worker. */
export async function serveWorker(
  options: WorkerOptions,
): Promise<AsyncDisposable & { readonly port: number; readonly pid: number }> {
  const folder = dirname(options.script);
  const config = options.script.replace(/\.mjs$/, `_${options.compatibilityFlags.join("_")}.capnp`);
  await Deno.writeTextFile(config, configOf(options));
  const program = startProgram(binaries.workerd, ["serve", "--control-fd=1", config], { cwd: folder });
  const { port } = JSON.parse(await readLine(program.stdout, (line) => line.includes('"listen"')));
  return { port, pid: program.pid, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
}

function configOf(
  { script, compatibilityDate, compatibilityFlags, variables = {}, objects }: WorkerOptions,
): string {
  const bindings = Object.entries(variables).map(([name, text]) => `(name = "${name}", text = "${text}")`);
  if (objects !== undefined) {
    bindings.push(`(name = "${objects.binding}", durableObjectNamespace = "${objects.className}")`);
  }
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker", esModule = embed "${basename(script)}")],
      compatibilityDate = "${compatibilityDate}",
      compatibilityFlags = [${compatibilityFlags.map((flag) => `"${flag}"`).join(", ")}],
      bindings = [${bindings.join(", ")}],
      ${
    objects === undefined
      ? ""
      : `durableObjectNamespaces = [(className = "${objects.className}", uniqueKey = "objects")],
      durableObjectStorage = (inMemory = void),`
  }
    )),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  v8Flags = ["--expose-gc"],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;
}
