/**
 * What STT and realtime formats have in common: audio that is sent, confidences, ids.
 *
 * @module
 */

import type { RequestIdKind, SocketSinks, Transcript } from "./types.ts";
import { type AudioMeter, type AudioShape, measureAudio } from "./wire/audio.ts";
import { asCount, asList, asObject, asText } from "./wire/json.ts";

/** Audio that goes over a socket to be heard. */
export class SentAudio {
  readonly #sinks: SocketSinks;
  readonly #meter: AudioMeter;
  #seconds = 0;

  /** Audio of that shape, for what `sinks` hears. */
  constructor(sinks: SocketSinks, shape: AudioShape) {
    this.#sinks = sinks;
    this.#meter = measureAudio(shape);
  }

  /** How much there was so far. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Bytes were sent. */
  bytes(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#sent(this.#meter.push(bytes));
  }

  /** Base64 text was sent. */
  base64(text: string | undefined): void {
    if (text) this.#sent(this.#meter.pushBase64(text));
  }

  /** A `Blob` was sent, of which only the size is known in time. */
  blob(size: number): void {
    if (size > 0) this.#sent(this.#meter.pushSize(size));
  }

  #sent(seconds: number): void {
    this.#seconds += seconds;
    this.#sinks.audioSent(seconds);
  }
}

/** A text that stands where an id stands: not one that holds JSON. */
export function asId(value: unknown): string | undefined {
  const text = asText(value);
  return text === undefined || /^\s*[{["]/.test(text) ? undefined : text;
}

/** Notes an id of the connection, where the value is one. */
export function noteConnectionId(sinks: SocketSinks, value: unknown, kind: RequestIdKind): void {
  const id = asId(value);
  if (id !== undefined) sinks.noteConnectionId(id, kind);
}

/** Milliseconds as seconds. */
export function secondsOf(milliseconds: unknown): number | undefined {
  const count = asCount(milliseconds);
  return count === undefined ? undefined : count / 1000;
}

/** The first begin and the last end among recognized words, in their own unit. */
export function wordSpan(
  words: unknown,
  begin = "start",
  end = "end",
): { readonly begin?: number | undefined; readonly end?: number | undefined } {
  const list = asList(words);
  return { begin: asCount(asObject(list[0])?.[begin]), end: asCount(asObject(list.at(-1))?.[end]) };
}

/** How sure a provider is of its words on the whole, where it only says so of each: the mean. */
export function meanConfidence(words: unknown): number | undefined {
  const known = asList(words).map((word) => asCount(asObject(word)?.confidence))
    .filter((confidence) => confidence !== undefined);
  return known.length > 0 ? known.reduce((sum, one) => sum + one, 0) / known.length : undefined;
}

/** Channels beyond this are taken for one. */
const MAX_CHANNELS = 32;

const NONE: readonly never[] = [];

/** Utterances one after another, each ended once; on several channels the turn is over when nobody speaks any more. */
export class Utterances {
  readonly #sinks: SocketSinks;
  /** Channels on which one has begun. */
  #open: readonly number[] = NONE;
  #awaited = false;

  /** The utterances that `sinks` hears. */
  constructor(sinks: SocketSinks) {
    this.#sinks = sinks;
  }

  /** Whether one is over whose last transcript is still to come. */
  get awaited(): boolean {
    return this.#awaited;
  }

  /** Whether one has begun on that channel and is not over. */
  isOpen(channel?: unknown): boolean {
    return this.#open.includes(channelOf(channel));
  }

  /** Text that says something was recognized. */
  transcript(transcript: Transcript, channel?: unknown): void {
    if (!this.#awaited && !this.isOpen(channel)) this.#open = this.#open.concat(channelOf(channel));
    this.#sinks.whole().output("text");
    this.#sinks.turn().transcript(transcript);
  }

  /** The one on that channel is over, if there is one; its last transcript came, or is still to come. */
  end(channel?: unknown, lastToCome = false): void {
    if (!this.isOpen(channel)) return;
    this.#open = this.#open.filter((open) => open !== channelOf(channel));
    if (this.#open.length === 0) this.#commit(lastToCome);
  }

  /** The provider has no more to say: whatever is open is over. */
  finish(): void {
    const open = this.#open.length > 0;
    this.#open = NONE;
    if (open) this.#commit();
    this.settle();
  }

  /** The last transcript came, or will not come. */
  settle(): void {
    if (!this.#awaited) return;
    this.#awaited = false;
    this.#sinks.turn().settle();
  }

  #commit(lastToCome = false): void {
    this.#sinks.turn().commit();
    this.#awaited = true;
    if (!lastToCome) this.settle();
  }
}

function channelOf(index: unknown): number {
  return Math.min(Math.floor(asCount(index) ?? 0), MAX_CHANNELS);
}
