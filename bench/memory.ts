/**
 * What an attempt costs in memory while it is open, against the same call without us, and what of that is the
 * platform's and the SDK's. Prints tables for `RESULTS.md`.
 *
 * @module
 */

import { ROOT_CONTEXT, SpanKind } from "@opentelemetry/api";
import { startTelemetry, type Telemetry } from "../mod.ts";
import type { WebSocketClass } from "../src/instrument/websocket.ts";
import { FakeWebSocket } from "../tests/support/fake_websocket.ts";

declare const gc: () => void;

const COUNT = 5000;
const ROUNDS = 5;
const CHAT = "https://api.openai.com/v1/chat/completions";
const SPEECH = "wss://api.cartesia.ai/tts/websocket";
/** 20 ms of sound. */
const SOUND = new Uint8Array(640);
const EAR = "wss://api.deepgram.com/v1/listen?model=nova-3&encoding=linear16&sample_rate=16000";
const init = {
  method: "POST",
  body: '{"model":"gpt-x","stream":true,"messages":[{"role":"user","content":"Hi"}]}',
};
const event = new TextEncoder().encode(
  'data: {"id":"chatcmpl-1","model":"gpt-x-1","choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\n',
);

const pending = ((): Promise<Response> => new Promise(() => {})) as typeof fetch;
const streaming = ((): Promise<Response> => Promise.resolve(answer(Infinity))) as typeof fetch;
const ending = ((): Promise<Response> => Promise.resolve(answer(READS))) as typeof fetch;

/** Long enough for what is learned of a stream to be there. */
const READS = 10;

function answer(events: number): Response {
  const body = new ReadableStream({
    type: "bytes",
    pull(controller) {
      if (events-- > 0) return controller.enqueue(event.slice());
      controller.close();
      controller.byobRequest?.respond(0);
    },
  }, { highWaterMark: 0 });
  const headers = { "content-type": "text/event-stream", "x-request-id": "req_0123456789abcdef" };
  return new Response(body, { headers });
}

const Fake = FakeWebSocket as unknown as WebSocketClass;

/** What opens one thing, and gives what its caller holds on to. */
type Open = (number: number) => unknown;

interface Subject {
  readonly name: string;
  readonly fetch?: typeof fetch;
  readonly ours: (telemetry: Telemetry) => Open;
  readonly raw: Open;
}

async function readSome(response: Response): Promise<unknown> {
  const reader = response.body!.getReader();
  for (let read = 0; read < READS; read++) await reader.read();
  return [response, reader];
}

async function readAll(response: Response): Promise<unknown> {
  for await (const _ of response.body!);
  return response;
}

const hearNothing = (): void => {};

/** A socket to which its caller listens, as callers do: the platform's lists of listeners are there without us, too. */
function listen(Socket: WebSocketClass, url: string): FakeWebSocket {
  const socket = new Socket(url) as unknown as FakeWebSocket;
  for (const type of ["open", "message", "error", "close"]) socket.addEventListener(type, hearNothing);
  socket.open();
  return socket;
}

function speak(socket: FakeWebSocket, number: number): FakeWebSocket {
  socket.send(JSON.stringify({ context_id: `c-${number}`, transcript: "Hello you", model_id: "sonic" }));
  socket.receive(JSON.stringify({ type: "chunk", context_id: `c-${number}`, data: "A".repeat(400) }));
  return socket;
}

const subjects: Subject[] = [
  {
    name: "a call before its headers",
    fetch: pending,
    ours: ({ fetch }) => () => fetch(CHAT, init),
    raw: () => pending(CHAT, init),
  },
  {
    name: "a stream that is being read",
    fetch: streaming,
    ours: ({ fetch }) => async () => await readSome(await fetch(CHAT, init)),
    raw: async () => await readSome(await streaming(CHAT, init)),
  },
  {
    name: "a socket of its own, idle",
    ours: ({ WebSocket }) => () => listen(WebSocket, SPEECH),
    raw: () => listen(Fake, SPEECH),
  },
  {
    name: "a socket of its own, with a context",
    ours: ({ WebSocket }) => (number) => speak(listen(WebSocket, SPEECH), number),
    raw: (number) => speak(listen(Fake, SPEECH), number),
  },
  {
    name: "a context, 100 on each socket",
    ours: ({ WebSocket }) => contexts(WebSocket),
    raw: contexts(Fake),
  },
  {
    name: "a socket that hears",
    ours: ({ WebSocket }) => () => hear(listen(WebSocket, EAR)),
    raw: () => hear(listen(Fake, EAR)),
  },
  {
    name: "a socket that heard 200 pieces",
    ours: ({ WebSocket }) => () => hear(listen(WebSocket, EAR), 200),
    raw: () => hear(listen(Fake, EAR), 200),
  },
];

