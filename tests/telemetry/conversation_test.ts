/** A whole conversation on a clock of the test's own: who spoke, what was waited for, whose ids. */

import assert from "node:assert/strict";
import { type MetricsEvent, type Session, startTelemetry, type WebSocketClass } from "../../mod.ts";
import { failLater, keepSpans, type KeptSpan } from "../support/memory_exporter.ts";
import { FakeWebSocket } from "../support/fake_websocket.ts";

const LISTEN = "wss://api.deepgram.com/v1/listen?model=nova-3&encoding=linear16&sample_rate=16000";
const SPEAK = "wss://api.cartesia.ai/tts/websocket?cartesia_version=2025-04-16";
const CHAT = "https://api.openai.com/v1/chat/completions";

/** 20 ms of audio. */
const AUDIO = new Uint8Array(640);

/** A stage on which all that happens takes as long as the test says. */
function openStage(options: Partial<Parameters<ReturnType<typeof startTelemetry>["startSession"]>[0]> = {}) {
  let now = 1_790_000_000_000;
  const exporter = keepSpans();
  const answers: (() => Promise<Response>)[] = [];
  const telemetry = startTelemetry({
    serviceName: "test",
    env: {},
    exporter,
    exportIntervalMs: false,
    clock: { now: () => now },
    onError: failLater,
    WebSocket: FakeWebSocket as unknown as WebSocketClass,
    fetch: (() => answers.shift()!()) as typeof fetch,
  });
  const session = telemetry.startSession({ id: "s-1", ...options });
  return {
    telemetry,
    session,
    spans: exporter.spans,
    answers,
    pass: (milliseconds: number) => void (now += milliseconds),
    get now() {
      return now;
    },
    async end() {
      const summary = session.end({ outcome: "success" });
      await telemetry.shutdown();
      return summary;
    },
  };
}

type Stage = ReturnType<typeof openStage>;

function open(session: Pick<Session, "WebSocket">, url: string): FakeWebSocket {
  const socket = new session.WebSocket(url) as unknown as FakeWebSocket;
  socket.open();
  return socket;
}

/** Sends so much audio, as live as it is spoken. */
function speak(stage: Stage, socket: FakeWebSocket, milliseconds: number): void {
  for (let sent = 0; sent < milliseconds; sent += 20) {
    stage.pass(20);
    socket.send(AUDIO);
  }
}

function results(
  socket: FakeWebSocket,
  final: boolean,
  words: [start: number, end: number],
  speechFinal = false,
): void {
  socket.receive(JSON.stringify({
    type: "Results",
    is_final: final,
    speech_final: speechFinal,
    channel: {
      alternatives: [{
        transcript: "What is a span?",
        confidence: 0.9,
        words: [{ word: "what", start: words[0], end: words[0] + 0.1 }, {
          word: "span",
          start: words[1] - 0.1,
          end: words[1],
        }],
      }],
    },
    metadata: { request_id: "dg-1", model_info: { name: "2-general-nova" } },
  }));
}

/** An answer in three pieces, read by whoever asked, with time in between. */
function chat(stage: Stage, firstMs: number, restMs: number): () => Promise<Response> {
  const chunk = (delta: object, usage?: object): Uint8Array =>
    new TextEncoder().encode(
      `data: ${
        JSON.stringify({ id: "chatcmpl-1", model: "gpt-x-1", choices: [{ index: 0, delta }], usage })
      }\n\n`,
    );
  return () => {
    let step = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        step++;
        if (step === 1) {
          stage.pass(firstMs);
          controller.enqueue(chunk({ content: "A piece of work." }));
        } else if (step === 2) {
          stage.pass(restMs);
          controller.enqueue(chunk({}, { prompt_tokens: 12, completion_tokens: 4, total_tokens: 16 }));
        } else controller.close();
      },
    }, { highWaterMark: 0 });
    return Promise.resolve(
      new Response(body, { headers: { "content-type": "text/event-stream", "x-request-id": "req_1" } }),
    );
  };
}

const ask = { method: "POST", body: '{"model":"gpt-x","stream":true}' };

function say(socket: FakeWebSocket, context: string): void {
  socket.send(JSON.stringify({
    model_id: "sonic-3",
    context_id: context,
    transcript: "A piece of work.",
    output_format: { encoding: "pcm_s16le", sample_rate: 16_000 },
  }));
}

function spoken(socket: FakeWebSocket, context: string, done: boolean): void {
  socket.receive(JSON.stringify({ type: "chunk", context_id: context, data: AUDIO.toBase64(), done: false }));
  if (done) socket.receive(JSON.stringify({ type: "done", context_id: context, done: true }));
}

const named = (spans: readonly KeptSpan[], name: string): KeptSpan[] =>
  spans.filter((span) => span.name === name);
const one = (spans: readonly KeptSpan[], name: string): KeptSpan => {
  const [found, another] = named(spans, name);
  assert.ok(found, `There is no ${name}`);
  assert.equal(another, undefined, `There are several ${name}`);
  return found;
};
const idOf = ({ span }: KeptSpan): string => span.spanContext().spanId;
const parentOf = ({ span }: KeptSpan): string | undefined => span.parentSpanContext?.spanId;
const seconds = ({ span: { duration: [whole, nanos] } }: KeptSpan): number =>
  Math.round(whole * 1e3 + nanos / 1e6) / 1e3;

