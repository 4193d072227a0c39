/**
 * An attempt: one try on the wire, from the request to the last fact, as one span.
 *
 * @module
 */

import { type Context, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { attemptSpanNames } from "../semconv.ts";
import type { Facts, Failure, Operation, OutputKind, RequestIdKind, Sink } from "../types.ts";
import { endAttributes, startAttributes } from "./attributes.ts";
import { type AttemptGroup, recordAttempt } from "./ledger.ts";
import { type AttemptScope, groupOf } from "./scope.ts";

/** How an attempt ended. */
export type Outcome = "success" | "error" | "cancelled" | "abandoned";

/** What is known of a call before it is made. */
export interface AttemptStart {
  /** What it does. */
  readonly operation: Operation;
  /** The provider, as `gen_ai.provider.name` has it. */
  readonly providerName: string;
  /** HTTP method, of a call over HTTP. */
  readonly method?: string | undefined;
  /** Where it goes, of a call over a network that we see. */
  readonly url?: URL | undefined;
  /** When it began, if not now: milliseconds since the Unix epoch. */
  readonly startedAt?: number | undefined;
}

/** What is known of an attempt when it ends. */
export interface AttemptState {
  /** Provider-known ids in order of first sight, with their kinds. */
  readonly requestIds: ReadonlyMap<string, RequestIdKind>;
  /** What was learned. */
  readonly facts: Facts;
  /** Seconds from the request to the first output of each kind. */
  readonly firstOutputSeconds: ReadonlyMap<OutputKind, number>;
  /** HTTP status, once there was one. */
  readonly status: number | undefined;
  /** Why it failed, if it did. */
  readonly failure: Failure | undefined;
  /** Frames not understood or beyond the bound. */
  readonly unreadFrames: number;
  /** How it ended. */
  readonly outcome: Outcome;
  /** The socket it was on, if it was on one. */
  readonly connection: ConnectionUse | undefined;
}

/** How an attempt uses a socket. */
export interface ConnectionUse {
  /** Whether an earlier attempt was on it. */
  readonly reused: boolean;
  /** Seconds from its making to its opening; of its first attempt. */
  acquireSeconds: number | undefined;
  /** Seconds that it had been open when the attempt began. */
  readonly ageSeconds: number | undefined;
  /** The code with which it closed on the attempt. */
  closeCode?: number;
}

/** A sink that is a span. Ends once, whatever comes. */
export interface Attempt extends Sink {
  /** The context of its span, for those who carry it on. */
  readonly context: Context;
  /** The response's headers came. */
  respond(status: number): void;
  /** A chunk of the body was read. */
  reading(): void;
  /** It is on a socket. */
  connect(use: ConnectionUse): void;
  /** Ends the attempt, with the failure if it is one. Ending it again does nothing. */
  end(outcome: Outcome, failure?: Failure): void;
  /** Whether its end came. */
  readonly ended: boolean;
  /** Whether the provider refused and nobody reads why, so that nothing more will come. */
  readonly refused: boolean;
}

/** More ids than this in one attempt, and longer ones, are counted, not kept. */
const MAX_REQUEST_IDS = 128;
const MAX_REQUEST_ID_LENGTH = 512;

/** Starts the span of an attempt as a child of `parent`. */
export function openAttempt(scope: AttemptScope, start: AttemptStart, parent: Context): Attempt {
  const { startedAt = scope.clock.now() } = start;
  const span = scope.tracer.startSpan(attemptSpanNames[start.operation], {
    kind: SpanKind.CLIENT,
    startTime: startedAt,
    attributes: startAttributes(start),
  }, parent);
  const group = groupOf(parent);
  const attempt = new SpanAttempt(scope, group, trace.setSpan(parent, span), span, start, startedAt);
  scope.open.add(attempt);
  group?.open.add(attempt);
  return attempt;
}

class SpanAttempt implements Attempt {
  readonly context: Context;
  readonly #scope: AttemptScope;
  readonly #group: AttemptGroup | undefined;
  readonly #span: Span;
  readonly #start: AttemptStart;
  readonly #startedAt: number;
  readonly #requestIds = new Map<string, RequestIdKind>();
  readonly #firstOutputSeconds = new Map<OutputKind, number>();
  #facts: Facts = {};
  #characters: number | undefined;
  #audioSeconds: number | undefined;
  #failure: Failure | undefined;
  #status: number | undefined;
  #reading = false;
  #lastAt: number | undefined;
  #connection: ConnectionUse | undefined;
  #unreadFrames = 0;
  #ended = false;

  constructor(
    scope: AttemptScope,
    group: AttemptGroup | undefined,
    context: Context,
    span: Span,
    start: AttemptStart,
    startedAt: number,
  ) {
    this.#scope = scope;
    this.#group = group;
    this.context = context;
    this.#span = span;
    this.#start = start;
    this.#startedAt = startedAt;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get refused(): boolean {
    return this.#status !== undefined && this.#status >= 400 && !this.#reading;
  }

  noteRequestId(id: string, kind: RequestIdKind = "request"): void {
    if (id === "" || this.#ended || this.#requestIds.has(id)) return;
    const fits = this.#requestIds.size < MAX_REQUEST_IDS && id.length <= MAX_REQUEST_ID_LENGTH;
    if (fits) this.#requestIds.set(id, kind);
    else this.#scope.counts.droppedRequestIds++;
  }

  output(kind: OutputKind): void {
    if (this.#ended || this.#firstOutputSeconds.has(kind)) return;
    this.#lastAt = this.#scope.clock.now();
    this.#firstOutputSeconds.set(kind, (this.#lastAt - this.#startedAt) / 1000);
  }

  note(facts: Facts): void {
    if (this.#ended) return;
    const known = Object.entries(facts).filter(([, value]) => value !== undefined);
    if (known.length > 0) this.#facts = { ...this.#facts, ...Object.fromEntries(known) };
  }

  fail(failure: Failure): void {
    this.#failure ??= failure;
  }

  addCharacters(characters: number): void {
    this.#characters = (this.#characters ?? 0) + characters;
  }

  addAudio(seconds: number): void {
    this.#audioSeconds = (this.#audioSeconds ?? 0) + seconds;
  }

  complete(): void {
    this.end("success");
  }

  cancel(): void {
    this.end("cancelled");
  }

  unread(): void {
    this.#unreadFrames++;
  }

  respond(status: number): void {
    this.#status = status;
    this.#lastAt = this.#scope.clock.now();
  }

  reading(): void {
    this.#reading = true;
    this.#lastAt = this.#scope.clock.now();
  }

  connect(use: ConnectionUse): void {
    this.#connection = use;
  }

  end(outcome: Outcome, failure?: Failure): void {
    if (this.#ended) return;
    this.#ended = true;
    const { counts, open, clock, metrics } = this.#scope;
    open.delete(this);
    this.#group?.open.delete(this);
    counts.ended++;
    counts.unreadFrames += this.#unreadFrames;
    const state = this.#close(outcome, failure);
    this.#span.setAttributes(endAttributes(state));
    if (state.failure !== undefined) {
      this.#span.setStatus({ code: SpanStatusCode.ERROR, message: state.failure.type });
    }
    // what was forgotten ended when something last happened, not when someone noticed
    const endedAt = outcome === "abandoned" ? this.#lastAt ?? clock.now() : clock.now();
    this.#span.end(endedAt);
    metrics.ended(this.#start, state, (endedAt - this.#startedAt) / 1000);
    this.#group?.ended(recordAttempt(this.#start, state, this.#startedAt, endedAt));
  }

  /** What the provider said outweighs how the body ended: a 429 whose body was cancelled is a 429. */
  #close(outcome: Outcome, failure: Failure | undefined): AttemptState {
    const status = this.#status;
    const reported = status !== undefined && status >= 400
      ? { type: String(status), code: this.#failure?.code ?? this.#failure?.type }
      : this.#failure;
    const final = reported ?? failure;
    return {
      requestIds: this.#requestIds,
      // a provider's own figure is among the facts, and wins
      facts: { characters: this.#characters, audioSeconds: this.#audioSeconds, ...this.#facts },
      firstOutputSeconds: this.#firstOutputSeconds,
      status,
      failure: final,
      unreadFrames: this.#unreadFrames,
      connection: this.#connection,
      outcome: final === undefined ? outcome : "error",
    };
  }
}
