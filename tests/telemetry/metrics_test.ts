/** What is measured of a conversation, as a collector gets it. */

import assert from "node:assert/strict";
import type { TelemetryOptions } from "../../mod.ts";
import type { ReceivedMetric } from "../../src/testing/mod.ts";
import { startReceiver } from "../support/strict_receiver.ts";
import { frameData, socketFixtures } from "../support/fixtures.ts";
import {
  ask,
  CHAT,
  chat,
  LISTEN,
  named,
  open,
  openStage,
  results,
  say,
  SPEAK,
  speak,
  spoken,
} from "../support/stage.ts";

/** One conversation: a turn with a retry, a connect that fails, and its measurements before and after its end. */
async function converse(options: TelemetryOptions = {}) {
  await using receiver = await startReceiver();
  const stage = openStage({
    name: "voice.session",
    attributes: { "tenant.id": "acme", "voice.room_name": "r" },
  }, {
    endpoint: receiver.url,
    metricIntervalMs: false,
    ...options,
  });
  const { session } = stage;
  stage.answers.push(
    () => Promise.resolve(new Response("{}", { status: 503 })),
    chat(stage, 300, 50),
  );
  const stt = open(session, LISTEN);
  const tts = open(session, SPEAK);
  const refused = new session.WebSocket(SPEAK) as unknown as { shut(code: number): void };
  refused.shut(1006);
  speak(stage, stt, 600);
  results(stt, true, [0.1, 0.5], true);
  const turn = session.agentTurn();
  await turn.userTurnCompleted(() => stage.pass(10));
  const labels = { name: "llm.voice_response", useCase: "voice.reply", callSite: "reply.ts" };
  await turn.llm(labels, async ({ fetch }) => {
    await (await fetch(CHAT, ask)).text();
    return await (await fetch(CHAT, ask)).text();
  });
  say(tts, "ctx-1");
  stage.pass(100);
  spoken(tts, "ctx-1", true);
  say(tts, "ctx-2");
  spoken(tts, "ctx-2", true);
  turn.agentStartedSpeaking();
  turn.agentStoppedSpeaking();
  turn.end();
  session.count("voice.greetings.delivered", 2, { tone: "plain" });
  session.countInterruptionRequests(3, { provider: "livekit", model: "adaptive" });
  stt.shut(1000);
  await stage.telemetry.flush();
  const before = [...receiver.metrics];
  const summary = await stage.end();
  return { before, all: [...receiver.metrics], spans: stage.spans, session, summary };
}

const names = (metrics: readonly ReceivedMetric[]): string[] =>
  [...new Set(metrics.map(({ name }) => name))].sort();
const metricOf = (metrics: readonly ReceivedMetric[], name: string): ReceivedMetric => {
  const found = metrics.find((metric) => metric.name === name);
  assert.ok(found, `There is no ${name}`);
  return found;
};

const TURN = [
  "lk.agents.turn.e2e_latency",
  "lk.agents.turn.end_of_turn_delay",
  "lk.agents.turn.llm_ttft",
  "lk.agents.turn.on_user_turn_completed_delay",
  "lk.agents.turn.transcription_delay",
  "lk.agents.turn.tts_ttfb",
];
const USAGE = [
  "lk.agents.usage.interruption_num_requests",
  "lk.agents.usage.llm_input_tokens",
  "lk.agents.usage.llm_output_tokens",
  "lk.agents.usage.stt_audio_duration",
  "lk.agents.usage.tts_audio_duration",
  "lk.agents.usage.tts_characters",
];
const GENAI = [
  "gen_ai.client.operation.duration",
  "gen_ai.client.operation.time_to_first_chunk",
  "gen_ai.client.token.usage",
];
const TOKENS = ["llm.tokens.input", "llm.tokens.output"];
const SESSION = ["voice.greetings.delivered", "voice.session.duration_ms", "voice.sessions.started"];
const ALL = [...GENAI, "lk.agents.connection.acquire_time", ...TURN, ...USAGE, ...TOKENS, ...SESSION].sort();

