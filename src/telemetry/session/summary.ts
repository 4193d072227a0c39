/**
 * What a session came to: what people otherwise add up by hand.
 *
 * @module
 */

import type { Outcome } from "../attempt/attempt_state.ts";
import type { AttemptRecord } from "./ledger.ts";
import type { LatencySummary } from "../turn/turn_latency.ts";
import type { UsageSummary } from "../usage/usage.ts";

/** How attempts ended. */
export type AttemptTally = Readonly<Record<Outcome | "total", number>>;

/** Failures of one class at one provider. */
export interface ErrorTally {
  /** The provider, as `gen_ai.provider.name` has it. */
  readonly provider: string;
  /** The class: `error.type`. */
  readonly errorType: string;
  /** How many. */
  readonly count: number;
}

/** What a session came to. */
export interface SessionSummary {
  /** Its id. */
  readonly id: string;
  /** From its start until now, or its end. */
  readonly durationSeconds: number;
  /** What was used, by kind, provider and model. */
  readonly usage: UsageSummary;
  /** What the user waited for, by turn and overall. */
  readonly latency: LatencySummary;
  /** Attempts by how they ended. */
  readonly attempts: AttemptTally;
  /** Failures by provider and class. */
  readonly errors: readonly ErrorTally[];
}

/** Classes of failures beyond this are counted as one. */
const MAX_CLASSES = 64;

/** Counts how attempts end. */
export class Tally {
  readonly #counts: Record<Outcome | "total", number> = {
    total: 0,
    success: 0,
    error: 0,
    cancelled: 0,
    abandoned: 0,
  };
  readonly #errors = new Map<string, { provider: string; errorType: string; count: number }>();

  /** Counts that begin with those. */
  constructor(counts: Partial<AttemptTally> = {}, errors: readonly ErrorTally[] = []) {
    Object.assign(this.#counts, counts);
    for (const error of errors) this.#errors.set(`${error.provider} ${error.errorType}`, { ...error });
  }

  /** An attempt ended. */
  add({ provider, outcome, errorType }: Pick<AttemptRecord, "provider" | "outcome" | "errorType">): void {
    this.#counts.total++;
    this.#counts[outcome]++;
    if (errorType === undefined) return;
    const isKnown = this.#errors.has(`${provider} ${errorType}`);
    const type = isKnown || this.#errors.size < MAX_CLASSES ? errorType : "other";
    const key = `${provider} ${type}`;
    const known = this.#errors.get(key);
    if (known === undefined) this.#errors.set(key, { provider, errorType: type, count: 1 });
    else known.count++;
  }

  /** So far. */
  get attempts(): AttemptTally {
    return { ...this.#counts };
  }

  /** So far. */
  get errors(): readonly ErrorTally[] {
    return [...this.#errors.values()].map((error) => ({ ...error }));
  }
}
