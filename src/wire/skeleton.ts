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
  /** Whether the piece is one that was learned, but for its words. */
  repeats(data: Uint8Array): boolean;
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

/** A piece without its words. */
interface Skeleton {
  /** All bytes that must be there. */
  readonly bones: Uint8Array;
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

  repeats(data: Uint8Array): boolean {
    const repeated = this.#skeletons.some((skeleton) => fits(data, skeleton));
    if (repeated && this.#patience < PATIENCE) this.#patience++;
    return repeated;
  }

  learn(data: Uint8Array): void {
    if (this.#patience === 0 || data.length > MAX_LEARNED_BYTES) return;
    this.#patience--;
    const skeleton = cutWords(data, this.#words);
    if (skeleton.joints.length < 2) return;
    this.#skeletons = this.#skeletons.concat(skeleton).slice(-MAX_SKELETONS);
  }
}

function fits(data: Uint8Array, { bones, joints }: Skeleton): boolean {
  let at = 0;
  let bone = 0;
  for (const joint of joints) {
    if (bone > 0) {
      // a string's word begins after its quote, and ends before it: the quotes are bones
      const end = bones[bone - 1] === QUOTE ? endOfString(data, at) : endOfNumber(data, at);
      if (end <= at) return false;
      at = end;
    }
    if (at + joint - bone > data.length) return false;
    while (bone < joint) if (data[at++] !== bones[bone++]) return false;
  }
  return at === data.length;
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
  return { bones: join(bones), joints: joints.slice() }; // without the room to grow
}

/** Where the value of a key begins, or -1 when the string before was no key. */
function startOfValue(data: Uint8Array, at: number): number {
  while (isSpace(data[at])) at++;
  if (data[at] !== COLON) return -1;
  at++;
  while (isSpace(data[at])) at++;
  return at;
}

/** Where a string ends: at its quote. -1 when it does not. */
function endOfString(data: Uint8Array, at: number): number {
  for (; at < data.length; at++) {
    if (data[at] === QUOTE) return at;
    if (data[at] === BACKSLASH) at++;
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
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
