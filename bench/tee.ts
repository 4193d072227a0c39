/**
 * `deno task bench`: compares ways to stand between a provider and its reader, all in one run.
 *
 * `--quick` takes fewer rounds and shorter pauses. `--write` also puts the tables into `RESULTS.md`.
 *
 * @module
 */

import { FOLDER, installPacked } from "../tests/runtimes/host/install.ts";
import { compareInRounds, type Comparison, quantile } from "./compare.ts";
import { contendToRead } from "./reading.ts";
import { writeResults } from "./results.ts";
import { measureAsked, readRss, type Runtime, runtimes } from "./runtimes.ts";
import { SSE_CHUNKS } from "./chat.ts";
import { BULK_BYTES, CANCEL_WAIT_MS, SHORT_CHUNKS, startServer } from "./server.ts";
import { drawByRuntime, drawComparison, drawTable } from "./table.ts";
import { type Way, ways } from "./ways.ts";

/** How much is run. */
interface Effort {
  /** Rounds of event streams, and of calls. */
  readonly sseRounds: number;
  /** Event streams that each way reads in a round. */
  readonly sseBodies: number;
  /** Rounds of bulk bodies. */
  readonly bulkRounds: number;
  /** Bulk bodies that each way reads in a round. */
  readonly bulkBodies: number;
  /** How long a reader pauses. */
  readonly pauseMs: number;
  /** Rounds of cancels. */
  readonly stopRounds: number;
}

const FULL: Effort = {
  sseRounds: 20,
  sseBodies: 2,
  bulkRounds: 10,
  bulkBodies: 1,
  pauseMs: 1_000,
  stopRounds: 10,
};
const QUICK: Effort = {
  sseRounds: 5,
  sseBodies: 1,
  bulkRounds: 4,
  bulkBodies: 1,
  pauseMs: 400,
  stopRounds: 3,
};

const SHORT_CALLS = 100;
const READ_STREAMS = 10;
const MEGABYTE = 1024 * 1024;
const BULK_MB = BULK_BYTES / MEGABYTE;

const effort = Deno.args.includes("--quick") ? QUICK : FULL;
const sections: string[] = [];

/** Prints a section now and keeps it for the file. */
function addSection(title: string, table: string): void {
  const section = `### ${title}\n\n${table}`;
  console.log(`${section}\n`);
  sections.push(section);
}

/** What a runtime is asked for. */
function pathOf(scenario: string, way: Way, origin: string, count: number): string {
  return `/${scenario}?${new URLSearchParams({ way: way.name, origin, count: String(count) })}`;
}

async function compareReads(origin: string): Promise<void> {
  const { sseRounds, sseBodies, bulkRounds, bulkBodies } = effort;
  const tables: [
    title: string,
    scenario: string,
    rounds: number,
    bodies: number,
    unit: string,
    units: number,
  ][] = [
    [`An event stream of ${SSE_CHUNKS} chunks`, "stream", sseRounds, sseBodies, "chunk", SSE_CHUNKS],
    [`A body of ${BULK_MB} MB`, "bulk", bulkRounds, bulkBodies, "MB", BULK_MB],
    [`A body of ${BULK_MB} MB, read by arrayBuffer()`, "whole", bulkRounds, 1, "MB", BULK_MB],
  ];
  for (const [title, scenario, rounds, bodies, unit, units] of tables) {
    const among = ways.filter(({ puts }) => scenario !== "whole" || puts !== "reader");
    const byRuntime = new Map<string, Comparison[]>();
    for (const start of Object.values(runtimes)) {
      const runtime = await start();
      const contend = (way: Way) => ({
        name: way.name,
        run: () => measureAsked(runtime, pathOf(scenario, way, origin, bodies)),
      });
      byRuntime.set(runtime.name, await compareInRounds(among.map(contend), rounds));
      await runtime.stop();
    }
    addSection(title, drawByRuntime(byRuntime, unit, units * bodies));
  }
}

