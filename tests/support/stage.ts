/** A stage for whole conversations: a clock of the test's own, providers that answer when they are told. */

import assert from "node:assert/strict";
import {
  type Session,
  type SessionOptions,
  startTelemetry,
  type TelemetryOptions,
  type WebSocketClass,
} from "../../mod.ts";
import { FakeWebSocket } from "./fake_websocket.ts";
import { failLater, keepSpans, type KeptSpan } from "./memory_exporter.ts";

export { idOf, parentOf } from "./memory_exporter.ts";

export const LISTEN = "wss://api.deepgram.com/v1/listen?model=nova-3&encoding=linear16&sample_rate=16000";
export const SPEAK = "wss://api.cartesia.ai/tts/websocket?cartesia_version=2025-04-16";
export const CHAT = "https://api.openai.com/v1/chat/completions";

/** 20 ms of audio. */
export const AUDIO = new Uint8Array(640);

/** A stage on which all that happens takes as long as the test says. */
export function openStage(
  options: Partial<SessionOptions> = {},
  telemetryOptions: TelemetryOptions = {},
) {
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
    ...telemetryOptions,
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

export type Stage = ReturnType<typeof openStage>;

export function open(session: Pick<Session, "WebSocket">, url: string): FakeWebSocket {
  const socket = new session.WebSocket(url) as unknown as FakeWebSocket;
  socket.open();
  return socket;
}

/** Sends so much audio, as live as it is spoken. */
export function speak(stage: Stage, socket: FakeWebSocket, milliseconds: number): void {
  for (let sent = 0; sent < milliseconds; sent += 20) {
    stage.pass(20);
    socket.send(AUDIO);
  }
}

export function results(
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

/** What an answer begins with: text, or the call of a tool. */
export const TEXT = { content: "A piece of work." };
export const TOOL_CALL = {
  tool_calls: [{ index: 0, id: "call_1", function: { name: "look_up", arguments: "{}" } }],
};

/** An answer in three pieces, read by whoever asked, with time in between. */
export function chat(
  stage: Stage,
  firstMs: number,
  restMs: number,
  first: object = TEXT,
): () => Promise<Response> {
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
          controller.enqueue(chunk(first));
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

/** A refusal that may be tried again. */
export const busy = (): Promise<Response> => Promise.resolve(new Response("{}", { status: 503 }));

/** The user says something, without a socket, in 300 ms; 200 ms later the turn is over. */
export function hear(stage: Stage): void {
  const turn = stage.session.userTurn();
  turn.speechStarted();
  stage.pass(300);
  turn.speechStopped();
  turn.transcript({ final: true });
  stage.pass(200);
  turn.commit();
}

export const ask = { method: "POST", body: '{"model":"gpt-x","stream":true}' };

export function say(socket: FakeWebSocket, context: string): void {
  socket.send(JSON.stringify({
    model_id: "sonic-3",
    context_id: context,
    transcript: "A piece of work.",
    output_format: { encoding: "pcm_s16le", sample_rate: 16_000 },
  }));
}

export function spoken(socket: FakeWebSocket, context: string, done: boolean): void {
  socket.receive(JSON.stringify({ type: "chunk", context_id: context, data: AUDIO.toBase64(), done: false }));
  if (done) socket.receive(JSON.stringify({ type: "done", context_id: context, done: true }));
}

export const named = (spans: readonly KeptSpan[], name: string): KeptSpan[] =>
  spans.filter((span) => span.name === name);
export const one = (spans: readonly KeptSpan[], name: string): KeptSpan => {
  const [found, another] = named(spans, name);
  assert.ok(found, `There is no ${name}`);
  assert.equal(another, undefined, `There are several ${name}`);
  return found;
};
export const seconds = ({ span: { duration: [whole, nanos] } }: KeptSpan): number =>
  Math.round(whole * 1e3 + nanos / 1e6) / 1e3;
