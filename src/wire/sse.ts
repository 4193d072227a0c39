/**
 * Server-Sent Events, on bytes: lines are cut where the bytes say so, and only what someone reads is decoded. A
 * UTF-8 sequence can therefore be cut anywhere.
 *
 * @see {@link https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation}
 * @module
 */

import type { Reader } from "../types.ts";
import { HeldBytes, join } from "./held.ts";

/** What takes the events. */
export interface SseOptions {
  /** An event's name (empty when it has none) and its data, valid only during the call. */
  onEvent(data: Uint8Array, name: string): void;
  /**
   * Where the data that begins at `at` ends, if nobody wants to be shown it; else -1. An event that lies whole in one
   * piece of the stream is then passed over in place.
   *
   * @default all is shown
   */
  readonly endOfRepetition?: ((bytes: Uint8Array, at: number) => number) | undefined;
  /**
   * A JSON object that stands between events without `data:` before it: how some servers end a stream that fails.
   * Given at its closing brace, as an SDK that throws there reads no further; one that is cut short, up to the next
   * blank line or field. Valid only during the call.
   *
   * @default passed over, as the standard has it
   */
  onStray?(data: Uint8Array): void;
  /** An event was larger than the bound and is passed over. */
  onOverflow?(): void;
  /**
   * The largest event that is kept, in bytes.
   *
   * @default 4 MiB
   */
  readonly maxEventBytes?: number | undefined;
}

/** The default bound on one event or document. */
export const MAX_PIECE_BYTES: number = 4 * 1024 * 1024;

/** What an array of bytes costs beside its bytes, about. */
const LINE_COST = 64;

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DATA = new TextEncoder().encode("data");
const EVENT = new TextEncoder().encode("event");
/** A data field as nearly everyone writes it. */
const DATA_FIELD = new TextEncoder().encode("data: ");
const decoder = new TextDecoder();

/**
 * Reads an event stream. CRLF, LF and CR end a line, several `data` lines join, a byte order mark and comments are
 * passed over. Other than the standard, and like the SDKs, an event that the end of input cuts short of its blank
 * line is delivered.
 */
