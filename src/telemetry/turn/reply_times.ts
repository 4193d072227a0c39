/**
 * The times of a turn of the agent, taken as they come. Milliseconds since the Unix epoch.
 *
 * @module
 */

import type { ReplyMarks, ToolRound } from "./reply_clock.ts";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Rounds beyond this are in what comes after them. */
const MAX_ROUNDS = 32;

/** The times of one turn. */
export class ReplyTimes {
  readonly #marks: Mutable<Omit<ReplyMarks, "rounds">> = {};
  readonly #rounds: Mutable<ToolRound>[] = [];

  /** Those that are known. */
  get marks(): ReplyMarks {
    return { ...this.#marks, rounds: this.#rounds };
  }

  /** A model was asked; again, if tools were called before. */
  asked(at: number): void {
    const round = this.#rounds.at(-1);
    if (this.#marks.askedAt === undefined) this.#marks.askedAt = at;
    else if (round !== undefined && !this.#isSpoken) round.askedAt ??= at;
  }

  /** What was asked then gave its first text or tool call. */
  answered(at: number, askedAt: number): void {
    const round = this.#rounds.at(-1);
    if (this.#marks.answeredAt === undefined) this.#marks.answeredAt = at;
    else if (round?.askedAt !== undefined && askedAt >= round.askedAt) round.answeredAt ??= at;
  }

  /** What was asked then is over, and wants tools called. */
  toolsCalled(askedAt: number): void {
    // one that ends late is of a round that went on without it
    if (askedAt >= (this.#rounds.at(-1)?.askedAt ?? -Infinity)) this.#round();
  }

  /** A tool began to run. */
  toolRan(at: number): void {
    const round = this.#round();
    if (round !== undefined) round.ranAt ??= at;
  }

  /** Text went to be spoken. */
  spoken(at: number): void {
    this.#marks.spokenAt ??= at;
  }

  /** Audio came. */
  audio(at: number): void {
    this.#marks.audioAt ??= at;
  }

  /** The agent could be heard. */
  audible(at: number): void {
    this.#marks.audibleAt ??= at;
  }

  /** Whether what tools do is nothing that the user waits in silence for. */
  get #isSpoken(): boolean {
    const { spokenAt, audioAt, audibleAt } = this.#marks;
    return (spokenAt ?? audioAt ?? audibleAt) !== undefined;
  }

  /** The round of tools that is under way, or another. Tools that no model called are in what comes after them. */
  #round(): Mutable<ToolRound> | undefined {
    if (this.#marks.answeredAt === undefined || this.#isSpoken) return undefined;
    const last = this.#rounds.at(-1);
    if (last !== undefined && last.askedAt === undefined) return last;
    if (this.#rounds.length === MAX_ROUNDS) return undefined;
    const round: Mutable<ToolRound> = {};
    this.#rounds.push(round);
    return round;
  }
}
