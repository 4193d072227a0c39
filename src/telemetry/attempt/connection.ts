/**
 * A connection and the attempts on it.
 *
 * @module
 */

import type { Attributes, Context } from "@opentelemetry/api";
import type { AskedSink, Facts, Failure, RequestIdKind, Sink, SocketSinks, TurnSink } from "../../types.ts";
import { Answers } from "./answers.ts";
import { type Attempt, openAttempt } from "./attempt.ts";
import type { AttemptOrigin, AttemptStart, ConnectionUse } from "./attempt_state.ts";
import type { Target } from "./target.ts";
import { isCalm, outcomeOfClose } from "./close.ts";
import type { Acquire } from "./attempt_metrics.ts";
import { type Clock, clockIn } from "../clock.ts";
import { groupOf, parentOf, type SessionShare } from "../group.ts";
import { Hearing, type HearingConnection } from "../turn/hearing.ts";
import { measureAcquire, measureTime, measureUsed } from "./connection_measures.ts";
import { OpenAttempts } from "./open_attempts.ts";
import { keepId, NO_IDS, textsOf } from "./request_ids.ts";
import type { AttemptScope } from "../scope.ts";
import type { Recognizer } from "../turn/recognizer.ts";
import { turnsOfConnection, type UserTurns } from "../turn/user_turns.ts";
import { eventName } from "../../semconv.ts";

/** What a connection is for. */
export interface ConnectionOrigin extends AttemptOrigin {
  /** Where it goes. */
  readonly target: Target;
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

/** The key of the attempt that is the whole connection, and of one that stands for what never began. */
const WHOLE = "";

/** What an attempt has that is the whole connection. */
type Whole = Pick<AttemptStart, "ending" | "speechStart"> & Pick<ConnectionUse, "resumed">;

/**
 * Begins a connection. Its attempts are children of `parent`, whichever task uses it.
 *
 * @param handedOver whether someone else made it, so that neither its acquire time nor its age is known
 */
export function openConnection(
  scope: AttemptScope,
  origin: ConnectionOrigin,
  parent: Context,
  handedOver = false,
): Connection {
  return new SocketConnection(scope, origin, parent, handedOver);
}

class SocketConnection implements Connection, HearingConnection {
  readonly #scope: AttemptScope;
  readonly #origin: ConnectionOrigin;
  readonly #parent: Context;
  readonly #clock: Clock;
  readonly #handedOver: boolean;
  readonly #attempts = new OpenAttempts();
  #ids = NO_IDS;
  readonly #madeAt: number;
  #openedAt: number | undefined;
  #firstUse: ConnectionUse | undefined;
  #whole: Attempt | undefined;
  #noted: string | undefined;
  #hearing: Hearing | undefined;
  /** What its responses answer, where it has any. */
  readonly #answers: Answers | undefined;
  #failed = false;
  #timed = false;

  constructor(scope: AttemptScope, origin: ConnectionOrigin, parent: Context, handedOver: boolean) {
    this.#scope = scope;
    this.#origin = origin;
    this.#parent = parent;
    this.#handedOver = handedOver;
    this.#clock = clockIn(parent, scope.clock);
    this.#madeAt = this.#clock.now();
    if (origin.operation === "realtime") this.#answers = new Answers(scope);
  }

  begin(key: string): Sink {
    return this.find(key) ?? this.#open(key);
  }

  find(key: string): Sink | undefined {
    return this.#attempts.find(key);
  }

  all(): readonly Sink[] {
    return this.#attempts.live();
  }

