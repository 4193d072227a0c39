/** What the viewer takes, and what it refuses. */

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { Summary, TracePage } from "../../src/viewer/api.ts";
import { startViewer } from "../../src/viewer/mod.ts";
import { ask, NOON, sendConversations } from "./send.ts";

const TRACE = "5b8efff798038103d269b633813fc60c";

function oneSpan(fields: object = {}): string {
  const span = {
    traceId: TRACE,
    spanId: "eee19b7ec3c1b174",
    name: "llm_request_run",
    kind: 3,
    startTimeUnixNano: String(BigInt(NOON) * 1_000_000n),
    endTimeUnixNano: String(BigInt(NOON + 250) * 1_000_000n),
    attributes: [
      { key: "gen_ai.provider.name", value: { stringValue: "openai" } },
      { key: "lk.provider_request_ids", value: { arrayValue: { values: [{ stringValue: "req_1" }] } } },
    ],
    ...fields,
  };
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
}

async function post(url: string, body: BodyInit, headers: Record<string, string> = {}, path = "/v1/traces") {
  const response = await fetch(url + path, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

Deno.test("the viewer takes protobuf as the SDK sends it, with all of a conversation", async () => {
  await using viewer = await startViewer({ port: 0 });
  const [conversation] = await sendConversations(viewer.url, [{
    seed: 1,
    startMs: NOON,
    turns: 3,
    refused: [1],
    bargedIn: [0],
  }]);
  const { rows, total } = await ask<TracePage>(viewer, "traces");
  assert.equal(total, 1);
  const { startMs, durationSeconds, e2eMax, providers, turns, ...row } = rows[0]!;
  assert.deepEqual(row, {
    traceId: conversation!.traceId,
    name: "voice.session",
    isSession: true,
    complete: true,
    conversationId: conversation!.conversationId,
    service: "edge-agent",
    e2eP50: conversation!.e2e.toSorted((a, b) => a - b)[1],
    spans: 27,
    userTurns: 3,
    agentTurns: 4,
    attempts: 9,
    errors: 1,
    retries: 1,
    interruptions: 1,
  });
  assert.equal(startMs, NOON);
  assert.ok(durationSeconds > 10);
  assert.equal(e2eMax, Math.max(...conversation!.e2e));
  assert.deepEqual(providers.map(({ name, errors }) => [name, errors]), [["cartesia", 0], ["openai", 1], [
    "deepgram",
    0,
  ]]);
  assert.deepEqual(turns.map(({ failed, interrupted }) => [failed, interrupted]), [
    [false, false],
    [false, true],
    [true, false],
    [false, false],
  ]);
});

Deno.test("the viewer takes JSON, plain, gzipped and deflated, and a span that comes twice is one", async () => {
  await using viewer = await startViewer({ port: 0 });
  assert.deepEqual(await post(viewer.url, oneSpan()).then(({ status, text }) => [status, text]), [200, "{}"]);
  assert.equal((await post(viewer.url, gzipSync(oneSpan()), { "content-encoding": "gzip" })).status, 200);
  const deflated = new Response(
    new Blob([oneSpan({ name: "again" })]).stream().pipeThrough(new CompressionStream("deflate")),
  );
  assert.equal(
    (await post(viewer.url, await deflated.arrayBuffer(), { "content-encoding": "deflate" })).status,
    200,
  );
  const { rows } = await ask<TracePage>(viewer, "traces");
  assert.deepEqual(
    rows.map(({ name, spans, startMs, durationSeconds }) => [name, spans, startMs, durationSeconds]),
    [["again", 1, NOON, 0.25]],
  );
});

Deno.test("the viewer refuses garbage, and goes on", async () => {
  await using viewer = await startViewer({ port: 0 });
  const refused = [
    await post(viewer.url, "{", {}),
    await post(viewer.url, new Uint8Array([0xff, 1, 2, 3]), { "content-type": "application/x-protobuf" }),
    await post(viewer.url, "not gzip", { "content-encoding": "gzip" }),
    await post(viewer.url, oneSpan(), { "content-type": "text/plain" }),
    await post(viewer.url, oneSpan(), { "content-encoding": "br" }),
    await post(viewer.url, "[".repeat(20_000) + "]".repeat(20_000)),
    await post(viewer.url, oneSpan({ attributes: nested(20_000) })),
  ];
  assert.deepEqual(refused.map(({ status }) => status), [400, 400, 400, 415, 415, 400, 400]);
  assert.match(refused[3]!.text, /want application\/x-protobuf or application\/json/);
  assert.equal((await ask<Summary>(viewer, "summary")).rejected, 7);
  assert.equal((await post(viewer.url, oneSpan())).status, 200);
  assert.equal((await ask<Summary>(viewer, "summary")).spans, 1);
  const get = await fetch(`${viewer.url}/v1/traces`);
  assert.deepEqual([get.status, get.headers.get("allow")], [405, "POST, OPTIONS"]);
  await get.body?.cancel();
});

Deno.test("the viewer refuses what is too large, packed or not, without unpacking all of it", async () => {
  await using viewer = await startViewer({ port: 0, maxBodyBytes: 100_000 });
  const large = oneSpan({ name: "x".repeat(200_000) });
  assert.equal((await post(viewer.url, large)).status, 413);
  assert.equal((await post(viewer.url, gzipSync(large), { "content-encoding": "gzip" })).status, 413);
  assert.equal(
    (await post(viewer.url, gzipSync(new Uint8Array(64_000_000)), { "content-encoding": "gzip" })).status,
    413,
  );
  assert.equal((await post(viewer.url, oneSpan())).status, 200);
});

Deno.test("the viewer says which spans it could not keep, and that it keeps no logs", async () => {
  await using viewer = await startViewer({ port: 0 });
  const nameless = await post(viewer.url, oneSpan({ traceId: "" }));
  assert.deepEqual(JSON.parse(nameless.text), {
    partialSuccess: { rejectedSpans: "1", errorMessage: "A span needs a trace id and a span id" },
  });
  const logs = JSON.stringify({
    resourceLogs: [{ scopeLogs: [{ logRecords: [{ severityText: "INFO" }] }] }],
  });
  const answer = await post(viewer.url, logs, {}, "/v1/logs");
  assert.equal(answer.status, 200);
  assert.equal(JSON.parse(answer.text).partialSuccess.rejectedLogRecords, "1");
});

Deno.test("odd but valid values are kept: large integers, bytes, nothing, times that run backwards", async () => {
  await using viewer = await startViewer({ port: 0 });
  const attributes = [
    { key: "big", value: { intValue: "9007199254740993" } },
    { key: "bytes", value: { bytesValue: "AQI=" } },
    { key: "nan", value: { doubleValue: "NaN" } },
    { key: "empty", value: {} },
    { key: "__proto__", value: { stringValue: "x" } },
    { key: "lk.e2e_latency", value: { stringValue: "not a number" } },
    { key: "nested", value: { kvlistValue: { values: [{ key: "a", value: { boolValue: true } }] } } },
  ];
  const backwards = {
    startTimeUnixNano: "2000000000",
    endTimeUnixNano: "1000000000",
    name: "agent_turn",
    attributes,
  };
  assert.equal((await post(viewer.url, oneSpan(backwards))).status, 200);
  const span = await ask<{ attributes: Record<string, unknown>; facts: object; durationSeconds: number }>(
    viewer,
    `traces/${TRACE}/spans/eee19b7ec3c1b174`,
  );
  assert.equal(span.durationSeconds, -1);
  assert.deepEqual(span.facts, {});
  assert.deepEqual(Object.entries(span.attributes).map(([name, value]) => [name, JSON.stringify(value)]), [
    ["big", '"9007199254740993"'],
    ["bytes", '"base64:AQI="'],
    ["nan", '"NaN"'],
    ["empty", "null"],
    ["__proto__", '"x"'],
    ["lk.e2e_latency", '"not a number"'],
    ["nested", '{"a":true}'],
  ]);
});

function nested(depth: number): unknown[] {
  let value: object = { stringValue: "x" };
  for (let level = 0; level < depth; level++) value = { arrayValue: { values: [value] } };
  return [{ key: "deep", value }];
}