export function readSse(options: SseOptions): Reader {
  const { onEvent, endOfRepetition, onStray, onOverflow, maxEventBytes = MAX_PIECE_BYTES } = options;
  /** The unfinished line. */
  const line = new HeldBytes();
  /** The data lines of the unfinished event. Those after `owned` still point into the caller's chunk. */
  let data: Uint8Array[] = [];
  let owned = 0;
  let name = "";
  /** Follows the unfinished stray object, whose lines are in `data`. */
  let stray: ObjectFollower | undefined;
  /** How many bytes of the unfinished line were followed already. */
  let followedBytes = 0;
  /** Whether the unfinished line goes on after a stray object: the rest of it is passed over. */
  let passing = false;
  /** Whether the unfinished line has bytes already, kept or passed over. */
  let lineBegun = false;
  let heldBytes = 0;
  let oversized = false;
  let firstLine = true;
  let afterCr = false;

  /** Counts bytes that are to be kept; false when they are beyond the bound. */
  function hold(bytes: number): boolean {
    heldBytes += bytes;
    if (heldBytes <= maxEventBytes || oversized) return !oversized;
    oversized = true;
    line.clear();
    data = [];
    owned = 0;
    onOverflow?.();
    return false;
  }

  /** What a line costs beside its bytes: many empty ones must not go uncounted. */
  function lineCost(): number {
    return data.length === 0 ? 1 : LINE_COST;
  }

  function takeLine(end: Uint8Array): void {
    if (passing) {
      passing = lineBegun = false;
      return;
    }
    const blank = end.length === 0 && !lineBegun;
    heldBytes -= line.length;
    let whole = line.take(end);
    lineBegun = false;
    if (firstLine) {
      firstLine = false;
      if (whole[0] === 0xef && whole[1] === 0xbb && whole[2] === 0xbf) whole = whole.subarray(3);
      if (whole.length === 0) return;
    }
    if (blank) dispatch();
    else if (!oversized) takeField(whole);
  }

  function takeField(field: Uint8Array): void {
    const value = fieldValue(field, DATA);
    const event = value ?? fieldValue(field, EVENT);
    if (event === undefined) return takeStray(field);
    if (stray !== undefined) dispatch();
    if (value === undefined) name = decoder.decode(event);
    else if (hold(value.length + lineCost())) data.push(value);
  }

  function takeStray(text: Uint8Array): void {
    if (!followsStray(text[0])) return;
    const end = stray!(text.subarray(followedBytes));
    const part = end === -1 ? text : text.subarray(0, followedBytes + end);
    followedBytes = 0;
    if (!hold(part.length + lineCost())) return;
    data.push(part);
    if (end !== -1) dispatch();
  }

  /** A line that begins with this byte is followed as stray JSON, if it is no field. */
  function followsStray(first: number | undefined): boolean {
    if (stray === undefined && onStray !== undefined && first === BRACE && data.length === 0 && name === "") {
      stray = followObject();
    }
    return stray !== undefined;
  }

  /** The line may never be finished, yet have all of a stray object. What could be a field waits. */
  function takeUnfinished(fragment: Uint8Array): void {
    const first = line.bytes[0];
    if (first === DATA[0] || first === EVENT[0] || !followsStray(first)) return;
    const end = stray!(fragment);
    if (end === -1) {
      followedBytes += fragment.length;
      return;
    }
    data.push(line.bytes.subarray(0, line.length - fragment.length + end));
    line.clear();
    firstLine = false;
    passing = true;
    dispatch();
  }

  /** Where the repetitions that begin at `start` end: events of one line, and nothing of another event before them. */
  function passRepetitions(chunk: Uint8Array, start: number): number {
    if (endOfRepetition === undefined || lineBegun || firstLine || oversized) return start;
    if (data.length > 0 || stray !== undefined) return start;
    while (startsWith(chunk, start, DATA_FIELD)) {
      const end = endOfRepetition(chunk, start + DATA_FIELD.length);
      if (end === -1 || chunk[end] !== LF || chunk[end + 1] !== LF) break;
      start = end + 2;
      name = "";
    }
    return start;
  }

  function dispatch(): void {
    const complete = data;
    const called = name;
    const take = stray === undefined ? onEvent : onStray;
    data = [];
    owned = 0;
    name = "";
    stray = undefined;
    followedBytes = 0;
    heldBytes = 0;
    oversized = false;
    if (complete.length > 0) take?.(complete.length === 1 ? complete[0]! : joinLines(complete), called);
  }

  return {
    push(chunk) {
      if (chunk.length === 0) return;
      let start = afterCr && chunk[0] === LF ? 1 : 0;
      afterCr = false;
      start = passRepetitions(chunk, start);
      let lf = chunk.indexOf(LF, start);
      let cr = chunk.indexOf(CR, start);
      while (lf !== -1 || cr !== -1) {
        const end = lf === -1 ? cr : cr === -1 ? lf : Math.min(lf, cr);
        takeLine(chunk.subarray(start, end));
        start = end + 1;
        if (end === cr) {
          if (start === chunk.length) afterCr = true;
          else if (chunk[start] === LF) start++;
        }
        start = passRepetitions(chunk, start);
        if (lf !== -1 && lf < start) lf = chunk.indexOf(LF, start);
        if (cr !== -1 && cr < start) cr = chunk.indexOf(CR, start);
      }
      if (start < chunk.length) {
        lineBegun = true;
        if (!passing && hold(chunk.length - start)) {
          const fragment = chunk.subarray(start);
          line.push(fragment);
          takeUnfinished(fragment);
        }
      }
      // The chunk goes on to the caller, who may change or transfer it: what stays here must be ours.
      for (; owned < data.length; owned++) data[owned] = data[owned]!.slice();
    },
    end() {
      if (lineBegun) takeLine(new Uint8Array(0));
      dispatch();
    },
  };
}

/** Takes the bytes of an object one after the other: where in them it ends, after its brace, or -1. */
type ObjectFollower = (bytes: Uint8Array) => number;

/** Follows braces, and strings with their escapes; whether the object is valid is not asked. */
function followObject(): ObjectFollower {
  let depth = 0;
  let inString = false;
  let escaped = false;
  return (bytes) => {
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = inString;
      else if (byte === QUOTE) inString = !inString;
      else if (inString) continue;
      else if (byte === BRACE) depth++;
      else if (byte === CLOSING_BRACE && --depth === 0) return at + 1;
    }
    return -1;
  };
}

function startsWith(bytes: Uint8Array, at: number, prefix: Uint8Array): boolean {
  for (let i = 0; i < prefix.length; i++) if (bytes[at + i] !== prefix[i]) return false;
  return true;
}

/** The value of a `name: value` line; `undefined` when the line has another name. */
function fieldValue(line: Uint8Array, name: Uint8Array): Uint8Array | undefined {
  if (!startsWith(line, 0, name)) return undefined;
  if (line.length === name.length) return line.subarray(line.length);
  if (line[name.length] !== COLON) return undefined;
  return line.subarray(name.length + (line[name.length + 1] === SPACE ? 2 : 1));
}

function joinLines(lines: readonly Uint8Array[]): Uint8Array {
  const newline = new Uint8Array([LF]);
  return join(lines.flatMap((line, index) => index === 0 ? [line] : [newline, line]));
}
