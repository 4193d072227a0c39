/**
 * A provider that does not exist, and telemetry that knows it. Its protocol: text frames `{"context","text"}` ask for
 * speech, `{"cancel"}` stops one; it answers with `{"context","id"}`, audio as bytes or `{"context","audio"}`,
 * `{"context","done"}`, `{"context","error"}`, and `{"connection"}` with an id of the connection.
 */

import assert from "node:assert/strict";
import type { TelemetryOptions } from "../../mod.ts";
import {
  type EmulatedConnection,
  type SocketEmulatorOptions,
  startSocketEmulator,
} from "../../src/testing/mod.ts";
import type { Frame, Provider, SocketFormat, SocketSinks } from "../../src/types.ts";
import { type KeptSpan, startKept } from "./memory_exporter.ts";

/** Where its sockets are. */
export const TOY_URL = "wss://api.toy.example/v1/speak?model=toy-1&api_key=canary";

/** Bytes of its audio in a second. */
export const AUDIO_BYTES_PER_SECOND = 32_000;

/** Reads its frames. */
export const toyFormat: SocketFormat = {
  name: "toy",
  open: (_request, sinks) => ({
    sent(frame) {
      const { context, text, cancel } = parse(frame);
      if (cancel !== undefined) sinks.find(cancel)?.cancel();
      if (context !== undefined) sinks.begin(context).addCharacters(text?.length ?? 0);
    },
    received: (frame) => receive(frame, sinks),
  }),
};

interface ToyMessage {
  readonly context?: string;
  readonly text?: string;
  readonly cancel?: string;
  readonly id?: string;
  readonly connection?: string;
  readonly audio?: number;
  readonly error?: string;
  readonly done?: boolean;
}

function receive(frame: Frame, sinks: SocketSinks): void {
  const { context = "", id, connection, audio, error, done } = parse(frame);
  if (connection !== undefined) sinks.noteConnectionId(connection, "session");
  const sink = typeof frame === "string" ? sinks.find(context) : sinks.all().at(-1);
  const bytes = typeof frame === "string" ? audio : frame instanceof Uint8Array ? frame.length : frame.size;
  if (id !== undefined) sink?.noteRequestId(id);
  if (bytes !== undefined) {
    sink?.output("audio");
    sink?.addAudio(bytes / AUDIO_BYTES_PER_SECOND);
  }
  if (error !== undefined) sink?.fail({ type: error });
  if (done || error !== undefined) sink?.complete();
}

function parse(frame: Frame): ToyMessage {
  return typeof frame === "string" ? JSON.parse(frame) : {};
}

/** Its row, with another format if wanted, and on more hosts. */
export function toyProvider(format: SocketFormat = toyFormat, ...hosts: string[]): Provider {
  return {
    name: "toy",
    hosts: ["api.toy.example", ...hosts],
    routes: [],
    sockets: [{ path: "/v1/speak", operation: "tts", format }],
    requestIdHeaders: ["x-request-id"],
    streamedUsage: "never",
    evidence: "none",
    verifiedBy: [],
  };
}

/** Plays it: each context gets its id, as many bytes as characters were sent times 100, and its end. */
export async function speak(connection: EmulatedConnection): Promise<void> {
  for (let frame = await connection.next(); frame !== undefined; frame = await connection.next()) {
    const { context, text = "" } = JSON.parse(String(frame)) as ToyMessage;
    if (context === undefined) continue;
    await connection.send({ context, id: `req_${context}` });
    await connection.send(new Uint8Array(text.length * 100));
    await connection.send({ context, done: true });
  }
}

/** Telemetry of the toy's sockets against an emulator, to the end of a test. */
export interface ToySetup {
  readonly WebSocket: typeof globalThis.WebSocket;
  readonly native: typeof globalThis.WebSocket;
  readonly emulator: Awaited<ReturnType<typeof startSocketEmulator>>;
  readonly telemetry: ReturnType<typeof startKept>;
  /** What has ended and was flushed. */
  spans(): Promise<readonly KeptSpan[]>;
}

/** Runs a test; afterwards everything must have ended, once. */
export async function withToy(
  options: Partial<SocketEmulatorOptions> & { readonly telemetry?: TelemetryOptions },
  test: (setup: ToySetup) => Promise<void>,
): Promise<void> {
  await using emulator = await startSocketEmulator({ serve: speak, ...options });
  const telemetry = startKept({
    WebSocket: emulator.WebSocket,
    providers: [toyProvider()],
    ...options.telemetry,
  });
  await test({
    WebSocket: telemetry.WebSocket,
    native: emulator.WebSocket,
    emulator,
    telemetry,
    async spans() {
      await telemetry.flush();
      return telemetry.spans;
    },
  });
  const { openAttempts, endedAttempts } = telemetry.stats();
  assert.equal(openAttempts, 0);
  await telemetry.shutdown();
  assert.equal(telemetry.spans.filter(({ name }) => name === "tts_request_run").length, endedAttempts);
}

/** Resolves with the next event of that type. */
export function nextEvent<E extends Event = Event>(target: EventTarget, type: string): Promise<E> {
  return new Promise((resolve) =>
    target.addEventListener(type, (event) => resolve(event as E), { once: true })
  );
}

/** Resolves with the first text frame that fits. */
export function message(socket: WebSocket, fits: (message: ToyMessage) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = ({ data }: MessageEvent): void => {
      if (typeof data !== "string" || !fits(JSON.parse(data))) return;
      socket.removeEventListener("message", look);
      resolve();
    };
    socket.addEventListener("message", look);
  });
}

/** Asks for speech under that key, and waits for its end. */
export async function say(socket: WebSocket, context: string, text: string): Promise<void> {
  const done = message(socket, (message) => message.context === context && message.done === true);
  socket.send(JSON.stringify({ context, text }));
  await done;
}

/** Closes a socket and waits for that. */
export async function closeSocket(socket: WebSocket, code?: number): Promise<void> {
  const closed = nextEvent(socket, "close");
  socket.close(code);
  await closed;
}

/** The outcome of a span, and why it failed. */
export function endingOf({ attributes }: KeptSpan): unknown[] {
  const { "teespan.outcome": outcome, "error.type": type, "teespan.connection.close_code": code } =
    attributes;
  return [outcome, type, code];
}
