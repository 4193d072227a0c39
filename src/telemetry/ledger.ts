/**
 * The ledger: which attempts were made, and which id to send to support, in code.
 *
 * @module
 */

import type { Operation, RequestIdKind } from "../types.ts";
import type { Reconnects } from "./reconnects.ts";
import type { UserTurns } from "./user_turns.ts";
import type { Attempt } from "./attempt.ts";
import type { AttemptStart, AttemptState, Outcome } from "./attempt_state.ts";

/** One attempt that has ended. Frozen. */
export interface AttemptRecord {
  /** What it did. */
  readonly operation: Operation;
  /** The provider, as `gen_ai.provider.name` has it. */
  readonly provider: string;
  /** The model that was asked for. */
  readonly requestModel?: string | undefined;
  /** The model that answered. */
  readonly responseModel?: string | undefined;
  /** Ids that the provider knows, in order of first sight. The first is the one that support asks for first. */
  readonly requestIds: readonly { readonly id: string; readonly kind: RequestIdKind }[];
  /** When it began, in seconds since the Unix epoch. */
  readonly startedAt: number;
  /** When it ended, in seconds since the Unix epoch. */
  readonly completedAt: number;
  /** How it ended. */
  readonly outcome: Outcome;
  /** Tries before it, as the SDK counts them. */
  readonly retryIndex?: number | undefined;
  /** HTTP status. */
  readonly status?: number | undefined;
  /** Class of the failure. */
  readonly errorType?: string | undefined;
  /** The provider's own code for it. */
  readonly errorCode?: string | undefined;
}

/** Attempts that belong together: those of a session. */
export interface AttemptGroup {
  /** Those that have not ended. */
  readonly open: Set<Attempt>;
  /** The turns of its user. */
  readonly userTurns: UserTurns;
  /** Connections that are attempts, and come back. */
  readonly reconnects: Reconnects;
  /** One ended. */
  ended(record: AttemptRecord): void;
}

/** The newest records up to a bound; the oldest go first. */
export class Ledger {
  readonly #records: AttemptRecord[] = [];
  readonly #limit: number;

  /** A ledger of so many records. */
  constructor(limit = 256) {
    this.#limit = limit;
  }

  /** Adds a record. */
  add(record: AttemptRecord): void {
    if (this.#records.length === this.#limit) this.#records.shift();
    this.#records.push(record);
  }

  /** What is in it now, oldest first. */
  list(): readonly AttemptRecord[] {
    return Object.freeze([...this.#records]);
  }
}

/** The record of an attempt that ended. */
export function recordAttempt(
  { operation, providerName }: AttemptStart,
  { facts, failure, outcome, requestIds, status }: AttemptState,
  startedAtMs: number,
  completedAtMs: number,
): AttemptRecord {
  return Object.freeze({
    operation,
    provider: providerName,
    requestModel: facts.requestModel,
    responseModel: facts.responseModel,
    requestIds: Object.freeze([...requestIds].map(([id, kind]) => Object.freeze({ id, kind }))),
    startedAt: startedAtMs / 1000,
    completedAt: completedAtMs / 1000,
    outcome,
    retryIndex: facts.retryCount,
    status,
    errorType: failure?.type,
    errorCode: failure?.code,
  });
}
