/** Messages of AWS event streams, as a sender makes them. */

import { crc32 } from "node:zlib";
import { join } from "../../src/wire/held.ts";

/** What is in a message. */
export interface EventContent {
  /** The event's name, or the exception's. */
  readonly event?: string;
  readonly exception?: string;
  /** Its payload: JSON, bytes as base64, or JSON as base64 in `{"bytes"}`, as models have it on Bedrock. */
  readonly json?: unknown;
  readonly base64?: string;
  readonly chunk?: unknown;
}

/** Values of headers. */
type HeaderValue = string | Date | Uint8Array;

const text = new TextEncoder();

/** A message; signed, as a caller sends it, in another. */
export function eventMessage(content: EventContent, signed = false): Uint8Array<ArrayBuffer> {
  const { event, exception } = content;
  const message = encodeMessage(
    exception === undefined
      ? { ":message-type": "event", ":event-type": event ?? "chunk" }
      : { ":message-type": "exception", ":exception-type": exception },
    payloadOf(content),
  );
  return signed ? signMessage(message) : message;
}

/** A message in one with a signature. The last of a stream is empty. */
export function signMessage(message: Uint8Array): Uint8Array<ArrayBuffer> {
  return encodeMessage({ ":date": new Date(0), ":chunk-signature": new Uint8Array(32).fill(7) }, message);
}

/** Encodes a message. */
export function encodeMessage(
  headers: Readonly<Record<string, HeaderValue>>,
  payload: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const head = join(Object.entries(headers).map(([name, value]) => encodeHeader(name, value)));
  const bytes = new Uint8Array(16 + head.length + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length);
  view.setUint32(4, head.length);
  view.setUint32(8, crc32(bytes.subarray(0, 8)));
  bytes.set(head, 12);
  bytes.set(payload, 12 + head.length);
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)));
  return bytes;
}

function encodeHeader(name: string, value: HeaderValue): Uint8Array {
  const start = Uint8Array.of(text.encode(name).length, ...text.encode(name));
  if (value instanceof Date) {
    const time = new Uint8Array(9);
    time[0] = 8;
    new DataView(time.buffer).setBigInt64(1, BigInt(value.getTime()));
    return join([start, time]);
  }
  const bytes = typeof value === "string" ? text.encode(value) : value;
  const type = typeof value === "string" ? 7 : 6;
  return join([start, Uint8Array.of(type, bytes.length >> 8, bytes.length & 0xff), bytes]);
}

function payloadOf({ json, base64, chunk }: EventContent): Uint8Array {
  if (base64 !== undefined) return Uint8Array.fromBase64(base64);
  if (chunk === undefined) return text.encode(JSON.stringify(json ?? {}));
  return text.encode(JSON.stringify({ bytes: text.encode(JSON.stringify(chunk)).toBase64() }));
}
