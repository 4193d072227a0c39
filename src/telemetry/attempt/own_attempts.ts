/**
 * The open attempts of one part, which count among those of the whole.
 *
 * @module
 */

import type { Attempt } from "./attempt.ts";

/** Open attempts of one part. */
export class OwnAttempts extends Set<Attempt> {
  readonly #all: Set<Attempt>;
  readonly #emptied: () => void;

  /** Those of a part of `all`; `emptied` is told when the last one ended. */
  constructor(all: Set<Attempt>, emptied: () => void) {
    super();
    this.#all = all;
    this.#emptied = emptied;
  }

  /** One began. */
  override add(attempt: Attempt): this {
    this.#all.add(attempt);
    return super.add(attempt);
  }

  /** One ends; its span is about to. */
  override delete(attempt: Attempt): boolean {
    this.#all.delete(attempt);
    const had = super.delete(attempt);
    if (had && this.size === 0) this.#emptied();
    return had;
  }
}
