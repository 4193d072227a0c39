/** Usage: plain sums of what was reported, and lines that people read. */

import assert from "node:assert/strict";
import {
  createUsageCollector,
  logMetrics,
  logSummary,
  type MetricsEvent,
  type SessionSummary,
} from "../../mod.ts";
import { Tally } from "../../src/telemetry/session/summary.ts";
import { LatencyLog } from "../../src/telemetry/turn/turn_latency.ts";

const llm = (modelName: string | undefined, more: object = {}): MetricsEvent => ({
  type: "llm_metrics",
  timestamp: 1,
  metadata: { modelName, modelProvider: "openai" },
  duration: 1,
  cancelled: false,
  ...more,
});

Deno.test("createUsageCollector() adds up by operation, provider and model, and invents no figure", () => {
  const collector = createUsageCollector();
  collector.collect(llm("a", { promptTokens: 10, promptCachedTokens: 4, completionTokens: 2 }));
  collector.collect(llm("a", { promptTokens: 1 }));
  collector.collect(llm("b"));
  const base = { timestamp: 1, duration: 1, cancelled: false, streamed: true };
  const metadata = { modelName: "v", modelProvider: "x" };
  collector.collect({ ...base, type: "tts_metrics", metadata, charactersCount: 7, audioDuration: 0.5 });
  collector.collect({ ...base, type: "stt_metrics", metadata, audioDuration: 2, billedDuration: 3 });
  collector.collect({ ...base, type: "stt_metrics", metadata, billedDuration: 3 });
  collector.collect({ ...base, type: "realtime_model_metrics", metadata, inputTokens: 5, outputTokens: 6 });
  collector.collect({ ...base, type: "realtime_model_metrics", metadata, sessionDuration: 9 });
  collector.collect({ type: "eou_metrics", timestamp: 1, metadata });
  const { models, ...totals } = collector.summary();
  assert.deepEqual(totals, {
    llm: {
      requests: 4,
      inputTokens: 16,
      inputCachedTokens: 4,
      outputTokens: 8,
      sessionDuration: 9,
    },
    tts: { requests: 1, charactersCount: 7, audioDuration: 0.5 },
    stt: { requests: 2, audioDuration: 5 },
  });
  assert.deepEqual(
    models.map(({ operation, provider, model, requests }) => [operation, provider, model, requests]),
    [
      ["llm", "openai", "a", 2],
      ["llm", "openai", "b", 1],
      ["tts", "x", "v", 1],
      ["stt", "x", "v", 2],
      ["realtime", "x", "v", 1],
    ],
  );
  assert.deepEqual(models[1], { operation: "llm", provider: "openai", model: "b", requests: 1 });
});

Deno.test("createUsageCollector() goes on with rows, and gives copies", () => {
  const before = createUsageCollector();
  before.collect(llm("a", { promptTokens: 10 }));
  const { models } = before.summary();
  const collector = createUsageCollector(models);
  collector.collect(llm("a", { promptTokens: 5 }));
  assert.equal(collector.summary().llm.inputTokens, 15);
  assert.equal(models[0]!.inputTokens, 10);
});

Deno.test("createUsageCollector() keeps no more rows than its bound, and loses no figure", () => {
  const collector = createUsageCollector();
  for (let model = 0; model < 1000; model++) collector.collect(llm(`m-${model}`, { completionTokens: 1 }));
  const { models, llm: total } = collector.summary();
  assert.ok(models.length <= 129);
  assert.equal(total.outputTokens, 1000);
  assert.equal(models.at(-1)!.model, undefined);
});

Deno.test("Tally counts classes beyond its bound as one, but goes on with those that it knows", () => {
  const tally = new Tally();
  const failed = (errorType: string, id?: string, retryIndex?: number) =>
    tally.attempt({
      provider: "openai",
      outcome: "error",
      errorType,
      retryIndex,
      requestIds: id === undefined ? [] : [{ id, kind: "request" }, { id: "second", kind: "trace" }],
    });
  for (let kind = 0; kind < 100; kind++) failed(`E${kind}`);
  for (let id = 0; id < 5; id++) failed("E0", `req_${id}`, id);
  failed("E0");
  tally.attempt({ provider: "openai", outcome: "success", requestIds: [{ id: "fine", kind: "request" }] });
  const { errors, attempts } = tally.counts;
  assert.deepEqual(errors[0], {
    provider: "openai",
    errorType: "E0",
    count: 7,
    requestIds: ["req_2", "req_3", "req_4"],
  });
  assert.deepEqual(errors.at(-1), { provider: "openai", errorType: "other", count: 36, requestIds: [] });
  assert.deepEqual(attempts, { total: 107, success: 1, error: 106, cancelled: 0, abandoned: 0, retried: 4 });
  const { counts } = new Tally(tally.counts);
  assert.deepEqual(counts, tally.counts);
});

