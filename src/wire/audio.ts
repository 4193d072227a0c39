/**
 * How long audio is, told from its bytes. Nothing is decoded and nothing kept but a header's worth.
 *
 * @module
 */

import { meterMp3, mp3FrameAt } from "./audio_mp3.ts";
import { meterOgg } from "./audio_ogg.ts";
import { append, hasName, type PieceMeter } from "./audio_steps.ts";
import { meterWav } from "./audio_wav.ts";
import { base64Bytes, decodeBase64 } from "./base64.ts";

/** How audio is coded. `container` formats say the rest themselves. */
export type AudioEncoding =
  | "pcm_s16"
  | "pcm_s24"
  | "pcm_s32"
  | "pcm_f32"
  | "mulaw"
  | "alaw"
  | "wav"
  | "mp3"
  | "ogg";

/** What is known of audio beforehand. */
export interface AudioShape {
  /** How it is coded; found out from its first bytes when absent. */
  readonly encoding?: AudioEncoding | undefined;
  /** Samples per second, of raw encodings. */
  readonly sampleRate?: number | undefined;
  /**
   * Channels, of raw encodings.
   *
   * @default 1
   */
  readonly channels?: number | undefined;
}

/** Measures a stream of audio. */
export interface AudioMeter {
  /** How many seconds the next bytes add. */
  push(bytes: Uint8Array): number;
  /** The same for base64 text. */
  pushBase64(text: string): number;
  /** The same where only the number of bytes is known: raw encodings need no more, containers add nothing. */
  pushSize(size: number): number;
}

const BYTES_PER_SAMPLE: Readonly<Partial<Record<AudioEncoding, number>>> = {
  pcm_s16: 2,
  pcm_s24: 3,
  pcm_s32: 4,
  pcm_f32: 4,
  mulaw: 1,
  alaw: 1,
};

/** Raw encodings by the bits of a sample. */
export const PCM_OF_BITS: Readonly<Record<number, AudioEncoding | undefined>> = {
  16: "pcm_s16",
  24: "pcm_s24",
  32: "pcm_s32",
};

/** Bytes by which audio of unknown coding is told. */
const SIGNATURE_BYTES = 4;

/** Creates a meter. One that does not know enough measures nothing: 0 seconds, always. */
export function measureAudio(shape: AudioShape): AudioMeter {
  const { encoding } = shape;
  const bytesPerSample = encoding && BYTES_PER_SAMPLE[encoding];
  return bytesPerSample === undefined ? new ContainerMeter(shape) : new SampleMeter(bytesPerSample, shape);
}

class SampleMeter implements AudioMeter {
  readonly #bytesPerSecond: number;

  constructor(bytesPerSample: number, { sampleRate, channels = 1 }: AudioShape) {
    this.#bytesPerSecond = bytesPerSample * channels * (sampleRate ?? 0);
  }

  push(bytes: Uint8Array): number {
    return this.pushSize(bytes.length);
  }

  pushBase64(text: string): number {
    return this.pushSize(base64Bytes(text));
  }

  pushSize(bytes: number): number {
    return this.#bytesPerSecond > 0 ? bytes / this.#bytesPerSecond : 0;
  }
}

class ContainerMeter implements AudioMeter {
  readonly #shape: AudioShape;
  #meter: AudioMeter | undefined;
  #held: Uint8Array | undefined;

  constructor(shape: AudioShape) {
    this.#shape = shape;
    this.#meter = shape.encoding && meterOf(shape.encoding, shape);
  }

  push(bytes: Uint8Array): number {
    if (this.#meter !== undefined) return this.#meter.push(bytes);
    const first = this.#held === undefined ? bytes : append(this.#held, bytes);
    if (first.length < SIGNATURE_BYTES) {
      this.#held = first.slice();
      return 0;
    }
    this.#held = undefined;
    this.#meter = meterOf(recognize(first), this.#shape);
    return this.#meter.push(first);
  }

  pushBase64(text: string): number {
    return this.#meter === undefined ? this.push(decodeBase64(text)) : this.#meter.pushBase64(text);
  }

  pushSize(): number {
    return 0;
  }
}

function meterOf(encoding: AudioEncoding | undefined, shape: AudioShape): AudioMeter {
  if (encoding === "wav") return new LookingMeter(meterWav());
  if (encoding === "mp3") return new LookingMeter(meterMp3());
  if (encoding === "ogg") return new LookingMeter(meterOgg());
  // headerless: 16 bit is what all who send it without saying so send
  return new SampleMeter(2, shape);
}

/** Measures a container, which must be looked into. */
class LookingMeter implements AudioMeter {
  readonly #pieces: PieceMeter;

  constructor(pieces: PieceMeter) {
    this.#pieces = pieces;
  }

  push(bytes: Uint8Array): number {
    return this.#pieces.push(bytes);
  }

  pushBase64(text: string): number {
    return this.push(decodeBase64(text));
  }

  pushSize(): number {
    return 0;
  }
}

function recognize(bytes: Uint8Array): AudioEncoding | undefined {
  if (hasName(bytes, 0, "RIFF")) return "wav";
  if (hasName(bytes, 0, "OggS")) return "ogg";
  if (hasName(bytes, 0, "ID3") || mp3FrameAt(bytes, 0) !== undefined) return "mp3";
  return undefined;
}
