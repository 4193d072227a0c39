/**
 * `deno task bench`: compares ways to stand between a provider and its reader, all in one run.
 *
 * `--quick` takes fewer rounds and shorter pauses. `--write` also puts the tables into `RESULTS.md`.
 *
 * @module
 */

import { compareInRounds, type Comparison } from "./compare.ts";
import { contendToRead } from "./reading.ts";
import { writeResults } from "./results.ts";
import {
  measureCancel,
  measurePauseApart,
  measureReads,
  type PauseCost,
  readChunks,
  readWhole,
  type Take,
} from "./scenarios.ts";
import { BULK_BYTES, CANCEL_WAIT_MS, SHORT_CHUNKS, SSE_CHUNKS, startServer } from "./server.ts";
import { drawCancels, drawComparison, drawPauses } from "./table.ts";
import { ways } from "./ways.ts";

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
  /** Rounds of pauses, and of cancels. */
  readonly stopRounds: number;
}

const FULL: Effort = {
  sseRounds: 12,
  sseBodies: 3,
  bulkRounds: 12,
  bulkBodies: 2,
  pauseMs: 1_000,
  stopRounds: 3,
};
const QUICK: Effort = {
  sseRounds: 5,
  sseBodies: 1,
  bulkRounds: 4,
  bulkBodies: 1,
  pauseMs: 400,
  stopRounds: 1,
};

const SHORT_CALLS = 100;
const READ_STREAMS = 10;
const NEXT_CANCEL_MS = 200;
const BULK_MB = BULK_BYTES / (1024 * 1024);

const effort = Deno.args.includes("--quick") ? QUICK : FULL;
const sections: string[] = [];

/** Prints a section now and keeps it for the file. */
function addSection(title: string, table: string): void {
  const section = `### ${title}\n\n${table}`;
  console.log(`${section}\n`);
  sections.push(section);
}

async function compareReads(origin: string): Promise<void> {
  const { sseRounds, sseBodies, bulkRounds, bulkBodies } = effort;
  const compare = (
    path: string,
    rounds: number,
    bodies: number,
    take: Take,
    among = ways,
  ): Promise<Comparison[]> =>
    compareInRounds(
      among.map((way) => ({ name: way.name, run: () => measureReads(way, origin + path, bodies, take) })),
      rounds,
    );
  const streams = await compare("/v1/chat/completions", sseRounds, sseBodies, readChunks);
  addSection(
    `An event stream of ${SSE_CHUNKS} chunks`,
    drawComparison(streams, "chunk", SSE_CHUNKS * sseBodies),
  );
  const bulk = await compare("/bulk", bulkRounds, bulkBodies, readChunks);
  addSection(`A body of ${BULK_MB} MB`, drawComparison(bulk, "MB", BULK_MB * bulkBodies));
  const whole = await compare(
    "/bulk",
    bulkRounds,
    1,
    readWhole,
    ways.filter(({ puts }) => puts !== "reader"),
  );
  addSection(
    `A body of ${BULK_MB} MB, read by arrayBuffer()`,
    drawComparison(whole, "MB", BULK_MB * bulkBodies),
  );
}

/** The ways pause side by side, each in its process, so that all pause for as long as one. */
async function comparePauses(origin: string): Promise<void> {
  const { pauseMs, stopRounds } = effort;
  const costs = ways.map((): PauseCost[] => []);
  for (let round = 0; round < stopRounds; round++) {
    const measured = await Promise.all(ways.map((way) => measurePauseApart(way, origin, pauseMs)));
    measured.forEach((cost, index) => costs[index]!.push(cost));
  }
  addSection(
    `What goes on while the reader of ${BULK_MB} MB pauses ${pauseMs} ms after its first chunk`,
    drawPauses(ways.map(({ name }, index) => [name, costs[index]!])),
  );
}

async function compareCancels(origin: string): Promise<void> {
  const milliseconds = ways.map((): number[] => []);
  for (let round = 0; round < effort.stopRounds; round++) {
    const measuring: Promise<number>[] = [];
    for (const way of ways) {
      measuring.push(measureCancel(way, origin));
      // one after the other, but nobody waits for a cancel that never comes
      await Promise.race([measuring.at(-1), new Promise((resolve) => setTimeout(resolve, NEXT_CANCEL_MS))]);
    }
    (await Promise.all(measuring)).forEach((value, index) => milliseconds[index]!.push(value));
  }
  addSection(
    `When the server sees a cancel after the first chunk, within ${CANCEL_WAIT_MS} ms`,
    drawCancels(ways.map(({ name }, index) => [name, milliseconds[index]!])),
  );
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
  const streams = await compareInRounds(endToEnd.contend("/v1/chat/completions", sseBodies), sseRounds);
  addSection(
    `The whole library: an event stream of ${SSE_CHUNKS} chunks`,
    drawComparison(streams, "chunk", SSE_CHUNKS * sseBodies),
  );
  const calls = await compareInRounds(endToEnd.contend("/short/chat/completions", SHORT_CALLS), sseRounds);
  addSection(
    `The whole library: calls that answer in ${SHORT_CHUNKS} chunks`,
    drawComparison(calls, "call", SHORT_CALLS),
  );
  await endToEnd.stop();
}

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
if (Deno.args.includes("--write")) await writeResults(sections);
