/**
 * Whether a piece of JSON says anything new, told from its bytes.
 *
 * A stream's chunks are alike but for a few words. Once one was parsed and said nothing new, its bytes with the words
 * cut out are a skeleton; a chunk that fits it says nothing new either and is not parsed. It cannot miss anything:
 * all but the words is compared byte by byte.
 *
 * @module
 */

import { join } from "./held.ts";

/** Tells repetitions. */
export interface RepetitionFilter {
  /** Where the piece that begins at `at` ends, if it is one that was learned, but for its words; else -1. */
  endOfRepetition(bytes: Uint8Array, at: number): number;
  /** Learns a piece that said nothing new. */
  learn(data: Uint8Array): void;
}

/** More kinds of chunks than this do not alternate; the one learned first goes. */
const MAX_SKELETONS = 4;
/** Learning costs more than parsing. So often it may be in vain before it is given up; what it saves earns it back. */
const PATIENCE = 16;
/** Learning copies; a piece larger than this is rare and parsed each time. */
const MAX_LEARNED_BYTES = 16 * 1024;

const decoder = new TextDecoder();

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const SPACE = 0x20;

/** A piece without its words. */
interface Skeleton {
  /** All bytes that must be there. */
  readonly bones: DataView;
  /** Where among them a word may stand, any one, and last their end. */
  readonly joints: readonly number[];
}

/**
 * Creates a filter.
 *
 * @param words keys whose values are mere words: non-empty strings, or numbers. Whether such a value is there, and
 *   everything else, still counts
 */
export function filterRepetitions(words: ReadonlySet<string>): RepetitionFilter {
  return new SkeletonFilter(words);
}

const NONE: readonly never[] = [];

class SkeletonFilter implements RepetitionFilter {
  readonly #words: ReadonlySet<string>;
  #skeletons: readonly Skeleton[] = NONE;
  #patience = PATIENCE;

  constructor(words: ReadonlySet<string>) {
    this.#words = words;
  }

  endOfRepetition(bytes: Uint8Array, at: number): number {
    if (this.#skeletons.length === 0) return -1;
    const view = viewOf(bytes);
    for (const skeleton of this.#skeletons) {
      const end = endOfFit(bytes, view, at, skeleton);
      if (end === -1) continue;
      if (this.#patience < PATIENCE) this.#patience++;
      return end;
    }
    return -1;
  }

  learn(data: Uint8Array): void {
    if (this.#patience === 0 || data.length > MAX_LEARNED_BYTES) return;
    this.#patience--;
    const skeleton = cutWords(data, this.#words);
    if (skeleton.joints.length < 2) return;
    this.#skeletons = this.#skeletons.concat(skeleton).slice(-MAX_SKELETONS);
  }
}

/** Where a piece that has these bones ends, or -1 when it has others. */
function endOfFit(data: Uint8Array, view: DataView, at: number, { bones, joints }: Skeleton): number {
  let bone = 0;
  for (let index = 0; index < joints.length; index++) {
    const joint = joints[index]!;
    if (bone > 0) {
      // a string's word begins after its quote, and ends before it: the quotes are bones
      const end = data[at - 1] === QUOTE ? endOfString(data, at) : endOfNumber(data, at);
      if (end <= at) return -1;
      at = end;
    }
    const length = joint - bone;
    if (!isAt(view, at, bones, bone, length)) return -1;
    at += length;
    bone = joint;
  }
  return at;
}

/** Compares four bytes at a time: most of a stream is compared here. */
function isAt(view: DataView, at: number, bones: DataView, bone: number, length: number): boolean {
  if (at + length > view.byteLength) return false;
  let i = 0;
  for (; i + 4 <= length; i += 4) if (view.getInt32(at + i) !== bones.getInt32(bone + i)) return false;
  for (; i < length; i++) if (view.getInt8(at + i) !== bones.getInt8(bone + i)) return false;
  return true;
}

/** Cuts the words out of a piece of valid JSON. */
function cutWords(data: Uint8Array, words: ReadonlySet<string>): Skeleton {
  const bones: Uint8Array[] = [];
  const joints: number[] = [];
  let length = 0;
  let from = 0;
  const keep = (to: number): void => {
    bones.push(data.subarray(from, to));
    joints.push(length += to - from);
  };
  for (let at = 0; at < data.length; at++) {
    if (data[at] !== QUOTE) continue;
    const end = endOfString(data, at + 1);
    if (end < 0) break;
    const key = data.subarray(at + 1, end);
    at = end;
    const value = startOfValue(data, end + 1);
    if (value < 0 || !words.has(decoder.decode(key))) continue;
    const isString = data[value] === QUOTE;
    const begin = isString ? value + 1 : value;
    const stop = isString ? endOfString(data, begin) : endOfNumber(data, begin);
    if (stop <= begin) continue;
    keep(begin);
    from = stop;
    at = isString ? stop : stop - 1;
  }
  keep(data.length);
  return { bones: viewOf(join(bones)), joints: joints.slice() }; // without the room to grow
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Where the value of a key begins, or -1 when the string before was no key. */
function startOfValue(data: Uint8Array, at: number): number {
  while (isSpace(data[at])) at++;
  if (data[at] !== COLON) return -1;
  at++;
  while (isSpace(data[at])) at++;
  return at;
}

/** Where a string ends: at its quote. -1 when it does not, or not before the end of the line. */
function endOfString(data: Uint8Array, at: number): number {
  for (; at < data.length; at++) {
    const byte = data[at]!;
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at++;
    else if (byte < SPACE) return -1;
  }
  return -1;
}

/** Where a number ends. */
function endOfNumber(data: Uint8Array, at: number): number {
  while (isNumeric(data[at])) at++;
  return at;
}

function isNumeric(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return byte >= 0x30 && byte <= 0x39 || byte === 0x2b || byte === 0x2d || byte === 0x2e || byte === 0x45 ||
    byte === 0x65;
}

function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
