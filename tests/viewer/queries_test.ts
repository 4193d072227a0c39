/** What the page asks: lists, searches, charts, metrics. */

import assert from "node:assert/strict";
import type { Charts, MetricRow, SearchHit, TracePage } from "../../src/viewer/api.ts";
import { startViewer } from "../../src/viewer/mod.ts";
import { bucketQuantile, quantile } from "../../src/viewer/store/quantile.ts";
import { ask, NOON, sendConversations, telemetryTo } from "./send.ts";

const CONVERSATIONS = [
  { seed: 1, startMs: NOON, turns: 2, refused: [1] },
  { seed: 2, startMs: NOON + 60_000, turns: 5, bargedIn: [0] },
  { seed: 3, startMs: NOON + 120_000, turns: 1, failedTool: [0] },
  { seed: 4, startMs: NOON + 180_000, turns: 1, ended: false },
];

Deno.test("the list comes latest first, is filtered by provider, status and slow turns", async () => {
  await using viewer = await startViewer({ port: 0 });
  const sent = await sendConversations(viewer.url, CONVERSATIONS);
  const listed = async (query: string): Promise<number[]> => {
    const { rows, total } = await ask<TracePage>(viewer, `traces?${query}`);
    assert.equal(rows.length, total);
    return rows.map(({ traceId }) => sent.findIndex((one) => one.traceId === traceId) + 1);
  };
  assert.deepEqual(await listed(""), [4, 3, 2, 1]);
  assert.deepEqual(await listed("provider=anthropic"), [2]);
  assert.deepEqual(await listed("provider=%27%20OR%201%3D1"), []);
  assert.deepEqual(await listed("status=error"), [3, 1]);
  assert.deepEqual(await listed("status=ok"), [4, 2]);
  assert.deepEqual(await listed("status=retried"), [1]);
  assert.deepEqual(await listed("status=interrupted"), [2]);
  assert.deepEqual(await listed("status=nonsense&slow=abc"), [4, 3, 2, 1]);
  const slow = 1.4;
  assert.deepEqual(
    await listed(`slow=${slow}`),
    [4, 3, 2, 1].filter((seed) => Math.max(...sent[seed - 1]!.e2e) >= slow),
  );
  const { rows } = await ask<TracePage>(viewer, "traces");
  assert.deepEqual(rows.map(({ complete }) => complete), [false, true, true, true]);
});

Deno.test("the list comes in pages, each trace once", async () => {
  await using viewer = await startViewer({ port: 0 });
  await sendConversations(
    viewer.url,
    // two of them begin at the same time
    Array.from(
      { length: 11 },
      (_, index) => ({ seed: index, startMs: NOON + Math.floor(index / 2) * 1000, turns: 0 }),
    ),
  );
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page: TracePage = await ask(
      viewer,
      `traces?limit=4${cursor === undefined ? "" : `&cursor=${cursor}`}`,
    );
    assert.equal(page.total, 11);
    seen.push(...page.rows.map(({ traceId }) => traceId));
    cursor = page.next;
  } while (cursor !== undefined);
  assert.equal(seen.length, 11);
  assert.equal(new Set(seen).size, 11);
});

Deno.test("search finds an attempt by its id: whole, its beginning, a piece, in a sentence, in any case", async () => {
  await using viewer = await startViewer({ port: 0 });
  const [conversation] = await sendConversations(viewer.url, CONVERSATIONS);
  const id = conversation!.refusedIds[0]!;
  const search = async (query: string): Promise<SearchHit[]> =>
    (await ask<{ hits: SearchHit[] }>(viewer, `search?q=${encodeURIComponent(query)}`)).hits;
  const [hit] = await search(id);
  const { spanId, startMs, ...rest } = hit!;
  assert.ok(spanId !== undefined && startMs > NOON);
  assert.deepEqual(rest, {
    traceId: conversation!.traceId,
    matched: id,
    what: "request id",
    exact: true,
    title: "llm_request_run · openai gpt-5-mini",
    failed: true,
  });
  const variants = [
    `  ${id}\n`,
    `"${id}"`,
    id.toUpperCase(),
    id.slice(0, 14),
    id.slice(9, 24),
    `Hi, could you send us more about request ${id}, please?`,
    `request_id: ${id}.`,
  ];
  for (const text of variants) assert.equal((await search(text))[0]?.spanId, spanId, text);
  assert.deepEqual((await search(conversation!.conversationId)).map(({ what, traceId }) => [what, traceId]), [
    ["conversation id", conversation!.traceId],
  ]);
  assert.equal((await search(conversation!.traceId))[0]!.what, "trace id");
  assert.equal((await search(spanId))[0]!.spanId, spanId);
  assert.equal((await search("voice.sess")).length, 3);
  for (
    const nothing of [
      "",
      "   ",
      "%",
      "_%_%_%",
      "req_nothing_like_it",
      "'; DROP TABLE spans; --",
      "x".repeat(5000),
    ]
  ) {
    assert.deepEqual(await search(nothing), [], nothing.slice(0, 40));
  }
});

