/**
 * What a session came to: what people otherwise add up by hand.
 *
 * @module
 */

import type { Outcome } from "../attempt/attempt_state.ts";
import type { AttemptRecord } from "./ledger.ts";
import type { LatencySummary, TurnLatency } from "../turn/turn_latency.ts";
import type { UsageSummary } from "../usage/usage.ts";

/** How attempts ended. `retried` ones tried again what had failed before. */
export type AttemptTally = Readonly<Record<Outcome | "total" | "retried", number>>;

/** Turns by whose they are. */
export interface TurnTally {
  /** Those of the user that were committed. */
  readonly user: number;
  /** Those of the agent. */
  readonly agent: number;
  /** Those of the agent that were interrupted. */
  readonly interrupted: number;
}

/** Failures of one class at one provider. */
export interface ErrorTally {
  /** The provider, as `gen_ai.provider.name` has it. */
  readonly provider: string;
  /** The class: `error.type`. */
  readonly errorType: string;
  /** How many. */
  readonly count: number;
  /** The ids to send to support, of the newest three whose provider gave one. */
  readonly requestIds: readonly string[];
}

/** What a session came to. */
export interface SessionSummary {
  /** Its id. */
  readonly id: string;
  /** From its start until now, or its end. */
  readonly durationSeconds: number;
  /** Who spoke, and how often. */
  readonly turns: TurnTally;
  /** What was used, by kind, provider and model. */
  readonly usage: UsageSummary;
  /** What the user waited for, by turn and overall. */
  readonly latency: LatencySummary;
  /** Attempts by how they ended. */
  readonly attempts: AttemptTally;
  /** Failures by provider and class, with ids. */
  readonly errors: readonly ErrorTally[];
}

/** Classes of failures beyond this are counted as one. */
const MAX_CLASSES = 64;

/** Ids that are kept of one class. */
const MAX_IDS = 3;

/** Counts how attempts and turns end. */
export class Tally {
  readonly #attempts: Mutable<AttemptTally> = {
    total: 0,
    success: 0,
    error: 0,
    cancelled: 0,
    abandoned: 0,
    retried: 0,
  };
  readonly #turns: Mutable<TurnTally> = { user: 0, agent: 0, interrupted: 0 };
  readonly #errors = new Map<string, Mutable<ErrorTally>>();

  /** Counts that begin with those. */
  constructor({ attempts, turns, errors = [] }: TallyStart = {}) {
    Object.assign(this.#attempts, attempts);
    Object.assign(this.#turns, turns);
    for (const error of errors) this.#errors.set(`${error.provider} ${error.errorType}`, { ...error });
  }

  /** An attempt ended. */
  attempt({ provider, outcome, errorType, retryIndex = 0, requestIds }: CountedAttempt): void {
    this.#attempts.total++;
    this.#attempts[outcome]++;
    if (retryIndex > 0) this.#attempts.retried++;
    if (errorType === undefined) return;
    const isKnown = this.#errors.has(`${provider} ${errorType}`);
    const type = isKnown || this.#errors.size < MAX_CLASSES ? errorType : "other";
    const key = `${provider} ${type}`;
    const error = this.#errors.get(key) ?? { provider, errorType: type, count: 0, requestIds: [] };
    error.count++;
    // the first is the one that support asks for first
    const [first] = requestIds;
    if (first !== undefined) error.requestIds = [...error.requestIds, first.id].slice(-MAX_IDS);
    this.#errors.set(key, error);
  }

  /** A turn of the user was committed, and is over. */
  userTurn(): void {
    this.#turns.user++;
  }

  /** A turn of the agent ended. */
  agentTurn({ interrupted }: Pick<TurnLatency, "interrupted">): void {
    this.#turns.agent++;
    if (interrupted) this.#turns.interrupted++;
  }

  /** So far. */
  get counts(): Pick<SessionSummary, "turns" | "attempts" | "errors"> {
    return {
      turns: { ...this.#turns },
      attempts: { ...this.#attempts },
      errors: [...this.#errors.values()].map((error) => ({ ...error })),
    };
  }
}

/** Counts from elsewhere. */
export interface TallyStart {
  readonly turns?: TurnTally | undefined;
  readonly attempts?: AttemptTally | undefined;
  readonly errors?: readonly ErrorTally[] | undefined;
}

type CountedAttempt = Pick<AttemptRecord, "provider" | "outcome" | "errorType" | "retryIndex" | "requestIds">;
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