Deno.test("a turn of the user and its answer: the tree, the ids, and figures that add up", async () => {
  const stage = openStage({ name: "voice.session", attributes: { "tenant.id": "acme" } });
  const { session } = stage;
  const events: MetricsEvent[] = [];
  session.on("metrics", (event) => events.push(event));
  const stt = open(session, LISTEN);
  const tts = open(session, SPEAK);
  stage.answers.push(
    () =>
      Promise.resolve(
        new Response('{"error":{"code":"busy"}}', { status: 503, headers: { "x-request-id": "req_0" } }),
      ),
    chat(stage, 300, 50),
  );
  const answered = new Promise<void>((resolve) =>
    session.on("turn", async (turn) => {
      stage.pass(15);
      const reply = await turn.llm(
        { name: "llm.voice_response", useCase: "voice.reply" },
        async ({ fetch }) => {
          await (await fetch(CHAT, ask)).text();
          stage.pass(100); // the wait before the second try
          return fetch(CHAT, ask);
        },
      );
      const reader = reply.body!.getReader();
      await reader.read();
      stage.pass(20);
      say(tts, "ctx-1");
      while (!(await reader.read()).done);
      stage.pass(80);
      spoken(tts, "ctx-1", true);
      stage.pass(30);
      turn.agentStartedSpeaking();
      stage.pass(500);
      turn.agentStoppedSpeaking();
      resolve();
    })
  );

  speak(stage, stt, 400);
  stt.receive(JSON.stringify({ type: "SpeechStarted", timestamp: 0.1 }));
  results(stt, false, [0.12, 0.38]);
  speak(stage, stt, 400);
  results(stt, true, [0.12, 0.6]);
  stage.pass(200);
  results(stt, true, [0.12, 0.6], true);
  await answered;
  const summary = await stage.end();

  const { spans } = stage;
  const root = one(spans, "voice.session");
  const user = one(spans, "user_turn");
  const agent = one(spans, "agent_turn");
  const node = one(spans, "llm.voice_response");
  const recognition = one(spans, "stt_request_run");
  const speech = one(spans, "tts_request_run");
  const tries = named(spans, "llm_request_run");
  assert.deepEqual(
    [user, agent, recognition].map(parentOf),
    [idOf(root), idOf(root), idOf(root)],
  );
  assert.equal(parentOf(node), idOf(agent));
  assert.equal(parentOf(speech), idOf(agent));
  assert.deepEqual(tries.map(parentOf), [idOf(node), idOf(node)]);

  assert.deepEqual(user.attributes["lk.provider_request_ids"], ["dg-1"]);
  assert.equal(user.attributes["gen_ai.provider.name"], "deepgram");
  assert.equal(user.attributes["gen_ai.request.model"], "nova-3");
  assert.equal(user.attributes["lk.transcript_confidence"], 0.9);
  assert.equal(user.attributes["teespan.turn.clock"], "words");
  // speech from 0.1 s to 0.6 s of the audio; the audio ended at 0.8 s, 200 ms later it was decided
  assert.equal(user.attributes["lk.transcription_delay"], 0.4);
  assert.equal(user.attributes["lk.end_of_turn_delay"], 0.4);
  assert.equal(seconds(user), 0.9);

  const { attributes } = agent;
  assert.equal(attributes["lk.e2e_latency"], 0.4 + 0.015 + 0.1 + 0.3 + 0.02 + 0.13 + 0.03);
  assert.equal(attributes["teespan.turn.e2e_source"], "playback");
  assert.deepEqual(
    ["transcription", "end_of_turn", "reply", "llm_ttft", "speech_wait", "tts_ttfb", "playback"].map((part) =>
      attributes[`teespan.turn.latency.${part}`]
    ),
    [0.4, 0, 0.015, 0.4, 0.02, 0.13, 0.03],
  );
  assert.equal(attributes["lk.response.ttft"], 0.4);
  assert.equal(attributes["lk.response.ttfb"], 0.13);
  assert.equal(attributes["lk.interrupted"], false);
  assert.equal(attributes["gen_ai.request.model"], "gpt-x");

  assert.equal(node.attributes["llm.use_case"], "voice.reply");
  assert.equal(node.attributes["outcome"], "success");
  assert.equal(node.attributes["lk.response.ttft"], 0.4);
  assert.deepEqual(
    tries.map((
      { attributes: { "lk.retry_count": count, "teespan.retry.delay": delay, "teespan.retry.reason": why } },
    ) => [
      count,
      delay,
      why,
    ]),
    [[undefined, undefined, undefined], [1, 0.1, "503"]],
  );
  assert.equal(recognition.attributes["teespan.audio.sent_duration"], 0.8);
  assert.equal(recognition.attributes["teespan.stt.time_to_first_transcript"], 0.38);
  assert.deepEqual(
    recognition.span.events.map(({ name, attributes }) => [name, attributes?.["lk.transcription_delay"]]),
    [
      ["user_turn", 0.4],
    ],
  );

  assert.equal(summary.usage.llm.outputTokens, 4);
  assert.equal(summary.usage.llm.requests, 2);
  assert.equal(summary.usage.tts.charactersCount, 16);
  assert.equal(summary.usage.stt.audioDuration, 0.8);
  assert.equal(summary.latency.endToEnd?.p95, attributes["lk.e2e_latency"]);
  assert.equal(summary.latency.conversation?.p50, 0.4 + 0.4 + 0.13);
  assert.deepEqual(summary.errors, [{ provider: "openai", errorType: "503", count: 1 }]);
  assert.equal(summary.attempts.total, 4);
  const eou = events.find((event) => event.type === "eou_metrics");
  assert.equal(eou?.endOfUtteranceDelay, 0.4);
  assert.equal(eou?.speechId, attributes["lk.speech_id"]);
  assert.deepEqual(events.map(({ type }) => type).toSorted(), [
    "connection_metrics",
    "connection_metrics",
    "eou_metrics",
    "llm_metrics",
    "llm_metrics",
    "stt_metrics",
    "tts_metrics",
  ]);
});
