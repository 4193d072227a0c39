/** Telemetry that knows a provider which does not exist: `toy_format.ts` says what it speaks. */

import assert from "node:assert/strict";
import type { TelemetryOptions } from "../../mod.ts";
import {
  type EmulatedConnection,
  type SocketEmulatorOptions,
  startSocketEmulator,
} from "../../src/testing/mod.ts";
import { type KeptSpan, startKept } from "./memory_exporter.ts";
import { type ToyMessage, toyProvider } from "./toy_format.ts";

export { AUDIO_BYTES_PER_SECOND, TOY_URL, toyFormat, toyProvider } from "./toy_format.ts";

/**
 * Plays it: each context gets its id, as many bytes as characters were sent times 100, and its end; `hang` gets
 * nothing.
 */
export async function speak(connection: EmulatedConnection): Promise<void> {
  for (let frame = await connection.next(); frame !== undefined; frame = await connection.next()) {
    const { context, text = "" } = JSON.parse(String(frame)) as ToyMessage;
    if (context === undefined || context === "hang") continue;
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
