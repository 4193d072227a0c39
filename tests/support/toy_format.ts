/**
 * A provider that does not exist. Its protocol: text frames `{"context","text"}` ask for speech, `{"cancel"}` stops
 * one; it answers with `{"context","id"}`, audio as bytes or `{"context","audio"}`, `{"context","done"}`,
 * `{"context","error"}`, and `{"connection"}` with an id of the connection. Imports types alone, so that programs of
 * all runtimes can have it.
 */

import type { Frame, Provider, SocketFormat, SocketSinks } from "../../src/types.ts";

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

/** A text frame of it. */
export interface ToyMessage {
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
