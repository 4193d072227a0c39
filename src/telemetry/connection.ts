/**
 * A connection and the attempts on it.
 *
 * @module
 */

import type { Attributes, Context } from "@opentelemetry/api";
import type { Failure, Operation, RequestIdKind, Sink, SocketSinks, TurnSink } from "../types.ts";
import { type Attempt, openAttempt } from "./attempt.ts";
import type { ConnectionUse, Outcome } from "./attempt_state.ts";
import type { Acquire } from "./attempt_metrics.ts";
import { Hearing } from "./hearing.ts";
import type { Resumed } from "./reconnects.ts";
import { type AttemptScope, groupOf } from "./scope.ts";
import { UserTurns } from "./user_turns.ts";
import { eventName } from "../semconv.ts";

/** What is known of a connection before it is made. */
export interface ConnectionStart {
  /** What goes over it. */
  readonly operation: Operation;
  /** Whose it is, as `gen_ai.provider.name` has it. */
  readonly providerName: string;
  /** Where it goes. */
  readonly url: URL;
  /** Whether someone else made it, so that neither its acquire time nor its age is known. */
  readonly handedOver?: boolean | undefined;
}

/** One socket, from its making to its close. */
export interface Connection extends SocketSinks {
  /** It is open. */
  opened(): void;
  /** It was not opened: for that reason, or with that HTTP status. */
  failed(failure: Failure, status?: number): void;
  /** It closed with that code: ends what is open on it, or what never began. */
  closed(code: number, byCaller: boolean): void;
}

/** The failure of a connection that was not opened, where no more is known. */
export const CONNECT_FAILED: Failure = { type: "connect_failed" };

/** Close codes that are no failure by themselves: a normal end, going away, and none given. */
const CALM_CODES = new Set([1000, 1001, 1005]);

/** Beyond this the oldest attempt is given up: a provider that never says it is done must not cost memory. */
const MAX_OPEN_ATTEMPTS = 256;

/** Ids of the connection beyond this are not handed to later attempts. */
const MAX_CONNECTION_IDS = 128;

/** The key of the attempt that is the whole connection, and of one that stands for what never began. */
const WHOLE = "";

/** Begins a connection. Its attempts are children of `parent`, whichever task uses it. */
export function openConnection(scope: AttemptScope, start: ConnectionStart, parent: Context): Connection {
  return new SocketConnection(scope, start, parent);
}

interface Use {
  readonly attempt: Attempt;
  readonly use: ConnectionUse;
}

