/**
 * The attempts that are open on one connection, by their keys.
 *
 * @module
 */

import type { Attempt } from "./attempt.ts";
import type { ConnectionUse } from "./attempt_state.ts";

/** Beyond this the oldest attempt is given up: a provider that never says it is done must not cost memory. */
const MAX_OPEN = 256;

/** An attempt, and how it uses its connection. */
export interface OpenAttempt {
  /** The attempt. */
  readonly attempt: Attempt;
  /** How it uses its connection. */
  readonly use: ConnectionUse;
}

/** Those that are open. */
export class OpenAttempts {
  readonly #attempts = new Map<string, OpenAttempt>();
  #model: string | undefined;

  /** The model that was asked for last. */
  get model(): string | undefined {
    this.live();
    return this.#model;
  }

  /** Adds one; the oldest of too many is given up. */
  add(key: string, open: OpenAttempt): void {
    const live = this.live();
    if (live.length >= MAX_OPEN) live[0]!.attempt.end("abandoned");
    this.#attempts.set(key, open);
  }

  /** The one that is open under that key. */
  find(key: string): Attempt | undefined {
    const attempt = this.#attempts.get(key)?.attempt;
    return attempt?.ended ? undefined : attempt;
  }

  /** All, oldest first; those that have ended are forgotten, but for the model that they asked for. */
  live(): OpenAttempt[] {
    for (const [key, { attempt }] of this.#attempts) {
      this.#model = attempt.requestModel ?? this.#model;
      if (attempt.ended) this.#attempts.delete(key);
    }
    return [...this.#attempts.values()];
  }
}