Deno.test("a conversation is measured by these instruments and no other, each in its unit", async () => {
  const { before, all } = await converse();
  assert.deepEqual(names(all), ALL);
  const units = Object.fromEntries(all.map(({ name, unit }) => [name, unit]));
  for (const name of [...TURN, "lk.agents.connection.acquire_time"]) assert.equal(units[name], "s", name);
  assert.equal(units["lk.agents.usage.llm_input_tokens"], "{token}");
  assert.equal(units["lk.agents.usage.tts_characters"], "{character}");
  assert.equal(units["voice.session.duration_ms"], "ms");
  for (const metric of all) {
    assert.equal(metric.temporality, "DELTA", metric.name);
    assert.doesNotMatch(metric.name, /cost|price/);
  }
  // a turn is measured when it ends, not when its session does
  assert.deepEqual(TURN.filter((name) => !names(before).includes(name)), []);
});

Deno.test("figures of a turn stand under the model that made them, in buckets that fit seconds", async () => {
  const { all } = await converse();
  const keys = (name: string) => {
    const { attributes } = metricOf(all, name).points[0]!;
    return [
      attributes["model_name"],
      attributes["model_provider"],
      attributes["gen_ai.request.model"],
      attributes["gen_ai.provider.name"],
      attributes["tenant.id"],
    ];
  };
  const llm = ["gpt-x", "openai", "gpt-x", "openai", "acme"];
  const tts = ["sonic-3", "cartesia", "sonic-3", "cartesia", "acme"];
  const stt = ["nova-3", "deepgram", "nova-3", "deepgram", "acme"];
  assert.deepEqual(keys("lk.agents.turn.e2e_latency"), llm);
  assert.deepEqual(keys("lk.agents.turn.llm_ttft"), llm);
  assert.deepEqual(keys("lk.agents.turn.tts_ttfb"), tts);
  for (const name of ["transcription_delay", "end_of_turn_delay", "on_user_turn_completed_delay"]) {
    assert.deepEqual(keys(`lk.agents.turn.${name}`), stt);
  }
  const [point] = metricOf(all, "lk.agents.turn.llm_ttft").points;
  assert.equal(point!.sum, 0.3);
  const bounds = point!.explicitBounds!;
  assert.ok(bounds.length > 15 && bounds[0]! <= 0.05 && bounds.at(-1)! >= 10);
  assert.ok(bounds.filter((bound) => bound < 1).length >= 8);
});

Deno.test("usage is counted once, by what it was for, and failures have their error", async () => {
  const { all, summary } = await converse();
  const [input] = metricOf(all, "llm.tokens.input").points;
  assert.equal(input!.value, 12);
  assert.deepEqual(input!.attributes, {
    "tenant.id": "acme",
    "llm.use_case": "voice.reply",
    "llm.call_site": "reply.ts",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-x",
    outcome: "success",
  });
  assert.equal(metricOf(all, "lk.agents.usage.llm_output_tokens").points[0]!.value, 4);
  assert.equal(metricOf(all, "lk.agents.usage.tts_characters").points[0]!.value, 32);
  assert.equal(metricOf(all, "lk.agents.usage.stt_audio_duration").points[0]!.value, 0.6);
  assert.equal(metricOf(all, "lk.agents.usage.interruption_num_requests").points[0]!.value, 3);
  assert.equal(summary.usage.llm.outputTokens, 4);
  const errors = metricOf(all, "gen_ai.client.operation.duration").points.map(({ attributes }) =>
    attributes["error.type"]
  );
  assert.deepEqual(errors.filter((error) => error !== undefined).sort(), ["503", "connect_failed"]);
  const acquires = metricOf(all, "lk.agents.connection.acquire_time").points.map(({ attributes, count }) =>
    [
      attributes["model_provider"],
      attributes["connection_reused"],
      attributes["error.type"],
      Number(count),
    ].join(" ")
  ).sort();
  assert.deepEqual(acquires, [
    "cartesia false  1",
    "cartesia false connect_failed 1",
    "cartesia true  1",
    "deepgram false  1",
  ]);
  const [greetings] = metricOf(all, "voice.greetings.delivered").points;
  assert.deepEqual([greetings!.value, greetings!.attributes], [2, { "tenant.id": "acme", tone: "plain" }]);
  const [started] = metricOf(all, "voice.sessions.started").points;
  assert.deepEqual(started!.attributes, { "tenant.id": "acme", "voice.room_name.present": true });
});

