/**
 * A connection and the attempts on it.
 *
 * @module
 */

import type { Context } from "@opentelemetry/api";
import type { Failure, Operation, RequestIdKind, Sink, SocketSinks } from "../types.ts";
import { type Attempt, type ConnectionUse, openAttempt, type Outcome } from "./attempt.ts";
import type { AttemptScope } from "./scope.ts";

/** What is known of a connection before it is made. */
export interface ConnectionStart {
  /** What goes over it. */
  readonly operation: Operation;
  /** Whose it is, as `gen_ai.provider.name` has it. */
  readonly providerName: string;
  /** Where it goes. */
  readonly url: URL;
}

/** One socket, from its making to its close. */
export interface Connection extends SocketSinks {
  /** It is open. */
  opened(): void;
  /** It closed with that code: ends what is open on it, or what never began. */
  closed(code: number, byCaller: boolean): void;
}

/** Close codes that are no failure by themselves: a normal end, going away, and none given. */
const CALM_CODES = new Set([1000, 1001, 1005]);

/** Begins a connection. Its attempts are children of `parent`, whichever task uses it. */
export function openConnection(scope: AttemptScope, start: ConnectionStart, parent: Context): Connection {
  return new SocketConnection(scope, start, parent);
}

class SocketConnection implements Connection {
  readonly #scope: AttemptScope;
  readonly #start: ConnectionStart;
  readonly #parent: Context;
  readonly #attempts = new Map<string, { readonly attempt: Attempt; readonly use: ConnectionUse }>();
  readonly #ids = new Map<string, RequestIdKind>();
  readonly #madeAt: number;
  #openedAt: number | undefined;
  #used = false;

  constructor(scope: AttemptScope, start: ConnectionStart, parent: Context) {
    this.#scope = scope;
    this.#start = start;
    this.#parent = parent;
    this.#madeAt = scope.clock.now();
  }

  begin(key: string): Sink {
    return this.find(key) ?? this.#open(key, this.#scope.clock.now());
  }

  find(key: string): Sink | undefined {
    const entry = this.#attempts.get(key);
    if (entry?.attempt.ended) this.#attempts.delete(key);
    else return entry?.attempt;
  }

  all(): readonly Sink[] {
    return [...this.#live()].map(({ attempt }) => attempt);
  }

  noteConnectionId(id: string, kind: RequestIdKind = "request"): void {
    this.#ids.set(id, kind);
    for (const { attempt } of this.#live()) attempt.noteRequestId(id, kind);
  }

  opened(): void {
    this.#openedAt = this.#scope.clock.now();
  }

  closed(code: number, byCaller: boolean): void {
    if (this.#openedAt === undefined && !byCaller) this.#open("", this.#madeAt);
    const [outcome, failure] = ending(code, byCaller, this.#openedAt !== undefined);
    for (const { attempt, use } of this.#live()) {
      use.closeCode = code;
      attempt.end(outcome, failure);
    }
    this.#attempts.clear();
  }

  #open(key: string, startedAt: number): Attempt {
    const attempt = openAttempt(this.#scope, { ...this.#start, startedAt }, this.#parent);
    const use: ConnectionUse = {
      reused: this.#used,
      acquireSeconds: this.#used || this.#openedAt === undefined
        ? undefined
        : (this.#openedAt - this.#madeAt) / 1000,
      ageSeconds: this.#openedAt === undefined ? 0 : (startedAt - this.#openedAt) / 1000,
    };
    this.#used = true;
    attempt.connect(use);
    for (const [id, kind] of this.#ids) attempt.noteRequestId(id, kind);
    this.#attempts.set(key, { attempt, use });
    return attempt;
  }

  *#live() {
    for (const [key, entry] of this.#attempts) {
      if (entry.attempt.ended) this.#attempts.delete(key);
      else yield entry;
    }
  }
}

function ending(code: number, byCaller: boolean, opened: boolean): [Outcome, Failure?] {
  if (byCaller) return ["cancelled"];
  if (!opened) return ["error", { type: "connect_failed" }];
  return ["error", { type: CALM_CODES.has(code) ? "truncated" : `close_${code}` }];
}