Deno.test("charts hold each latency by model, usage, rates and reuse, as they were sent", async () => {
  await using viewer = await startViewer({ port: 0 });
  const sent = await sendConversations(viewer.url, CONVERSATIONS);
  const charts = await ask<Charts>(viewer, "charts");
  const e2e = sent.flatMap((conversation) => conversation.e2e);
  assert.equal(charts.e2e.total, e2e.length);
  assert.deepEqual(charts.e2e.points.map(({ seconds }) => seconds).sort(), e2e.toSorted());
  assert.deepEqual(charts.e2e.models.map(({ model, count }) => [model, count]), [["gpt-5-mini", 8], [
    "claude-haiku-4-5",
    1,
  ]]);
  const gpt = charts.e2e.points.filter(({ model }) => model === "gpt-5-mini").map(({ seconds }) => seconds)
    .sort((a, b) => a - b);
  const [{ p50, p95 }] = charts.e2e.models as [Charts["e2e"]["models"][number]];
  assert.deepEqual([p50, p95], [gpt[3], gpt[7]]);
  assert.deepEqual(charts.ttfb.models.map(({ model, count }) => [model, count]), [["sonic-3.5", 13]]);
  assert.deepEqual(
    charts.usage.map((
      { provider, operation, attempts, errors, retries, connections, reusedConnections },
    ) => [provider, operation, attempts, errors, retries, connections, reusedConnections]),
    [
      ["cartesia", "tts", 13, 0, 0, 13, 9],
      ["openai", "llm", 10, 1, 1, 0, 0],
      ["deepgram", "stt", 4, 0, 0, 4, 0],
      ["anthropic", "llm", 1, 0, 0, 0, 0],
    ],
  );
  const [speech, , ears] = charts.usage;
  assert.ok(speech!.characters! > 0 && speech!.audioSeconds! > 0 && ears!.audioSeconds! > 0);
  assert.equal(speech!.inputTokens, undefined);
  assert.equal(charts.rates.reduce((sum, { attempts }) => sum + attempts, 0), 28);
  const later = await ask<Charts>(viewer, `charts?since=${NOON + 110_000}&provider=openai`);
  assert.deepEqual(later.usage.map(({ attempts }) => attempts), [3]);
  await using empty = await startViewer({ port: 0 });
  const none = await ask<Charts>(empty, "charts");
  assert.deepEqual([none.e2e.points, none.usage, none.rates], [[], [], []]);
});

Deno.test("metrics are kept: deltas add up, totals since a start are told apart", async () => {
  await using viewer = await startViewer({ port: 0 });
  for (const temporality of ["delta", "cumulative"] as const) {
    await using telemetry = telemetryTo(viewer.url, { serviceName: temporality, temporality });
    const meter = telemetry.meterProvider.getMeter("test");
    const wait = meter.createHistogram("wait", {
      unit: "s",
      advice: { explicitBucketBoundaries: [0.1, 1, 10] },
    });
    const calls = meter.createCounter("calls");
    for (const value of [0.5, 0.7, 5]) {
      wait.record(value, { model: "m" });
      calls.add(2);
      await telemetry.flush();
    }
  }
  const { metrics } = await ask<{ metrics: MetricRow[] }>(viewer, "metrics");
  assert.deepEqual(
    metrics.map(({ name, type }) => [name, type]),
    [["wait", "histogram"], ["calls", "sum"]].toSorted(),
  );
  const [calls, wait] = metrics as [MetricRow, MetricRow];
  assert.deepEqual(
    calls.series.map((
      { service, total, points },
    ) => [service, total, points.map(({ value }) => value).filter((value) => value > 0)]),
    [
      ["delta", 6, [2, 2, 2]],
      ["cumulative", 6, [2, 2, 2]],
    ],
  );
  for (const { count, mean, p50, p95, attributes } of wait.series) {
    assert.deepEqual([count, attributes], [3, { model: "m" }]);
    assert.ok(Math.abs(mean! - 6.2 / 3) < 1e-9);
    assert.ok(p50! > 0.5 && p50! < 1 && p95! > 1 && p95! <= 5, `${p50} ${p95}`);
  }
});

Deno.test("quantiles are values that were measured; those of buckets lie within the right one", () => {
  assert.equal(quantile([1], 0.95), 1);
  assert.equal(quantile([1, 2, 3, 4], 0.5), 2);
  assert.equal(quantile([1, 2, 3, 4], 0.95), 4);
  assert.equal(bucketQuantile([], [], 0.5), undefined);
  assert.equal(bucketQuantile([1, 2], [0, 4, 0], 0.5), 1.5);
  assert.equal(bucketQuantile([1, 2], [0, 0, 4], 0.5), 2);
});

Deno.test("what is asked for and not there is a 404 with words", async () => {
  await using viewer = await startViewer({ port: 0 });
  await using telemetry = telemetryTo(viewer.url);
  await telemetry.flush();
  for (const path of ["traces/1", "traces/%27/spans/2", "nowhere"]) {
    const response = await fetch(`${viewer.url}/api/${path}`);
    assert.equal(response.status, 404);
    assert.equal(typeof (await response.json()).error, "string");
  }
});
