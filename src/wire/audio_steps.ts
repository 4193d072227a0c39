/**
 * Containers of audio, gone through step by step: headers are looked at, all else is passed over unread.
 *
 * @module
 */

/** So many bytes on, and so many seconds of audio in them. */
export interface AudioStep {
  /** How many bytes on; beyond those at hand if need be. */
  readonly bytes: number;
  /** How many seconds they are. */
  readonly seconds: number;
}

/** Looks at what stands at `at`; `undefined` when more bytes are needed to tell. */
export type NextStep = (bytes: Uint8Array, at: number) => AudioStep | undefined;

/** Measures pieces of any size. */
export interface PieceMeter {
  /** How many seconds the next piece adds. */
  push(piece: Uint8Array): number;
}

/** Nothing that is known: on to the next byte. */
export const UNKNOWN_BYTE: AudioStep = { bytes: 1, seconds: 0 };

/** More than the largest page of Ogg. What needs more is no audio. */
const MAX_HELD_BYTES = 64 * 1024;

const NOTHING = new Uint8Array(0);

/** Creates a meter that goes through pieces as if they were one. */
export function meterSteps(next: NextStep): PieceMeter {
  return new StepMeter(next);
}

class StepMeter implements PieceMeter {
  readonly #next: NextStep;
  #held: Uint8Array = NOTHING;
  #skip = 0;

  constructor(next: NextStep) {
    this.#next = next;
  }

  push(piece: Uint8Array): number {
    if (this.#skip >= piece.length) {
      this.#skip -= piece.length;
      return 0;
    }
    const next = this.#next;
    const bytes = append(this.#held, this.#skip > 0 ? piece.subarray(this.#skip) : piece);
    let seconds = 0;
    let at = 0;
    while (at < bytes.length) {
      const step = next(bytes, at);
      if (step === undefined) break;
      at += step.bytes;
      seconds += step.seconds;
    }
    this.#skip = Math.max(0, at - bytes.length);
    const left = bytes.length - at;
    // a copy: the piece is the caller's
    this.#held = left <= 0 || left > MAX_HELD_BYTES ? NOTHING : bytes.slice(at);
    return seconds;
  }
}

/** One after the other; without a copy where there is but one. */
export function append(before: Uint8Array, bytes: Uint8Array): Uint8Array {
  if (before.length === 0) return bytes;
  const all = new Uint8Array(before.length + bytes.length);
  all.set(before);
  all.set(bytes, before.length);
  return all;
}

/** Whether that name stands at `at`. */
export function hasName(bytes: Uint8Array, at: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) if (bytes[at + i] !== name.charCodeAt(i)) return false;
  return true;
}

/** For reading numbers from `at` on. */
export function viewAt(bytes: Uint8Array, at: number): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset + at, bytes.byteLength - at);
}
