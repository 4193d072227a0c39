/**
 * Server-Sent Events, on bytes: lines are cut where the bytes say so, and only what someone reads is decoded. A
 * UTF-8 sequence can therefore be cut anywhere.
 *
 * @see {@link https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation}
 * @module
 */

import type { Reader } from "../types.ts";
import { HeldBytes, join, NO_BYTES, type OverflowListener } from "./held.ts";
import { followObject, type ObjectFollower } from "./object_follower.ts";

/** What takes the events. */
export interface SseOptions extends OverflowListener {
  /** An event's name (empty when it has none) and its data, valid only during the call. */
  onEvent(data: Uint8Array, name: string): void;
  /**
   * Where the data that begins at `at` ends, if nobody wants to be shown it; else -1. An event that lies whole in one
   * piece of the stream is then passed over in place.
   *
   * @default all is shown
   */
  endOfRepetition?(bytes: Uint8Array, at: number): number;
  /**
   * A JSON object that stands between events without `data:` before it: how some servers end a stream that fails.
   * Given at its closing brace, as an SDK that throws there reads no further; one that is cut short, up to the next
   * blank line or field. Valid only during the call.
   *
   * @default passed over, as the standard has it
   */
  onStray?(data: Uint8Array): void;
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
const DATA = new TextEncoder().encode("data");
const EVENT = new TextEncoder().encode("event");
/** A data field as nearly everyone writes it. */
const DATA_FIELD = new TextEncoder().encode("data: ");
const decoder = new TextDecoder();
const NO_LINES: Uint8Array[] = [];

/**
 * Reads an event stream. CRLF, LF and CR end a line, several `data` lines join, a byte order mark and comments are
 * passed over. Other than the standard, and like the SDKs, an event that the end of input cuts short of its blank
 * line is delivered.
 */
export function readSse(options: SseOptions): Reader {
  return new SseReader(options);
}

class SseReader implements Reader {
  readonly #options: SseOptions;
  /** The unfinished line. */
  readonly #line = new HeldBytes();
  /** The data lines of the unfinished event. Those after `owned` still point into the caller's chunk. */
  #data: Uint8Array[] = NO_LINES;
  #owned = 0;
  #name = "";
  /** Follows the unfinished stray object, whose lines are in `data`. */
  #stray: ObjectFollower | undefined;
  /** How many bytes of the unfinished line were followed already. */
  #followedBytes = 0;
  /** Whether the unfinished line goes on after a stray object: the rest of it is passed over. */
  #passing = false;
  /** Whether the unfinished line has bytes already, kept or passed over. */
  #lineBegun = false;
  #heldBytes = 0;
  #oversized = false;
  #firstLine = true;
  #afterCr = false;

  constructor(options: SseOptions) {
    this.#options = options;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    let start = this.#afterCr && chunk[0] === LF ? 1 : 0;
    this.#afterCr = false;
    start = this.#passRepetitions(chunk, start);
    let lf = chunk.indexOf(LF, start);
    let cr = chunk.indexOf(CR, start);
    while (lf !== -1 || cr !== -1) {
      const end = lf === -1 ? cr : cr === -1 ? lf : Math.min(lf, cr);
      this.#takeLine(chunk.subarray(start, end));
      start = end + 1;
      if (end === cr) {
        if (start === chunk.length) this.#afterCr = true;
        else if (chunk[start] === LF) start++;
      }
      start = this.#passRepetitions(chunk, start);
      if (lf !== -1 && lf < start) lf = chunk.indexOf(LF, start);
      if (cr !== -1 && cr < start) cr = chunk.indexOf(CR, start);
    }
    if (start < chunk.length) {
      this.#lineBegun = true;
      if (!this.#passing && this.#hold(chunk.length - start)) {
        const fragment = chunk.subarray(start);
        this.#line.push(fragment);
        this.#takeUnfinished(fragment);
      }
    }
    // The chunk goes on to the caller, who may change or transfer it: what stays here must be ours.
    for (; this.#owned < this.#data.length; this.#owned++) {
      this.#data[this.#owned] = this.#data[this.#owned]!.slice();
    }
  }