Deno.test("LatencyLog keeps the newest turns, and sums only what is whole", () => {
  const log = new LatencyLog();
  for (let turn = 0; turn < 300; turn++) {
    log.add({ speechId: String(turn), kind: "reply", interrupted: false, llmTtft: turn });
  }
  log.add({
    speechId: "x",
    kind: "reply",
    interrupted: false,
    endOfTurnDelay: 0.25,
    llmTtft: 0.5,
    ttsTtfb: 0.125,
  });
  const { turns, conversation, llmTtft, endToEnd } = log.summary();
  assert.equal(turns.length, 256);
  assert.equal(turns[0]!.speechId, "45");
  assert.deepEqual(conversation, { count: 1, p50: 0.875, p95: 0.875, max: 0.875 });
  assert.equal(llmTtft?.count, 256);
  assert.equal(endToEnd, undefined);
});

Deno.test("logMetrics() writes one line of what is known and not 0", () => {
  const lines: string[] = [];
  logMetrics(
    llm("gpt-x", { ttft: 0.4321, promptTokens: 12, completionTokens: 0, requestId: "req_1" }),
    (line) => lines.push(line),
  );
  logMetrics({
    type: "realtime_model_metrics",
    timestamp: 1,
    metadata: { modelProvider: "openai" },
    cancelled: true,
    inputTokenDetails: { audioTokens: 3, cachedTokensDetails: { textTokens: 2 } },
  }, (line) => lines.push(line));
  assert.deepEqual(lines, [
    "llm openai gpt-x duration 1 s ttft 0.432 s prompt tokens 12 request id req_1",
    "realtime model openai cancelled input token details: audio tokens 3 " +
    "input token details: cached tokens details: text tokens 2",
  ]);
});

Deno.test("logSummary() writes what a developer asks for at hang-up, in one text", () => {
  const usage = createUsageCollector();
  usage.collect(llm("gpt-x", { promptTokens: 10, promptCachedTokens: 4, completionTokens: 1 }));
  usage.collect({
    type: "tts_metrics",
    timestamp: 1,
    metadata: { modelProvider: "cartesia" },
    duration: 1,
    cancelled: false,
    streamed: true,
    charactersCount: 195,
    audioDuration: 4.1,
  });
  const turns = [0.5, 0.75].map((endToEnd) =>
    ({ speechId: "x", kind: "reply", interrupted: false, endToEnd, llmTtft: 0.25 }) as const
  );
  const texts: string[] = [];
  const summary: SessionSummary = {
    id: "s-1",
    durationSeconds: 61.25,
    turns: { user: 3, agent: 1, interrupted: 1 },
    usage: usage.summary(),
    latency: new LatencyLog(turns).summary(),
    attempts: { total: 4, success: 1, error: 2, cancelled: 1, abandoned: 0, retried: 1 },
    errors: [
      { provider: "openai", errorType: "429", count: 1, requestIds: ["req_1", "req_2"] },
      { provider: "cartesia", errorType: "ECONNRESET", count: 1, requestIds: [] },
    ],
  };
  logSummary(summary, (text) => texts.push(text));
  const empty = new LatencyLog([{ ...turns[0]!, endToEnd: undefined, endOfTurnDelay: 0.5, ttsTtfb: 0.25 }]);
  logSummary(
    { ...summary, latency: empty.summary(), usage: createUsageCollector().summary(), errors: [] },
    (text) => texts.push(text),
  );
  assert.deepEqual(texts.map((text) => text.split("\n")), [[
    "session s-1, 61.3 s",
    "3 user turns, 1 agent turn, 1 interrupted",
    "  end to end  p50 0.500 s  p95 0.750 s  max 0.750 s  of 2",
    "  llm ttft    p50 0.250 s  p95 0.250 s  max 0.250 s  of 2",
    "  llm  openai    gpt-x  1 request, 10 tokens in (4 cached), 1 out",
    "  tts  cartesia         1 request, 195 characters, 4.1 s of audio",
    "4 attempts, 1 succeeded, 2 failed, 1 cancelled, 1 retry",
    "  openai    429         1×  req_1, req_2",
    "  cartesia  ECONNRESET  1×",
  ], [
    "session s-1, 61.3 s",
    "3 user turns, 1 agent turn, 1 interrupted",
    "  conversation  p50 1.000 s  p95 1.000 s  max 1.000 s  of 1",
    "  end of turn   p50 0.500 s  p95 0.500 s  max 0.500 s  of 1",
    "  llm ttft      p50 0.250 s  p95 0.250 s  max 0.250 s  of 1",
    "  tts ttfb      p50 0.250 s  p95 0.250 s  max 0.250 s  of 1",
    "4 attempts, 1 succeeded, 2 failed, 1 cancelled, 1 retry",
  ]]);
});
