/**
 * The attempts that are open on one connection, by their keys.
 *
 * @module
 */

import type { Attempt } from "./attempt.ts";

/** Beyond this the oldest attempt is given up: a provider that never says it is done must not cost memory. */
const MAX_OPEN = 256;

/** Those that are open. */
export class OpenAttempts {
  readonly #attempts = new Map<string, Attempt>();
  #model: string | undefined;

  /** The model that was asked for last. */
  get model(): string | undefined {
    this.live();
    return this.#model;
  }

  /** Adds one; the oldest of too many is given up. */
  add(key: string, attempt: Attempt): void {
    const live = this.live();
    if (live.length >= MAX_OPEN) live[0]!.end("abandoned");
    this.#attempts.set(key, attempt);
  }

  /** The one that is open under that key. */
  find(key: string): Attempt | undefined {
    const attempt = this.#attempts.get(key);
    return attempt?.ended ? undefined : attempt;
  }

  /** All, oldest first; those that have ended are forgotten, but for the model that they asked for. */
  live(): Attempt[] {
    for (const [key, attempt] of this.#attempts) {
      this.#model = attempt.requestModel ?? this.#model;
      if (attempt.ended) this.#attempts.delete(key);
    }
    return [...this.#attempts.values()];
  }
}