  end(): void {
    if (this.#lineBegun) this.#takeLine(NO_BYTES);
    this.#dispatch();
  }

  /** Counts bytes that are to be kept; false when they are beyond the bound. */
  #hold(bytes: number): boolean {
    this.#heldBytes += bytes;
    const { maxEventBytes = MAX_PIECE_BYTES } = this.#options;
    if (this.#oversized) {
      this.#options.onPassOver?.(bytes);
      return false;
    }
    if (this.#heldBytes <= maxEventBytes) return true;
    this.#oversized = true;
    this.#line.clear();
    this.#data = NO_LINES;
    this.#owned = 0;
    this.#options.onOverflow?.();
    this.#options.onPassOver?.(this.#heldBytes);
    return false;
  }

  /** What a line costs beside its bytes: many empty ones must not go uncounted. */
  #lineCost(): number {
    return this.#data.length === 0 ? 1 : LINE_COST;
  }

  /** Most events have one line, most readers wait between events: neither needs a list that can grow. */
  #keep(line: Uint8Array): void {
    if (this.#data === NO_LINES) this.#data = [line];
    else this.#data.push(line);
  }

  #takeLine(end: Uint8Array): void {
    if (this.#passing) {
      this.#passing = this.#lineBegun = false;
      return;
    }
    const blank = end.length === 0 && !this.#lineBegun;
    this.#heldBytes -= this.#line.length;
    let whole = this.#line.take(end);
    this.#lineBegun = false;
    if (this.#firstLine) {
      this.#firstLine = false;
      if (whole[0] === 0xef && whole[1] === 0xbb && whole[2] === 0xbf) whole = whole.subarray(3);
      if (whole.length === 0) return;
    }
    if (blank) this.#dispatch();
    else if (this.#oversized) this.#options.onPassOver?.(end.length);
    else this.#takeField(whole);
  }

  #takeField(field: Uint8Array): void {
    const value = fieldValue(field, DATA);
    const event = value ?? fieldValue(field, EVENT);
    if (event === undefined) return this.#takeStray(field);
    if (this.#stray !== undefined) this.#dispatch();
    if (value === undefined) this.#name = decoder.decode(event);
    else if (this.#hold(value.length + this.#lineCost())) this.#keep(value);
  }

  #takeStray(text: Uint8Array): void {
    if (!this.#followsStray(text[0])) return;
    const end = this.#stray!(text.subarray(this.#followedBytes));
    const part = end === -1 ? text : text.subarray(0, this.#followedBytes + end);
    this.#followedBytes = 0;
    if (!this.#hold(part.length + this.#lineCost())) return;
    this.#keep(part);
    if (end !== -1) this.#dispatch();
  }

  /** A line that begins with this byte is followed as stray JSON, if it is no field. */
  #followsStray(first: number | undefined): boolean {
    if (
      this.#stray === undefined && this.#options.onStray !== undefined && first === BRACE &&
      this.#data.length === 0 && this.#name === ""
    ) {
      this.#stray = followObject();
    }
    return this.#stray !== undefined;
  }

  /** The line may never be finished, yet have all of a stray object. What could be a field waits. */
  #takeUnfinished(fragment: Uint8Array): void {
    const first = this.#line.bytes[0];
    if (first === DATA[0] || first === EVENT[0] || !this.#followsStray(first)) return;
    const end = this.#stray!(fragment);
    if (end === -1) {
      this.#followedBytes += fragment.length;
      return;
    }
    this.#keep(this.#line.bytes.subarray(0, this.#line.length - fragment.length + end));
    this.#line.clear();
    this.#firstLine = false;
    this.#passing = true;
    this.#dispatch();
  }

  /** Where the repetitions that begin at `start` end: events of one line, and nothing of another event before them. */
  #passRepetitions(chunk: Uint8Array, start: number): number {
    const options = this.#options;
    if (options.endOfRepetition === undefined || this.#lineBegun || this.#firstLine || this.#oversized) {
      return start;
    }
    if (this.#data.length > 0 || this.#stray !== undefined) return start;
    while (startsWith(chunk, start, DATA_FIELD)) {
      const end = options.endOfRepetition(chunk, start + DATA_FIELD.length);
      if (end === -1 || chunk[end] !== LF || chunk[end + 1] !== LF) break;
      start = end + 2;
      this.#name = "";
    }
    return start;
  }

  #dispatch(): void {
    const complete = this.#data;
    const called = this.#name;
    const isStray = this.#stray !== undefined;
    this.#data = NO_LINES;
    this.#owned = 0;
    this.#name = "";
    this.#stray = undefined;
    this.#followedBytes = 0;
    this.#heldBytes = 0;
    this.#oversized = false;
    if (complete.length === 0) return;
    const whole = complete.length === 1 ? complete[0]! : joinLines(complete);
    if (isStray) this.#options.onStray?.(whole);
    else this.#options.onEvent(whole, called);
  }
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