/** What stands in `subjects` as ours, and is not: the least that others take for the same. */
const floors: Subject[] = [
  {
    name: "a span of the SDK",
    ours: ({ tracer }) => () =>
      tracer.startSpan("llm_request_run", {
        kind: SpanKind.CLIENT,
        startTime: Date.now(),
        attributes: {
          "gen_ai.provider.name": "openai",
          "http.request.method": "POST",
          "server.address": "api.openai.com",
          "url.full": CHAT,
        },
      }, ROOT_CONTEXT),
    raw: () => undefined,
  },
  {
    name: "a stream between another and its reader, and its response",
    ours: () => async () => await readSome(passOn(await streaming(CHAT))),
    raw: async () => await readSome(await streaming(CHAT)),
  },
];

/** A body that passes unseen, by the least that keeps errors and cancels. */
function passOn(response: Response): Response {
  return new Response(
    new ReadableStream(new PassingSource(response.body!.getReader()), { highWaterMark: 0 }),
    response,
  );
}

class PassingSource implements UnderlyingByteSource {
  readonly type = "bytes";
  readonly #reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

  constructor(reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>) {
    this.#reader = reader;
  }

  start(controller: ReadableByteStreamController): void {
    this.#reader.closed.catch((reason) => controller.error(reason));
  }

  async pull(controller: ReadableByteStreamController): Promise<void> {
    const { done, value } = await this.#reader.read();
    if (done) controller.close();
    else controller.enqueue(value);
  }

  cancel(reason: unknown): Promise<void> {
    return this.#reader.cancel(reason);
  }
}

/** What stays when attempts have ended, and their callers keep what they were given. */
const leftovers: Subject[] = [
  {
    name: "the response of a stream that was read to its end",
    fetch: ending,
    ours: ({ fetch }) => async () => await readAll(await fetch(CHAT, init)),
    raw: async () => await readAll(await ending(CHAT, init)),
  },
  {
    name: "a socket that is closed, with a context",
    ours: ({ WebSocket }) => (number) => shut(speak(listen(WebSocket, SPEECH), number)),
    raw: (number) => shut(speak(listen(Fake, SPEECH), number)),
  },
  {
    name: "a socket that is closed, and heard",
    ours: ({ WebSocket }) => () => shut(hear(listen(WebSocket, EAR))),
    raw: () => shut(hear(listen(Fake, EAR))),
  },
];

function shut(socket: FakeWebSocket): FakeWebSocket {
  socket.close();
  socket.shut(1000);
  return socket;
}

function contexts(Socket: WebSocketClass): Open {
  let socket: FakeWebSocket;
  return (number) => speak(number % 100 === 0 ? socket = listen(Socket, SPEECH) : socket, number);
}

function hear(socket: FakeWebSocket, pieces = 1): FakeWebSocket {
  for (let piece = 0; piece < pieces; piece++) socket.send(SOUND);
  socket.receive('{"type":"SpeechStarted","timestamp":0}');
  return socket;
}

/** Bytes in use, without garbage. */
async function inUse(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

async function bytesEach(open: Open, flush: () => Promise<unknown>): Promise<number> {
  const held: unknown[] = [];
  const before = await inUse();
  for (let number = 0; number < COUNT; number++) {
    held.push(open(number));
  }
  await inUse();
  await flush();
  const after = await inUse();
  return held.length === COUNT ? (after - before) / COUNT : NaN;
}

async function measure({ fetch = pending, ours, raw }: Subject): Promise<[raw: number, ours: number]> {
  const telemetry = startTelemetry({
    serviceName: "memory",
    env: { OTEL_METRICS_EXPORTER: "none" },
    fetch,
    WebSocket: Fake,
    exporter: { export: (_spans, done) => done({ code: 0 }), shutdown: () => Promise.resolve() },
    exportIntervalMs: false,
  });
  const flush = (): Promise<unknown> => telemetry.flush();
  const [without, withUs] = [await bytesEach(raw, flush), await bytesEach(ours(telemetry), flush)];
  await telemetry.shutdown();
  return [without, withUs];
}

const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[all.length >> 1]!;

async function print(subjects: readonly Subject[], header: string): Promise<void> {
  console.log(`\n| ${header} |\n| --- | --- | --- | --- |`);
  for (const subject of subjects) {
    const rounds: [number, number][] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await measure(subject));
    const [raw, ours, difference] = [
      median(rounds.map(([without]) => without)),
      median(rounds.map(([, withUs]) => withUs)),
      median(rounds.map(([without, withUs]) => withUs - without)),
    ];
    console.log(`| ${subject.name} | ${Math.round(raw)} | ${Math.round(ours)} | ${Math.round(difference)} |`);
  }
}

await print(subjects, "what is open | without us, bytes | with us, bytes | ours, bytes");
await print(floors, "the least of what is not ours | without it, bytes | with it, bytes | it, bytes");
await print(leftovers, "what has ended, and is kept | without us, bytes | with us, bytes | ours, bytes");
