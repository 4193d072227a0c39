/** What is kept, for how long, and how much of it. */

import assert from "node:assert/strict";
import type { MetricRow, Summary, TraceDetail, TracePage } from "../../src/viewer/api.ts";
import { startViewer } from "../../src/viewer/mod.ts";
import { ask, NOON, sendConversations, telemetryTo } from "./send.ts";

async function inFolder(work: (file: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(`${folder}/traces.db`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("with a file, traces and what was dropped survive a restart; the file is its owner's alone", () =>
  inFolder(async (db) => {
    const options = { port: 0, db, maxSpans: 60 };
    let before: TracePage;
    {
      await using viewer = await startViewer(options);
      for (let seed = 1; seed <= 4; seed++) {
        await sendConversations(viewer.url, [{
          seed,
          startMs: NOON + seed * 60_000,
          turns: 3,
          refused: [0],
        }]);
      }
      before = await ask<TracePage>(viewer, "traces");
      assert.equal((await Deno.stat(db)).mode! & 0o777, 0o600);
    }
    await using viewer = await startViewer(options);
    assert.deepEqual(await ask<TracePage>(viewer, "traces"), before);
    const { traces, spans, droppedTraces, droppedSpans, storage } = await ask<Summary>(viewer, "summary");
    assert.deepEqual({ traces, spans, droppedTraces, droppedSpans, storage }, {
      traces: 2,
      spans: 54,
      droppedTraces: 2,
      droppedSpans: 54,
      storage: db,
    });
    const { spans: kept } = await ask<TraceDetail>(viewer, `traces/${before.rows[0]!.traceId}`);
    const id = kept.find(({ failed }) => failed)!.facts.requestIds![0]!;
    const { hits } = await ask<{ hits: { matched: string }[] }>(viewer, `search?q=${id}`);
    assert.deepEqual(hits.map(({ matched }) => matched), [id]);
  }));

Deno.test("without a file, nothing is left", async () => {
  const conversation = [{ seed: 1, startMs: NOON, turns: 1 }];
  {
    await using viewer = await startViewer({ port: 0 });
    await sendConversations(viewer.url, conversation);
  }
  await using viewer = await startViewer({ port: 0 });
  const { traces, storage } = await ask<Summary>(viewer, "summary");
  assert.deepEqual([traces, storage], [0, "memory"]);
});

Deno.test("the oldest traces go first, by when they were last heard of, with their ids", async () => {
  await using viewer = await startViewer({ port: 0, maxSpans: 50 });
  const [first] = await sendConversations(viewer.url, [{ seed: 1, startMs: NOON + 3_600_000, turns: 2 }]);
  const [second] = await sendConversations(viewer.url, [{ seed: 2, startMs: NOON, turns: 2 }]);
  const [third] = await sendConversations(viewer.url, [{ seed: 3, startMs: NOON, turns: 2 }]);
  const { rows } = await ask<TracePage>(viewer, "traces");
  assert.deepEqual(new Set(rows.map(({ traceId }) => traceId)), new Set([second!.traceId, third!.traceId]));
  const { hits } = await ask<{ hits: unknown[] }>(viewer, `search?q=${first!.requestIds[0]}`);
  assert.deepEqual(hits, []);
});

Deno.test("a trace larger than all the room keeps its latest spans", async () => {
  await using viewer = await startViewer({ port: 0, maxSpans: 100 });
  await using telemetry = telemetryTo(viewer.url);
  const parent = telemetry.tracer.startSpan("endless", { startTime: NOON });
  const { trace, ROOT_CONTEXT } = await import("@opentelemetry/api");
  for (let index = 0; index < 400; index++) {
    telemetry.tracer.startSpan(
      `step ${index}`,
      { startTime: NOON + index },
      trace.setSpan(ROOT_CONTEXT, parent),
    ).end(NOON + index + 1);
  }
  await telemetry.flush();
  const { spans, traces, droppedSpans } = await ask<Summary>(viewer, "summary");
  assert.deepEqual({ spans, traces, droppedSpans }, { spans: 100, traces: 1, droppedSpans: 300 });
  const detail = await ask<TraceDetail>(viewer, `traces/${parent.spanContext().traceId}`);
  assert.deepEqual([detail.spans[0]!.name, detail.spans.at(-1)!.name], ["step 300", "step 399"]);
  parent.end();
});

Deno.test("what is kept is bounded by its size too", async () => {
  await using viewer = await startViewer({ port: 0, maxMegabytes: 1 });
  await using telemetry = telemetryTo(viewer.url);
  for (let index = 0; index < 30; index++) {
    telemetry.tracer.startSpan(`large ${index}`, { attributes: { content: "x".repeat(100_000) } }).end();
    await telemetry.flush();
  }
  const { megabytes, spans, droppedTraces } = await ask<Summary>(viewer, "summary");
  assert.ok(megabytes <= 1, `${megabytes}`);
  assert.deepEqual([spans, droppedTraces], [9, 21]);
});

Deno.test("startViewer() refuses a file that is something else, and one of another layout", () =>
  inFolder(async (db) => {
    await Deno.writeTextFile(db, "These are notes, not a database. ".repeat(100));
    await assert.rejects(
      startViewer({ port: 0, db }),
      /^Error: Cannot open .*traces\.db as file is not a database/,
    );
    await Deno.remove(db);
    const { DatabaseSync } = await import("node:sqlite" as string);
    const other = new DatabaseSync(db);
    other.exec("CREATE TABLE recipes (name TEXT)");
    other.close();
    await assert.rejects(startViewer({ port: 0, db }), /as it is no database of this version of the viewer/);
    await assert.rejects(
      startViewer({ port: 0, db: "/nowhere/at/all.db" }),
      /^Error: Cannot open \/nowhere\/at\/all\.db as /,
    );
  }));

Deno.test("the oldest measurements go first, and are counted", async () => {
  await using viewer = await startViewer({ port: 0, maxPoints: 5 });
  await using telemetry = telemetryTo(viewer.url);
  const counter = telemetry.meterProvider.getMeter("test").createCounter("greetings");
  for (let number = 1; number <= 8; number++) {
    counter.add(number);
    await telemetry.flush();
  }
  const { points, droppedPoints } = await ask<Summary>(viewer, "summary");
  assert.deepEqual({ points, droppedPoints }, { points: 5, droppedPoints: 3 });
  const { metrics } = await ask<{ metrics: MetricRow[] }>(viewer, "metrics");
  const [greetings] = metrics.filter(({ name }) => name === "greetings");
  assert.deepEqual(greetings!.series[0]!.points.map(({ value }) => value), [4, 5, 6, 7, 8]);
});
