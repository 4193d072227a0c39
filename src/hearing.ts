/**
 * What STT and realtime formats have in common: audio that is sent, confidences, ids.
 *
 * @module
 */

import type { RequestIdKind, SocketSinks } from "./types.ts";
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