class SocketConnection implements Connection {
  readonly #scope: AttemptScope;
  readonly #start: ConnectionStart;
  readonly #parent: Context;
  readonly #attempts = new Map<string, Use>();
  readonly #ids = new Map<string, RequestIdKind>();
  readonly #madeAt: number;
  #openedAt: number | undefined;
  #firstUse: ConnectionUse | undefined;
  #whole: Attempt | undefined;
  #hearing: Hearing | undefined;
  #failed = false;
  #timed = false;

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
    const attempt = this.#attempts.get(key)?.attempt;
    return attempt?.ended ? undefined : attempt;
  }

  all(): readonly Sink[] {
    return this.#live().map(({ attempt }) => attempt);
  }

  whole(): Sink {
    return this.#whole ??= this.#open(
      WHOLE,
      this.#madeAt,
      groupOf(this.#parent)?.reconnects.begin(this.#place),
    );
  }

  turn(key?: string): TurnSink {
    return this.#heard().turn(key);
  }

  audioSent(seconds: number): void {
    this.#heard().audioSent(seconds);
    this.#whole?.sendAudio(seconds);
  }

  billedByTime(): void {
    this.#timed = true;
  }

  noteConnectionId(id: string, kind: RequestIdKind = "request"): void {
    if (this.#ids.size < MAX_CONNECTION_IDS) this.#ids.set(id, kind);
    for (const { attempt } of this.#live()) attempt.noteRequestId(id, kind);
  }

  fail(failure: Failure): void {
    const live = this.#live();
    const failed = live.length > 0 ? live.map(({ attempt }) => attempt) : [this.#open(WHOLE, this.#madeAt)];
    for (const attempt of failed) attempt.end("error", failure);
  }

  opened(): void {
    if (this.#openedAt !== undefined) return;
    this.#openedAt = this.#scope.clock.now();
    const seconds = this.#acquireSeconds();
    if (seconds === undefined) return;
    // an attempt can begin with the socket: it waits for the opening
    if (this.#firstUse !== undefined) this.#firstUse.acquireSeconds = seconds;
    this.#measureAcquire({ seconds, reused: false });
  }

  failed(failure: Failure, status?: number): void {
    if (this.#failed || this.#openedAt !== undefined) return;
    this.#failed = true;
    if (this.#firstUse === undefined) this.#open(WHOLE, this.#madeAt);
    this.#hearing?.close();
    for (const { attempt } of this.#live()) {
      if (status !== undefined) attempt.respond(status);
      attempt.end("error", failure);
    }
    if (this.#start.handedOver) return;
    const seconds = (this.#scope.clock.now() - this.#madeAt) / 1000;
    const refused = status !== undefined && status >= 400;
    this.#measureAcquire({ seconds, reused: false, errorType: refused ? String(status) : failure.type });
  }

  closed(code: number, byCaller: boolean): void {
    const unopened = this.#openedAt === undefined;
    if (unopened && !byCaller) return this.failed(CONNECT_FAILED);
    // a conversation that was refused before it began is an attempt, too
    const refused = this.#start.operation === "realtime" && this.#firstUse === undefined && !byCaller;
    if (refused && !CALM_CODES.has(code)) this.#open(WHOLE, this.#madeAt);
    const pending = this.#hearing?.pending ?? false;
    this.#hearing?.close();
    for (const { attempt, use } of this.#live()) {
      if (!unopened) use.closeCode = code;
      const calm = attempt === this.#whole && !pending && (byCaller || CALM_CODES.has(code));
      const [outcome, failure] = calm ? ["success"] as const : ending(code, byCaller);
      attempt.end(outcome, failure);
    }
    if (this.#whole) groupOf(this.#parent)?.reconnects.end(this.#place, this.#hearing?.sentSeconds ?? 0);
    if (this.#timed && this.#openedAt !== undefined) {
      this.#measureTime(this.#scope.clock.now() - this.#openedAt);
    }
  }

  get #place(): string {
    return `${this.#start.operation} ${this.#start.url.host}${this.#start.url.pathname}`;
  }

  #heard(): Hearing {
    return this.#hearing ??= new Hearing({
      turns: groupOf(this.#parent)?.userTurns ?? this.#ownTurns(),
      clock: this.#scope.clock,
      recognizer: () => ({
        providerName: this.#start.providerName,
        model: (this.#whole ?? this.#live()[0]?.attempt)?.requestModel,
      }),
      connectionIds: () => this.#ids.keys(),
      record: (attributes: Attributes, at) => this.#whole?.event(eventName.userTurn, attributes, at),
    });
  }

  /** Outside a session the turns hang under the attempt that hears them. */
  #ownTurns(): UserTurns {
    const parent = (): Context => this.#whole?.context ?? this.#parent;
    return new UserTurns(this.#scope, parent, { ready() {}, ended() {} }, { ofConnection: true });
  }

  /** Whoever sends the first text is the parent, as long as it is in the session in which the socket was made. */
  #parentNow(): Context {
    const group = groupOf(this.#parent);
    const active = this.#scope.activeContext();
    return group !== undefined && groupOf(active) === group ? active : this.#parent;
  }

  #open(key: string, startedAt: number, resumed?: Resumed): Attempt {
    this.#makeRoom();
    const attempt = openAttempt(this.#scope, { ...this.#start, startedAt }, this.#parentNow());
    const first = this.#firstUse === undefined;
    const use: ConnectionUse = {
      reused: !first,
      acquireSeconds: first ? this.#acquireSeconds() : undefined,
      ageSeconds: this.#start.handedOver || this.#openedAt === undefined
        ? undefined
        : (startedAt - this.#openedAt) / 1000,
      resumed,
    };
    if (first) this.#firstUse = use;
    else this.#measureAcquire({ seconds: 0, reused: true });
    attempt.connect(use);
    for (const [id, kind] of this.#ids) attempt.noteRequestId(id, kind);
    this.#attempts.set(key, { attempt, use });
    return attempt;
  }

  #acquireSeconds(): number | undefined {
    if (this.#start.handedOver || this.#openedAt === undefined) return undefined;
    return (this.#openedAt - this.#madeAt) / 1000;
  }

  #measureAcquire(acquire: Pick<Acquire, "seconds" | "reused" | "errorType">): void {
    const { providerName, url } = this.#start;
    this.#scope.metrics.acquired({ providerName, serverAddress: url.hostname, ...acquire });
  }

  #measureTime(milliseconds: number): void {
    void milliseconds;
  }

  #makeRoom(): void {
    const live = this.#live();
    if (live.length >= MAX_OPEN_ATTEMPTS) live[0]!.attempt.end("abandoned");
  }

  /** Those that are open, oldest first; the others are forgotten. */
  #live(): Use[] {
    for (const [key, { attempt }] of this.#attempts) if (attempt.ended) this.#attempts.delete(key);
    return [...this.#attempts.values()];
  }
}

function ending(code: number, byCaller: boolean): readonly [Outcome, Failure?] {
  if (byCaller) return ["cancelled"];
  return ["error", { type: CALM_CODES.has(code) ? "truncated" : `close_${code}` }];
}
