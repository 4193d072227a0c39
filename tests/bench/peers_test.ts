/** The benchmark itself: it runs, and its table of what was recorded is right. Nothing here is timed. */

import assert from "node:assert/strict";
import { SSE_CHUNKS } from "../../bench/chat.ts";
import { type Collector, startCollector } from "../../bench/collector.ts";
import { contendersOf, RAW, RAW_AGAIN, TEESPAN } from "../../bench/peers/contenders.ts";
import { compareWorkers, type Stage, startContender } from "../../bench/peers/costs.ts";
import { drawRecords } from "../../bench/peers/draw.ts";
import type { ConsumerName } from "../../bench/peers/protocol.ts";
import { record, type Recorded } from "../../bench/peers/records.ts";
import { SOCKET_FRAMES, startServer } from "../../bench/server.ts";
import type { Worker } from "../../bench/workers.ts";

/** A server, a collector, and workers that need no packages but the project's own. */
async function stage(): Promise<Stage & AsyncDisposable> {
  const server = await startServer();
  const collector: Collector = startCollector();
  return {
    platform: "deno",
    origin: server.origin,
    collector,
    async [Symbol.asyncDispose]() {
      await server.stop();
      await collector.stop();
    },
  };
}

async function recordOf(bench: Stage, way: typeof RAW, consumer: ConsumerName): Promise<Recorded> {
  const worker: Worker = startContender(bench, way);
  try {
    return await record(worker, bench.collector, consumer);
  } finally {
    await worker.stop();
  }
}

Deno.test("the bench says of Teespan that it records all, whoever reads, and of raw that it records nothing", async () => {
  await using bench = await stage();
  const all: Recorded = {
    spans: 1,
    responseId: true,
    requestId: true,
    usage: true,
    usageDetails: true,
    firstWord: true,
    wholeBody: true,
    retriedSpans: 3,
    retriedIds: 3,
    endedAfter: { break: true, abort: true, reset: true },
    rejections: 0,
  };
  assert.deepEqual(await recordOf(bench, TEESPAN, "openai"), all);
  // plain fetch does not try again
  assert.deepEqual(await recordOf(bench, TEESPAN, "fetch"), { ...all, retriedSpans: 1, retriedIds: 1 });
  const nothing = await recordOf(bench, RAW, "openai");
  assert.deepEqual(nothing, {
    spans: 0,
    responseId: false,
    requestId: false,
    usage: false,
    usageDetails: false,
    firstWord: false,
    wholeBody: false,
    retriedSpans: 0,
    retriedIds: 0,
    endedAfter: { break: false, abort: false, reset: false },
    rejections: 0,
  });
  const [, , row] = drawRecords([["raw", "openai", nothing]]).split("\n");
  assert.match(row!, /^\| raw +\| openai +\| no +\| no/);
});

Deno.test("the bench reads the same through Teespan as without it, and cancels in the same way", async () => {
  await using bench = await stage();
  const counts: unknown[] = [];
  for (const way of [RAW, TEESPAN]) {
    const worker = startContender(bench, way);
    const read = await worker.run({ do: "read", kind: "stream", consumer: "openai" });
    const memory = await worker.run({ do: "read", kind: "memory", consumer: "openai" });
    const frames = await worker.run({ do: "socket", path: "/tts/websocket" });
    const bytes = await worker.run({ do: "socket", path: "/v1/speak" });
    const cancel = await worker.run({
      do: "cancel",
      kind: "drip",
      id: crypto.randomUUID(),
      consumer: "fetch",
    });
    assert.ok(cancel.firstMs![0]! >= 0, "the server saw the cancel");
    counts.push([read.count, memory.count, frames.count, bytes.count]);
    await worker.stop();
  }
  // the end marker is no chunk
  const expected = [SSE_CHUNKS - 1, SSE_CHUNKS - 1, SOCKET_FRAMES + 1, SOCKET_FRAMES + 1];
  assert.deepEqual(counts, [expected, expected]);
});

Deno.test("compareWorkers() holds each against raw of the same round", async () => {
  await using bench = await stage();
  const figures = await compareWorkers(bench, {
    contenders: [RAW, RAW_AGAIN],
    command: { do: "read", kind: "short", consumer: "fetch" },
    rounds: 2,
    warmUp: 0,
    measure: (result) => result.count!,
  });
  assert.deepEqual(figures.map(({ values }) => values.length), [2, 2]);
  assert.equal(figures[0]!.ratio.median, 1);
});

Deno.test("contendersOf() leaves out who is not at home on a platform, or cannot be read through", () => {
  const names = (...all: Parameters<typeof contendersOf>) => contendersOf(...all).map(({ way }) => way);
  assert.ok(!names("deno, packages").includes("otel_undici"));
  assert.ok(!names("node 24").includes("deno_otel"));
  assert.deepEqual(names("node 24", "ai"), ["raw", "raw", "teespan", "ai_otel"]);
});
