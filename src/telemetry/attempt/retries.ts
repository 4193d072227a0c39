/**
 * Which attempts of one node are tries of the same call.
 *
 * @module
 */

import type { Operation } from "../../types.ts";
import type { EndedAttempt, Retry } from "./attempt_state.ts";

interface Trail {
  readonly count: number;
  readonly endedAt: number;
  readonly reason: string;
}

/** Follows tries: what begins after a failure of the same operation tries again; after a success it is another call. */
export class Retries {
  readonly #trails = new Map<Operation, Trail>();

  /** What came before an attempt that begins now. */
  before(operation: Operation, startedAt: number): Retry | undefined {
    const trail = this.#trails.get(operation);
    return trail && {
      count: trail.count,
      delaySeconds: Math.max(startedAt - trail.endedAt, 0) / 1000,
      reason: trail.reason,
    };
  }

  /** An attempt ended. */
  ended({ start: { operation }, state: { failure }, endedAt }: EndedAttempt): void {
    if (failure === undefined) {
      this.#trails.delete(operation);
      return;
    }
    const count = (this.#trails.get(operation)?.count ?? 0) + 1;
    this.#trails.set(operation, { count, endedAt, reason: failure.type });
  }
}
