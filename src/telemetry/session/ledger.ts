/**
 * The ledger: which attempts were made, and which id to send to support, in code.
 *
 * @module
 */

import type { Operation, RequestIdKind } from "../../types.ts";
import { earliest, type EndedAttempt, type Outcome } from "../attempt/attempt_state.ts";

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
  /** The same for all tries of one node: its span's id. Absent outside of nodes. */
  readonly operationId?: string | undefined;
  /** The turn of the agent to which it belongs: `lk.speech_id`. */
  readonly speechId?: string | undefined;
  /** Whether a failure may pass when it is tried again: busy, late or unreachable, and no output came yet. */
  readonly retryable?: boolean | undefined;
  /** Tries before it, as the SDK counts them. */
  readonly retryIndex?: number | undefined;
  /** HTTP status. */
  readonly status?: number | undefined;
  /** Class of the failure. */
  readonly errorType?: string | undefined;
  /** The provider's own code for it. */
  readonly errorCode?: string | undefined;
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
export function recordAttempt(end: EndedAttempt): AttemptRecord {
  const { start, state, startedAt, endedAt, operationId, speechId } = end;
  const { facts, failure, outcome, requestIds, retry, status } = state;
  return Object.freeze({
    operation: start.operation,
    provider: start.providerName,
    requestModel: facts.requestModel,
    responseModel: facts.responseModel,
    requestIds,
    startedAt: startedAt / 1000,
    completedAt: endedAt / 1000,
    outcome,
    operationId,
    speechId,
    retryable: outcome === "error" ? isRetryable(state) : undefined,
    retryIndex: facts.retryCount ?? retry?.count,
    status,
    errorType: failure?.type,
    errorCode: failure?.code,
  });
}

function isRetryable({ status, firstOutputSeconds }: EndedAttempt["state"]): boolean {
  const passes = status === undefined || status < 400 || status >= 500 || status === 408 || status === 429;
  return passes && earliest(firstOutputSeconds) === undefined;
}
