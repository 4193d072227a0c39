/**
 * The workers of the comparison with peers, as seen from outside: processes that take commands.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { binaries } from "../tests/runtimes/host/install.ts";
import { pin } from "./pin.ts";
import type { Command, Result, Setting } from "./peers/protocol.ts";

/** The folder of the peers, with their packages. */
export const PEERS = fileURLToPath(new URL("./peers/", import.meta.url));

/** What a worker runs on: `deno` with the project's own modules, all others with packages from npm. */
export type Platform = "deno" | "deno, packages" | "node 22" | "node 24";

/** A contender in its process. */
export interface Worker {
  /** Its number in the system. */
  readonly pid: number;
  /** Has a command done. */
  run(command: Command): Promise<Result>;
  /** Ends the process. */
  stop(): Promise<void>;
}

/** How a worker is started. */
export interface WorkerOptions extends Setting {
  readonly platform: Platform;
  /** The contender: a file below `ways/`. */
  readonly way: string;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Flags for the runtime. */
  readonly flags?: readonly string[] | undefined;
}

const V8_FLAGS = "--expose-gc";
const DENO = ["run", "--quiet", "--no-prompt", "--allow-all", `--v8-flags=${V8_FLAGS}`];
const NODE = [V8_FLAGS, "--disable-warning=ExperimentalWarning"];

const commands: Readonly<Record<Platform, readonly [program: string, ...args: string[]]>> = {
  "deno": [binaries.deno, ...DENO, "--frozen", "--config=../../deno.json"],
  "deno, packages": [binaries.deno, ...DENO, "--no-config", "--node-modules-dir=manual"],
  "node 22": [binaries["node 22"], ...NODE],
  "node 24": [binaries["node 24"], ...NODE],
};

/** Starts a worker. */
export function startWorker(
  { platform, way, origin, collector, env = {}, flags = [] }: WorkerOptions,
): Worker {
  const [runtime, ...given] = commands[platform];
  const [program, args] = pin("reader", runtime, [...given, ...flags, "worker.ts", way, origin, collector]);
  const child = new Deno.Command(program, {
    args,
    cwd: PEERS,
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = child.stdin.getWriter();
  // peers print too
  const lines = readLines(child.stdout, (line) => line.startsWith("{"));
  return {
    pid: child.pid,
    async run(command) {
      await input.write(new TextEncoder().encode(`${JSON.stringify(command)}\n`));
      const { value, done } = await lines.next();
      if (done) throw new Error(`Cannot have ${way} do ${command.do} as its process ended`);
      const result: Result = JSON.parse(value);
      if (result.error === undefined) return result;
      throw new Error(`Cannot have ${way} on ${platform} do ${JSON.stringify(command)}: ${result.error}`);
    },
    async stop() {
      await input.close().catch(() => {});
      const timer = setTimeout(() => child.kill("SIGKILL"), 2_000);
      await child.status;
      clearTimeout(timer);
      await lines.return(undefined);
    },
  };
}

/** Lines that fit. */
export async function* readLines(
  stdout: ReadableStream<Uint8Array>,
  fits: (line: string) => boolean,
): AsyncGenerator<string> {
  let text = "";
  for await (const part of stdout.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string>)) {
    const lines = (text + part).split("\n");
    text = lines.pop()!;
    yield* lines.filter(fits);
  }
}
