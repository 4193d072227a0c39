/** The runtimes, and how each is made to run the suite. */

import { readFile } from "node:fs/promises";
import { cases } from "../suite/mod.ts";
import { bundle } from "./bundle.ts";
import { browse } from "./chromium.ts";
import { binaries, FOLDER, run } from "./install.ts";
import { readAddress, startProgram } from "./program.ts";
import type { PageResult, Stage } from "./stage.ts";
import { serveWorker } from "./workerd.ts";

/** What became of each case: what went wrong, by its name. */
export type Outcomes = ReadonlyMap<string, string | undefined>;

/** One runtime. */
export interface Runtime {
  readonly name: string;
  /** Runs the suite there. */
  run(stage: Stage): Promise<Outcomes>;
}

/** What wrangler tells its bundler. */
export const WORKER_CONDITIONS = ["workerd", "worker", "browser"];

/** A date before which Workers had no part of Node unless asked for. */
export const BARE_DATE = "2026-06-01";

/** All, in the order in which they are run. */
export const runtimes: readonly Runtime[] = [
  inProcess("deno", binaries.deno, [
    "run",
    "--no-config",
    "--node-modules-dir=manual",
    "--allow-all",
    "--v8-flags=--expose-gc",
  ]),
  inProcess("bun", binaries.bun, ["run"]),
  inProcess("node 20", binaries["node 20"], ["--expose-gc"]),
  inProcess("node 22", binaries["node 22"], ["--expose-gc"]),
  inProcess("node 24", binaries["node 24"], ["--expose-gc"]),
  inWorker("workerd", { date: BARE_DATE, flags: [] }),
  inWorker("workerd with nodejs_compat", {
    date: BARE_DATE,
    flags: ["nodejs_compat"],
  }),
  { name: "edge-runtime", run: runInEdgeRuntime },
  {
    name: "chromium",
    async run(stage) {
      const script = await readFile(await bundle({ entry: "browser.ts" }));
      const { url, results } = stage.page("chromium", new Uint8Array(script));
      return outcomesOf(await browse(url, results));
    },
  },
];

/** A runtime that runs programs. They resolve packages themselves. */
function inProcess(
  name: string,
  executable: string,
  args: readonly string[] = [],
): Runtime {
  return {
    name,
    async run(stage) {
      const program = await bundle({ entry: "process.ts", external: true });
      const printed = await run(executable, [
        ...args,
        program,
        JSON.stringify(stage.addresses(name)),
      ], FOLDER);
      return outcomesOf(
        printed.trim().split("\n").map((line) => JSON.parse(line)),
      );
    },
  };
}

function inWorker(
  name: string,
  { date, flags }: { readonly date: string; readonly flags: readonly string[] },
): Runtime {
  return {
    name,
    async run(stage) {
      const script = await bundle({
        entry: "workerd.ts",
        conditions: WORKER_CONDITIONS,
      });
      await using worker = await serveWorker({ script, compatibilityDate: date, compatibilityFlags: flags });
      return await askEach(`http://127.0.0.1:${worker.port}`, stage.addresses(name));
    },
  };
}

async function runInEdgeRuntime(stage: Stage): Promise<Outcomes> {
  const script = await bundle({
    entry: "edge_runtime.ts",
    conditions: ["edge-light", "worker", "browser"],
    format: "iife",
  });
  await using server = startProgram(
    binaries["node 22"],
    ["entries/edge_runtime_server.mjs", script],
    { cwd: FOLDER, env: { PORT: "0" } },
  );
  return await askEach(await readAddress(server.stdout), stage.addresses("edge-runtime"));
}

/** Asks a server for one case after another. */
async function askEach(url: string, addresses: unknown): Promise<Outcomes> {
  const results: PageResult[] = [];
  for (const [index, { name }] of cases.entries()) {
    const response = await fetch(`${url}/${index}`, {
      method: "POST",
      body: JSON.stringify(addresses),
    });
    const text = await response.text();
    results.push(
      response.ok ? JSON.parse(text) : { name, error: `${response.status}: ${text}` },
    );
  }
  return outcomesOf(results);
}

function outcomesOf(results: readonly PageResult[]): Outcomes {
  return new Map(results.map(({ name, error }) => [name ?? "", error]));
}
