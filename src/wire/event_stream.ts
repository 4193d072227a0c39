/**
 * AWS event streams: messages of headers and a payload, of any size and cut anywhere. Numbers are big-endian.
 *
 * | field          | bytes                | what                                      |
 * | -------------- | -------------------- | ----------------------------------------- |
 * | total length   | 4                    | of the whole message, this field included |
 * | headers length | 4                    | of the headers                            |
 * | prelude CRC    | 4                    | CRC-32 of the 8 bytes before              |
 * | headers        | headers length       | one after the other                       |
 * | payload        | what is left         |                                           |
 * | message CRC    | 4                    | CRC-32 of all bytes before                |
 *
 * | field of a header | bytes    | what                              |
 * | ----------------- | -------- | --------------------------------- |
 * | name length       | 1        |                                   |
 * | name              | so many  | UTF-8                             |
 * | type              | 1        | of the value                      |
 * | value             | by type  | with 2 bytes of length where open |
 *
 * | type | value                         | bytes      |
 * | ---- | ----------------------------- | ---------- |
 * | 0, 1 | true, false                   | 0          |
 * | 2–5  | signed integer                | 1, 2, 4, 8 |
 * | 6    | bytes                         | 2 + length |
 * | 7    | UTF-8 text                    | 2 + length |
 * | 8    | milliseconds since 1970-01-01 | 8          |
 * | 9    | UUID                          | 16         |
 *
 * @see {@link https://smithy.io/2.0/aws/amazon-eventstream.html}
 * @module
 */

import type { Reader } from "../types.ts";
import { HeldBytes, type OverflowListener } from "./held.ts";
import { MAX_PIECE_BYTES } from "./sse.ts";

/** The value of a header. */
export type EventStreamValue = boolean | number | bigint | Uint8Array | string | Date;

/** What takes the messages. */
export interface EventStreamOptions extends OverflowListener {
  /** A message's headers and payload, the bytes valid only during the call. */
  onMessage(headers: ReadonlyMap<string, EventStreamValue>, payload: Uint8Array): void;
  /** A checksum is wrong, or lengths contradict each other: nothing after it can be trusted, and reading stops. */
  onBroken?(): void;
  /**
   * The largest message that is kept, in bytes.
   *
   * @default 4 MiB
   */
  readonly maxMessageBytes?: number | undefined;
}

const PRELUDE_BYTES = 12;
const CRC_BYTES = 4;

const decoder = new TextDecoder();
const crcTable = makeCrcTable();

/** Reads an event stream. A message that the end of input cuts short is dropped. */
export function readEventStream(options: EventStreamOptions): Reader {
  const { onMessage, onBroken, maxMessageBytes = MAX_PIECE_BYTES } = options;
  /** The unfinished message. */
  const held = new HeldBytes();
  /** Bytes that are needed before anything can be said: those of the prelude, then of the message. */
  let neededBytes = PRELUDE_BYTES;
  let skippedBytes = 0;
  let broken = false;

  function take(whole: Uint8Array): void {
    if (whole.length === PRELUDE_BYTES) return takePrelude(whole);
    held.clear();
    neededBytes = PRELUDE_BYTES;
    const message = readMessage(whole);
    if (message === undefined) stop();
    else onMessage(message.headers, message.payload);
  }

  function takePrelude(prelude: Uint8Array): void {
    const view = viewOf(prelude);
    const totalBytes = view.getUint32(0);
    const fixedBytes = PRELUDE_BYTES + CRC_BYTES;
    if (crc32(prelude.subarray(0, 8)) !== view.getUint32(8)) return stop();
    if (totalBytes < fixedBytes || view.getUint32(4) > totalBytes - fixedBytes) return stop();
    if (totalBytes <= maxMessageBytes) {
      neededBytes = totalBytes;
      return;
    }
    held.clear();
    skippedBytes = totalBytes - PRELUDE_BYTES;
    options.onOverflow?.();
    options.onPassOver?.(PRELUDE_BYTES);
  }

  function stop(): void {
    broken = true;
    held.clear();
    onBroken?.();
  }

  return {
    push(chunk) {
      for (let at = 0; at < chunk.length && !broken;) {
        if (skippedBytes > 0) {
          const skipped = Math.min(skippedBytes, chunk.length - at);
          skippedBytes -= skipped;
          at += skipped;
          options.onPassOver?.(skipped);
          continue;
        }
        const piece = chunk.subarray(at, at + neededBytes - held.length);
        at += piece.length;
        held.push(piece);
        if (held.length === neededBytes) take(held.bytes);
      }
    },
    end() {},
  };
}

interface Message {
  readonly headers: ReadonlyMap<string, EventStreamValue>;
  readonly payload: Uint8Array;
}

/** Reads a message whose prelude is sound; `undefined` when the rest is not. */
function readMessage(whole: Uint8Array): Message | undefined {
  const view = viewOf(whole);
  const payloadEnd = whole.length - CRC_BYTES;
  if (crc32(whole.subarray(0, payloadEnd)) !== view.getUint32(payloadEnd)) return undefined;
  const headersEnd = PRELUDE_BYTES + view.getUint32(4);
  const headers = readHeaders(whole.subarray(PRELUDE_BYTES, headersEnd));
  return headers && { headers, payload: whole.subarray(headersEnd, payloadEnd) };
}

function readHeaders(bytes: Uint8Array): Map<string, EventStreamValue> | undefined {
  const view = viewOf(bytes);
  const headers = new Map<string, EventStreamValue>();
  try {
    for (let at = 0; at < bytes.length;) {
      const nameEnd = at + 1 + view.getUint8(at);
      const name = decoder.decode(bytes.subarray(at + 1, nameEnd));
      const [value, end] = readValue(bytes, view, view.getUint8(nameEnd), nameEnd + 1);
      if (end > bytes.length) return undefined;
      headers.set(name, value);
      at = end;
    }
  } catch {
    return undefined; // a value reaches beyond the headers, or is of no known type
  }
  return headers;
}

/** Reads the value at `at`, and says where it ends. */
function readValue(
  bytes: Uint8Array,
  view: DataView,
  type: number,
  at: number,
): readonly [value: EventStreamValue, end: number] {
  const open = (): Uint8Array => bytes.subarray(at + 2, at + 2 + view.getUint16(at));
  switch (type) {
    case 0:
      return [true, at];
    case 1:
      return [false, at];
    case 2:
      return [view.getInt8(at), at + 1];
    case 3:
      return [view.getInt16(at), at + 2];
    case 4:
      return [view.getInt32(at), at + 4];
    case 5:
      return [view.getBigInt64(at), at + 8];
    case 6:
      return [open(), at + 2 + view.getUint16(at)];
    case 7:
      return [decoder.decode(open()), at + 2 + view.getUint16(at)];
    case 8:
      return [new Date(Number(view.getBigInt64(at))), at + 8];
    case 9:
      return [uuid(bytes.subarray(at, at + 16)), at + 16];
    default:
      throw new RangeError("no such type");
  }
}

function uuid(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The CRC-32 of Ethernet and zip: polynomial 0x04c11db7, reflected. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function makeCrcTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    return crc;
  });
}
