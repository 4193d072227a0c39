/**
 * The runtimes on which the ways are compared, as seen from outside.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { binaries, BUILT, FOLDER, run } from "../tests/runtimes/host/install.ts";
import { BARE_DATE, WORKER_CONDITIONS } from "../tests/runtimes/host/runtimes.ts";
import { serveWorker } from "../tests/runtimes/host/workerd.ts";
import type { ReadCost, ReadCounts } from "./compare.ts";
import { pin } from "./pin.ts";
import { readLines } from "./workers.ts";

/** A runtime that serves the scenarios. */
export interface Runtime {
  readonly name: string;
  /** Its number in the system. */
  readonly pid: number;
  /** Has a scenario done. */
  ask<T>(path: string): Promise<T>;
  /** Ends it. */
  stop(): Promise<void>;
}

/** How runtimes are started, by name. */
export const runtimes: Readonly<Record<string, () => Promise<Runtime>>> = {
  "Deno": () =>
    startProcess("Deno", binaries.deno, ["run", "--quiet", "--no-prompt", "--allow-net=127.0.0.1"]),
  "Bun": () => startProcess("Bun", binaries.bun, ["run"]),
  "Node": () => startProcess("Node", binaries["node 22"], ["--disable-warning=ExperimentalWarning"]),
  "workerd": startWorkerd,
};

const PROGRAM = fileURLToPath(new URL("tee_process.ts", import.meta.url));
const MODULE = fileURLToPath(new URL("tee_program.ts", import.meta.url));

function startProcess(name: string, runtime: string, flags: readonly string[]): Promise<Runtime> {
  const [program, args] = pin("reader", runtime, [...flags, PROGRAM]);
  const child = new Deno.Command(program, {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = child.stdin.getWriter();
  const lines = readLines(child.stdout, () => true);
  return Promise.resolve({
    name,
    pid: child.pid,
    async ask(path) {
      await input.write(new TextEncoder().encode(`http://program${path}\n`));
      const { value, done } = await lines.next();
      if (done) throw new Error(`Cannot ask ${name} for ${path} as its process ended`);
      return JSON.parse(value);
    },
    async stop() {
      await input.close().catch(() => {});
      await child.status;
      await lines.return(undefined);
    },
  });
}

async function startWorkerd(): Promise<Runtime> {
  const script = `${BUILT}/tee_program.mjs`;
  const conditions = `--conditions=${WORKER_CONDITIONS.join(",")}`;
  await run(
    binaries.esbuild,
    [MODULE, "--bundle", "--format=esm", conditions, `--outfile=${script}`],
    FOLDER,
  );
  const worker = await serveWorker({ script, compatibilityDate: BARE_DATE, compatibilityFlags: [] });
  return {
    name: "workerd",
    pid: worker.pid,
    async ask(path) {
      const response = await fetch(`http://127.0.0.1:${worker.port}${path}`);
      if (response.ok) return await response.json();
      throw new Error(`Cannot ask workerd for ${path} as it answered ${await response.text()}`);
    },
    stop: async () => await worker[Symbol.asyncDispose](),
  };
}

/** Has a runtime read, and measures what that takes of its CPU, all threads, and of time. */
export async function measureAsked(runtime: Runtime, path: string): Promise<ReadCost> {
  const cpu = await readCpuMs(runtime.pid);
  const startedAt = performance.now();
  const counts = await runtime.ask<ReadCounts>(path);
  const milliseconds = performance.now() - startedAt;
  return { ...counts, milliseconds, cpuMilliseconds: await readCpuMs(runtime.pid) - cpu };
}

/** CPU time of a process, as Linux tells it for each thread. */
async function readCpuMs(pid: number): Promise<number> {
  let nanoseconds = 0;
  for await (const { name } of Deno.readDir(`/proc/${pid}/task`)) {
    // a thread may end meanwhile
    const text = await Deno.readTextFile(`/proc/${pid}/task/${name}/schedstat`).catch(() => "0");
    nanoseconds += Number(text.split(" ")[0]);
  }
  return nanoseconds / 1e6;
}

/** Bytes of a process in memory. */
export async function readRss(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
}
