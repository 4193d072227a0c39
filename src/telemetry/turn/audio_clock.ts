/**
 * Where a moment of sent audio is in time.
 *
 * @module
 */

/** Marks closer together than this are one. */
const RESOLUTION_SECONDS = 0.02;

/** Moments further back than this many marks are not known any more: at 50 marks a second, 80 seconds. */
const MAX_MARKS = 4096;

interface Mark {
  /** Seconds of audio sent, with this piece. */
  readonly end: number;
  /** When the piece was sent. */
  readonly at: number;
}

/**
 * Tells when a moment of the audio was sent. Providers say where in the audio speech began and ended; whoever speaks
 * live sends each moment just after it was spoken.
 */
export class AudioClock {
  #marks: Mark[] = [];
  #seconds = 0;
  #forgotten = 0;

  /** Seconds of audio that were sent so far. */
  get seconds(): number {
    return this.#seconds;
  }

  /** So many more seconds were sent at that time, in milliseconds since the Unix epoch. */
  sent(seconds: number, at: number): void {
    this.#seconds += seconds;
    const last = this.#marks.at(-2);
    // the newest mark grows until it is worth one of its own
    if (last !== undefined && this.#seconds - last.end < RESOLUTION_SECONDS) this.#marks.pop();
    this.#marks.push({ end: this.#seconds, at });
    if (this.#marks.length > MAX_MARKS) {
      this.#forgotten = this.#marks[MAX_MARKS / 2 - 1]!.end;
      this.#marks = this.#marks.slice(MAX_MARKS / 2);
    }
  }

  /** When that moment of the audio was sent; `undefined` where it was not, or is forgotten. */
  timeOf(audioSeconds: number): number | undefined {
    if (!(audioSeconds >= this.#forgotten)) return undefined;
    let low = 0;
    let high = this.#marks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#marks[middle]!.end < audioSeconds - 1e-9) low = middle + 1;
      else high = middle;
    }
    return this.#marks[low]?.at;
  }
}