Deno.test("each set can be switched off by itself", async () => {
  const sets = {
    genai: GENAI,
    connection: ["lk.agents.connection.acquire_time"],
    turn: TURN,
    usage: USAGE,
    tokens: TOKENS,
    session: SESSION,
  };
  for (const [set, members] of Object.entries(sets)) {
    const { all } = await converse({ metrics: { [set]: false } });
    assert.deepEqual(names(all), ALL.filter((name) => !members.includes(name)), set);
  }
});

Deno.test("a transcription beside a conversation is counted under its own model, and is no operation", async () => {
  await using receiver = await startReceiver();
  const stage = openStage({ attributes: { "tenant.id": "acme" } }, {
    endpoint: receiver.url,
    metricIntervalMs: false,
  });
  const { socket: { url }, frames } = socketFixtures.find((one) =>
    one.provider === "openai" && one.case === "ws_realtime"
  )!;
  const socket = open(stage.session, url);
  for (const frame of frames) {
    if ("sent" in frame) socket.send(frameData(frame));
    else if (!("closed" in frame)) socket.receive(frameData(frame));
  }
  socket.shut(1000);
  await stage.end();
  const all = [...receiver.metrics];
  const tokens = metricOf(all, "gen_ai.client.token.usage").points.map(({ attributes, sum }) =>
    [
      attributes["gen_ai.operation.name"],
      attributes["gen_ai.request.model"],
      attributes["gen_ai.token.type"],
      sum,
    ].join(" ")
  );
  assert.deepEqual(tokens.toSorted(), [
    "generate_content gpt-realtime input 1080",
    "generate_content gpt-realtime output 105",
    "speech_to_text gpt-4o-mini-transcribe input 37",
    "speech_to_text gpt-4o-mini-transcribe output 11",
  ]);
  assert.equal(metricOf(all, "lk.agents.usage.llm_input_tokens").points[0]!.value, 1080);
  const durations = metricOf(all, "gen_ai.client.operation.duration").points;
  assert.deepEqual(durations.map(({ attributes }) => attributes["gen_ai.operation.name"]), [
    "generate_content",
  ]);
});

Deno.test("sampling loses no measurement, no record and no summary", async () => {
  const { all, spans, session, summary } = await converse({ sampleRatio: 0 });
  assert.deepEqual(names(all), ALL);
  assert.equal(spans.length, 0);
  assert.equal(session.attempts().length, summary.attempts.total);
  assert.equal(summary.latency.turns.length, 1);
});

Deno.test("the environment chooses cumulative sums, and an option the conventions' names of spans", async () => {
  const { all, spans } = await converse({
    env: { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: "cumulative" },
    spanNames: "genai",
  });
  for (const { name, temporality } of all) assert.equal(temporality, "CUMULATIVE", name);
  assert.equal(named(spans, "chat gpt-x").length, 2);
  assert.equal(named(spans, "text_to_speech sonic-3").length, 2);
  assert.equal(named(spans, "speech_to_text nova-3").length, 1);
});

Deno.test("a set that does not exist is refused at once", () => {
  assert.throws(() => openStage({}, { metrics: { costs: true } as never }), /must be named genai, usage/);
  assert.throws(() => openStage({}, { spanNames: "odd" as never }), RangeError);
});
