/**
 * What TTS formats have in common: counting characters, measuring audio, contexts on a socket.
 *
 * @module
 */

import type { Failure, RequestIdKind, Sink, SocketSinks } from "./types.ts";
import { type AudioEncoding, type AudioMeter, type AudioShape, measureAudio } from "./wire/audio.ts";
import { decodeHex } from "./wire/hex.ts";

/** The speech of one attempt: the text that went, the audio that came. */
export class Speech {
  /** Takes ids, facts and the end. */
  readonly sink: Sink;
  readonly #meter: AudioMeter;

  /** The speech of the attempt behind `sink`, whose audio has that shape. */
  constructor(sink: Sink, shape: AudioShape) {
    this.sink = sink;
    this.#meter = measureAudio(shape);
  }

  /** Text went to be spoken. */
  text(text: string): void {
    this.sink.addCharacters(countCharacters(text));
    this.sink.content?.speech(text);
  }

  /** Audio came, as bytes. */
  audio(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#add(this.#meter.push(bytes));
  }

  /** Audio came, as base64 text. */
  base64(text: string | undefined): void {
    if (text) this.#add(this.#meter.pushBase64(text));
  }

  /** Audio came, as hexadecimal text. */
  hex(text: string | undefined): void {
    if (text) this.audio(decodeHex(text));
  }

  /** Audio came as a `Blob`, of which only the size is known in time. */
  blob(size: number): void {
    if (size > 0) this.#add(this.#meter.pushSize(size));
  }

  /** An error ended it. */
  fail(failure: Failure): void {
    this.sink.fail(failure);
    this.sink.complete();
  }

  #add(seconds: number): void {
    this.sink.output("audio");
    if (seconds > 0) this.sink.addAudio(seconds);
  }
}

/** The speech of each context that is open, on whatever socket: a map of its own would cost each socket more. */
const speeches = new WeakMap<Sink, Speech>();

/** The contexts of one socket, each with its speech. */
export class SpeechContexts {
  readonly #sinks: SocketSinks;

  /** The contexts of the attempts that `sinks` gives. */
  constructor(sinks: SocketSinks) {
    this.#sinks = sinks;
  }

  /** The speech of a context, begun with its first text. */
  begin(key: string, shape: AudioShape): Speech {
    const sink = this.#sinks.begin(key);
    const known = speeches.get(sink);
    if (known !== undefined) return known;
    const speech = new Speech(sink, shape);
    speeches.set(sink, speech);
    return speech;
  }

  /** The speech of a context that is open. */
  find(key: string): Speech | undefined {
    const sink = this.#sinks.find(key);
    return sink && speeches.get(sink);
  }

  /** The oldest that is open: where frames name none, each frame is its. */
  oldest(): Speech | undefined {
    for (const sink of this.#sinks.all()) {
      const speech = speeches.get(sink);
      if (speech !== undefined) return speech;
    }
    return undefined;
  }

  /** All that are open, oldest first. */
  all(): Speech[] {
    return this.#sinks.all().flatMap((sink) => speeches.get(sink) ?? []);
  }

  /** An id of the connection, for all attempts on it. */
  noteConnectionId(id: string, kind?: RequestIdKind): void {
    this.#sinks.noteConnectionId(id, kind);
  }
}

/** The text in SSML: without tags, white space as one blank, any entity as one character. */
export function ssmlText(ssml: string): string {
  return ssml.replace(/<[^<>]*>/g, "").replace(/&#?\w{1,8};/g, "&").replace(/\s+/g, " ").trim();
}

/** Characters as people and providers count them: code points. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

const ENCODINGS: readonly (readonly [RegExp, AudioEncoding])[] = [
  [/wav/, "wav"],
  [/mp3|mpeg/, "mp3"],
  [/opus|ogg/, "ogg"],
  [/mu-?law|ulaw|pcmu|basic/, "mulaw"],
  [/a-?law|pcma/, "alaw"],
  [/f32|float/, "pcm_f32"],
  [/s?24(le)?$|pcm_s24/, "pcm_s24"],
  [/pcm_s32/, "pcm_s32"],
  [/pcm|l16|linear|raw|s16/, "pcm_s16"],
];

/** Formats whose length we cannot tell. */
const COMPRESSED = /flac|aac|m4a|mp4|webm|amr/;

/**
 * The shape that a provider's word for a format means: `pcm_24000`, `mp3_44100_128`, `ulaw_8000`, `LINEAR16`,
 * `audio/L16;rate=24000`, … A rate in the word wins over `sampleRate`.
 */
export function audioShape(format: string | undefined, sampleRate?: number | undefined): AudioShape {
  const word = format?.toLowerCase() ?? "";
  // its rate would make it look like raw audio
  if (COMPRESSED.test(word)) return {};
  const rate = /(?:^|[^\d])(8000|11025|16000|22050|24000|32000|44100|48000|96000)(?:[^\d]|$)/.exec(word)?.[1];
  return {
    encoding: ENCODINGS.find(([pattern]) => pattern.test(word))?.[1],
    sampleRate: rate === undefined ? sampleRate : Number(rate),
  };
}
