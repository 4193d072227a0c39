/**
 * Messages of AWS event streams that go both ways, over a socket or over HTTP/2: a frame may be one message, a part
 * of one or several.
 *
 * What the caller sends is signed: a message with `:date` and `:chunk-signature` whose payload is the message proper.
 *
 * @see {@link https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html}
 * @module
 */

import type { Reader, SocketReader } from "../types.ts";
import { type EventStreamValue, readEventStream } from "./event_stream.ts";
import { asWord } from "./json.ts";

/** What a protocol of such messages is told. Payloads are valid only during the call. */
export interface EventFrames {
  /** The caller sent an event. */
  sent(type: string, payload: Uint8Array): void;
  /** An event came. */
  received(type: string, payload: Uint8Array): void;
  /** The provider ended the stream with an exception of that class. */
  failed(type: string, payload: Uint8Array): void;
  /** A message was larger than the bound, or was none. */
  unread(): void;
  /** So many more bytes of messages larger than the bound were passed over. */
  passOver(bytes: number): void;
  /** The connection closed. */
  closed?(code: number): void;
}

type Take = (headers: ReadonlyMap<string, EventStreamValue>, payload: Uint8Array) => void;

/** A reader of such messages. */
export function readEventFrames(frames: EventFrames): SocketReader {
  const unread = (): void => frames.unread();
  const onPassOver = (bytes: number): void => frames.passOver(bytes);
  /** Where bytes make no sense, the next frame begins anew: on a socket it begins with a message. */
  const read = (onMessage: Take): Pick<Reader, "push"> => {
    let reader: Reader | undefined;
    const onBroken = (): void => {
      reader = undefined;
      unread();
    };
    return {
      push: (bytes) =>
        (reader ??= readEventStream({ onMessage, onOverflow: unread, onPassOver, onBroken })).push(bytes),
    };
  };
  const eventType = (headers: ReadonlyMap<string, EventStreamValue>): string =>
    textOf(headers.get(":event-type"));
  const inner = read((headers, payload) => frames.sent(eventType(headers), payload));
  const outgoing = read((headers, payload) => {
    // the last one is empty
    if (headers.has(":chunk-signature")) inner.push(payload);
    else frames.sent(eventType(headers), payload);
  });
  const incoming = read((headers, payload) => {
    const kind = headers.get(":message-type");
    if (kind === "exception") frames.failed(errorOf(headers.get(":exception-type")), payload);
    else if (kind === "error") frames.failed(errorOf(headers.get(":error-code")), payload);
    else frames.received(eventType(headers), payload);
  });
  return {
    sent: (frame) => void (frame instanceof Uint8Array && outgoing.push(frame)),
    received: (frame) => void (frame instanceof Uint8Array && incoming.push(frame)),
    ...frames.closed && { closed: (code) => frames.closed!(code) },
  };
}

function textOf(value: EventStreamValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function errorOf(value: EventStreamValue | undefined): string {
  return asWord(value) ?? "error";
}