  whole(): Sink {
    return this.#whole ??= this.#open(WHOLE, this.#madeAt, {
      resumed: this.#session?.reconnects.begin(this.#place),
      ending: () => this.#hearing?.record(),
      speechStart: () => this.#hearing?.speechStart,
    });
  }

  turn(key?: string): TurnSink {
    return this.#heard().turn(key);
  }

  audioSent(seconds: number): void {
    this.#heard().audioSent(seconds);
    this.#whole?.sendAudio(seconds);
  }

  noteModel(model: string | undefined): void {
    this.#noted = model;
  }

  transcriptionUsed(facts: Facts): void {
    const start = { ...this.#origin, operation: "stt" } as const;
    const state = { facts, failure: undefined, outcome: "success" } as const;
    measureUsed(this.#scope, this.#parent, { start, state });
  }

  billedByTime(): void {
    this.#timed = true;
  }

  get asked(): AskedSink | undefined {
    return this.#answers?.asked;
  }

  noteConnectionId(id: string, kind: RequestIdKind = "request"): void {
    if (id === "") return;
    this.#ids = keepId(this.#ids, id, kind);
    for (const attempt of this.#attempts.live()) attempt.noteRequestId(id, kind);
  }

  fail(failure: Failure): void {
    const live = this.#attempts.live();
    const failed = live.length > 0 ? live : [this.#open(WHOLE, this.#madeAt)];
    // nothing is heard after it, although the socket may stay open for long
    if (this.#whole) this.#hearing?.close();
    for (const attempt of failed) attempt.end("error", failure);
  }

  opened(): void {
    if (this.#openedAt !== undefined) return;
    this.#openedAt = this.#clock.now();
    const seconds = this.#acquireSeconds();
    if (seconds === undefined) return;
    // an attempt can begin with the socket: it waits for the opening
    if (this.#firstUse !== undefined) this.#firstUse.acquireSeconds = seconds;
    this.#measureAcquire({ seconds, reused: false });
  }

  failed(failure: Failure, status?: number): void {
    if (this.#openedAt !== undefined) return;
    const again = this.#failed;
    this.#failed = true;
    if (this.#firstUse === undefined) this.#open(WHOLE, this.#madeAt);
    this.#hearing?.close();
    for (const attempt of this.#attempts.live()) {
      if (status !== undefined) attempt.respond(status);
      attempt.end("error", failure);
    }
    if (again) return; // but what began since has ended, too
    if (this.#whole) this.#session?.reconnects.end(this.#place, 0);
    if (this.#handedOver) return;
    const seconds = (this.#clock.now() - this.#madeAt) / 1000;
    const refused = status !== undefined && status >= 400;
    this.#measureAcquire({ seconds, reused: false, errorType: refused ? String(status) : failure.type });
  }

  closed(code: number, byCaller: boolean): void {
    const unopened = this.#openedAt === undefined;
    if (unopened && !byCaller) return this.failed(CONNECT_FAILED);
    // a conversation that was refused before it began is an attempt, too
    const refused = this.#origin.operation === "realtime" && this.#firstUse === undefined && !byCaller;
    if (refused && !isCalm(code)) this.#open(WHOLE, this.#madeAt);
    const pending = this.#hearing?.pending ?? false;
    this.#hearing?.close();
    for (const attempt of this.#attempts.live()) {
      if (!unopened && attempt.connection) attempt.connection.closeCode = code;
      const calm = attempt === this.#whole && !pending && (byCaller || isCalm(code));
      const [outcome, failure] = calm ? ["success"] as const : outcomeOfClose(code, byCaller);
      attempt.end(outcome, failure);
    }
    if (this.#whole) this.#session?.reconnects.end(this.#place, this.#hearing?.sentSeconds ?? 0);
    if (this.#timed && this.#openedAt !== undefined) {
      const seconds = (this.#clock.now() - this.#openedAt) / 1000;
      measureTime(this.#scope, this.#parent, { ...this.recognizer(), seconds });
    }
  }

  recognizer(): Recognizer {
    return { providerName: this.#origin.providerName, model: this.#model };
  }

  connectionIds(): Iterable<string> {
    return textsOf(this.#ids);
  }

  record(attributes: Attributes, at: number | undefined): void {
    this.#whole?.event(eventName.userTurn, attributes, at);
  }

  get #place(): string {
    return `${this.#origin.operation} ${this.#origin.target.url.replace(/\?.*/, "")}`;
  }

  get #model(): string | undefined {
    return this.#attempts.model ?? this.#noted;
  }

  #heard(): Hearing {
    return this.#hearing ??= new Hearing(this.#turns, this.#clock, this);
  }

  /** Outside a session they hang under the attempt that hears them. */
  get #turns(): UserTurns {
    return this.#session?.userTurns ??
      turnsOfConnection(this.#scope, () => this.#whole?.context ?? this.#parent);
  }

  get #session(): SessionShare | undefined {
    return groupOf(this.#parent)?.session;
  }

  #open(key: string, madeAt?: number, { resumed, ...whole }: Whole = {}): Attempt {
    const { operation } = this.#origin;
    // what is the whole connection began where that was made; of others, whoever sends the first text is the parent
    const parent = operation === "stt"
      ? this.#parent
      : parentOf(this.#scope.activeContext(), this.#parent, operation);
    const heard = this.#hearing?.lastTurn;
    const answers = this.#answers?.begin(this.#session?.userTurns.last ?? heard, heard);
    // only now: its parent may be a turn that begins with it
    const startedAt = madeAt ?? this.#clock.now();
    const start = { startedAt, clock: this.#clock, ...answers, ...whole };
    const attempt = openAttempt(this.#scope, this.#origin, parent, start);
    const first = this.#firstUse === undefined;
    const use: ConnectionUse = {
      reused: !first,
      acquireSeconds: first ? this.#acquireSeconds() : undefined,
      ageSeconds: this.#handedOver || this.#openedAt === undefined || startedAt < this.#openedAt
        ? undefined
        : (startedAt - this.#openedAt) / 1000,
      resumed,
    };
    if (first) this.#firstUse = use;
    else this.#measureAcquire({ seconds: 0, reused: true });
    attempt.connection = use;
    for (const { id, kind } of this.#ids) attempt.noteRequestId(id, kind);
    this.#attempts.add(key, attempt);
    return attempt;
  }

  #acquireSeconds(): number | undefined {
    if (this.#handedOver || this.#openedAt === undefined) return undefined;
    return (this.#openedAt - this.#madeAt) / 1000;
  }

  #measureAcquire(acquire: Pick<Acquire, "seconds" | "reused" | "errorType">): void {
    const { providerName, target } = this.#origin;
    const acquired = { providerName, serverAddress: target.address, model: this.#model, ...acquire };
    measureAcquire(this.#scope, this.#parent, acquired);
  }
}