/** Each pause has a process of its own, whose memory no other body has touched. */
async function comparePauses(origin: string): Promise<void> {
  const { pauseMs } = effort;
  const measure = async (runtime: Runtime, way: Way): Promise<string> => {
    await runtime.ask(pathOf("none", way, origin, 0));
    const before = await readRss(runtime.pid);
    const pushed = runtime.ask<number>(pathOf("pause", way, origin, pauseMs));
    await new Promise((resolve) => setTimeout(resolve, pauseMs * 0.8));
    const grown = (await readRss(runtime.pid) - before) / MEGABYTE;
    return `${(await pushed / MEGABYTE).toFixed(1)}, ${Math.max(0, grown).toFixed(0)}`;
  };
  addSection(
    `What goes on while the reader of ${BULK_MB} MB pauses ${pauseMs} ms after its first chunk: MB pushed, MB of RSS`,
    await drawEach(measure),
  );
}

async function compareCancels(origin: string): Promise<void> {
  const measure = async (runtime: Runtime, way: Way): Promise<string> => {
    const milliseconds: number[] = [];
    while (milliseconds.length < effort.stopRounds && milliseconds.at(-1) !== Infinity) {
      milliseconds.push(await runtime.ask<number | null>(pathOf("cancel", way, origin, 0)) ?? Infinity);
    }
    const quiet = quantile(milliseconds, 0.1);
    return quiet === Infinity ? "never" : quiet.toFixed(1);
  };
  addSection(
    `When the server sees a cancel after the first chunk, in ms, quiet, within ${CANCEL_WAIT_MS}`,
    await drawEach(measure),
  );
}

/** A row for each way, a column for each runtime, each cell of a process of its own. */
async function drawEach(measure: (runtime: Runtime, way: Way) => Promise<string>): Promise<string> {
  const rows = ways.map(({ name }) => [name]);
  for (const start of Object.values(runtimes)) {
    for (const [row, way] of ways.entries()) {
      const runtime = await start();
      rows[row]!.push(await measure(runtime, way));
      await runtime.stop();
    }
  }
  return drawTable(["way", ...Object.keys(runtimes)], rows);
}

async function compareReading(): Promise<void> {
  const comparisons = await compareInRounds(contendToRead(SSE_CHUNKS, READ_STREAMS), effort.sseRounds * 3);
  addSection(
    `Reading ${SSE_CHUNKS} chunks, without a network`,
    drawComparison(comparisons, "chunk", SSE_CHUNKS * READ_STREAMS),
  );
}

async function compareEndToEnd(origin: string): Promise<void> {
  // only now, so that the SDK and its heap have no part in the measurements before
  const { startEndToEnd } = await import("./end_to_end.ts");
  const endToEnd = startEndToEnd(origin);
  const { sseRounds, sseBodies } = effort;
  const streams = await compareInRounds(
    endToEnd.contend("/stream/any/chat/completions", sseBodies),
    sseRounds,
  );
  addSection(
    `The whole library: an event stream of ${SSE_CHUNKS} chunks`,
    drawComparison(streams, "chunk", SSE_CHUNKS * sseBodies),
  );
  const calls = await compareInRounds(
    endToEnd.contend("/short/any/chat/completions", SHORT_CALLS),
    sseRounds,
  );
  addSection(
    `The whole library: calls that answer in ${SHORT_CHUNKS} chunks`,
    drawComparison(calls, "call", SHORT_CALLS),
  );
  await endToEnd.stop();
}

/** Those of the other runtimes. */
async function readVersions(): Promise<string[]> {
  const { dependencies } = JSON.parse(await Deno.readTextFile(`${FOLDER}package.json`));
  const names = { Bun: "bun", Node: "node-22", workerd: "workerd" };
  return Object.entries(names).map(([name, key]) => `${name} ${dependencies[key].replace(/.*@/, "")}`);
}

await installPacked();
const server = await startServer();
try {
  await compareReads(server.origin);
  await comparePauses(server.origin);
  await compareCancels(server.origin);
  await compareReading();
  await compareEndToEnd(server.origin);
} finally {
  await server.stop();
}
if (Deno.args.includes("--write")) await writeResults("tee", sections, await readVersions());
