/**
 * Where a moment of sent audio is in time.
 *
 * @module
 */

/** Pieces closer together than this are one. */
const RESOLUTION_SECONDS = 0.02;

/** As exact as the times of pieces are kept. */
const TOLERANCE_MS = 10;

/** Lengths that differ by less are the same. */
const SAME_SECONDS = 1e-6;

/** Moments further back than this many runs are not known any more. */
const MAX_RUNS = 128;

/** A piece of audio. */
interface Piece {
  /** Seconds of audio sent, with this piece. */
  readonly end: number;
  /** Seconds of it. */
  readonly length: number;
  /** When it was sent. */
  readonly at: number;
}

/** Pieces of one length, sent at one pace. */
interface Run extends Piece {
  /** How many came after the first. */
  more: number;
  /** Bounds of the milliseconds from one to the next, between which each is told exactly enough. */
  least: number;
  most: number;
}

/**
 * Tells when a moment of the audio was sent. Providers say where in the audio speech began and ended; whoever speaks
 * live sends each moment just after it was spoken. Live audio comes at one pace, so that minutes of it are one run.
 */
export class AudioClock {
  #runs: Run[] | undefined;
  /** The newest piece: it grows until it is worth one of its own. */
  #newest: Piece | undefined;
  #seconds = 0;
  #forgotten = 0;

  /** Seconds of audio that were sent so far. */
  get seconds(): number {
    return this.#seconds;
  }

  /** So many more seconds were sent at that time, in milliseconds since the Unix epoch. */
  sent(seconds: number, at: number): void {
    const newest = this.#newest;
    const isWorthOne = newest !== undefined && newest.length + seconds >= RESOLUTION_SECONDS;
    if (isWorthOne) this.#add(newest);
    this.#seconds += seconds;
    const length = newest === undefined || isWorthOne ? seconds : newest.length + seconds;
    this.#newest = { end: this.#seconds, length, at };
  }

  /** When that moment of the audio was sent, within 10 ms; `undefined` where it was not, or is forgotten. */
  timeOf(audioSeconds: number): number | undefined {
    if (!(audioSeconds >= this.#forgotten) || this.#newest === undefined) return undefined;
    const { end, length, at } = this.#newest;
    if (audioSeconds > end + SAME_SECONDS) return undefined;
    if (audioSeconds > end - length + SAME_SECONDS) return at;
    const run = this.#runs?.find((run) => audioSeconds <= run.end + run.more * run.length + SAME_SECONDS);
    if (run === undefined) return at;
    const piece = Math.ceil((audioSeconds - run.end - SAME_SECONDS) / run.length);
    return piece <= 0 ? run.at : run.at + piece * (run.least + run.most) / 2;
  }

  #add(piece: Piece): void {
    const runs = this.#runs ??= [];
    const last = runs.at(-1);
    if (last !== undefined && continues(last, piece)) return;
    runs.push({ ...piece, more: 0, least: -Infinity, most: Infinity });
    if (runs.length <= MAX_RUNS) return;
    const oldest = runs.shift()!;
    this.#forgotten = oldest.end + oldest.more * oldest.length;
  }
}

/** Takes a piece into a run, if there is a pace at which all of its pieces are told exactly enough. */
function continues(run: Run, { length, at }: Piece): boolean {
  if (Math.abs(length - run.length) > SAME_SECONDS) return false;
  const count = run.more + 1;
  const least = Math.max(run.least, (at - run.at - TOLERANCE_MS) / count);
  const most = Math.min(run.most, (at - run.at + TOLERANCE_MS) / count);
  if (least > most) return false;
  Object.assign(run, { more: count, least, most });
  return true;
}
