/**
 * An attempt: one try on the wire, from the request to the last fact, as one span.
 *
 * @module
 */

import {
  type Attributes,
  type Context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { attemptSpanNames } from "../../semconv.ts";
import type { Facts, Failure, OutputKind, RequestIdKind, Sink } from "../../types.ts";
import type {
  AttemptOrigin,
  AttemptStart,
  AttemptState,
  ConnectionUse,
  FirstOutputSeconds,
  Outcome,
  Retry,
} from "./attempt_state.ts";
import { conventionalName, endAttributes, rounded, startAttributes } from "./attributes.ts";
import type { AttemptWords } from "../content/content_recorder.ts";
import { type Clock, clockIn, steady, withClock } from "../clock.ts";
import { type AttemptGroup, groupOf } from "../group.ts";
import { hasId, keepId, NO_IDS } from "./request_ids.ts";
import type { AttemptScope } from "../scope.ts";
import { waitsOf } from "./waits.ts";

/** A sink that is a span. Ends once, whatever comes. */
export interface Attempt extends Sink {
  /** The response's headers came. */
  respond(status: number): void;
  /** A chunk of the body was read. */
  reading(): void;
  /** How it uses a socket, where it is on one. */
  connection: ConnectionUse | undefined;
  /** So much more audio was sent to be heard, in seconds. */
  sendAudio(seconds: number): void;
  /** Something happened in it, now or then. */
  event(name: string, attributes: Attributes, at?: number): void;
  /** The context of its span. */
  readonly context: Context;
  /** What it is of. */
  readonly start: AttemptOrigin;
  /** When it began, in milliseconds since the Unix epoch. */
  readonly startedAt: number;
  /** The model that was asked for, as far as it is known. */
  readonly requestModel: string | undefined;
  /** Ends the attempt, with the failure if it is one. Ending it again does nothing. */
  end(outcome: Outcome, failure?: Failure): void;
  /** Whether its end came. */
  readonly ended: boolean;
  /** Takes its words; absent where nobody wants them, or its span is not recorded. */
  readonly content: AttemptWords | undefined;
  /** Whether the provider refused and nobody reads why, so that nothing more will come. */
  readonly refused: boolean;
}

/** Starts the span of an attempt as a child of `parent`. */
export function openAttempt(
  scope: AttemptScope,
  origin: AttemptOrigin,
  parent: Context,
  start: AttemptStart = NOTHING,
): Attempt {
  const clock = clockIn(parent, start.clock ?? scope.clock);
  const { startedAt = clock.now() } = start;
  const span = scope.tracer.startSpan(attemptSpanNames[origin.operation], {
    kind: SpanKind.CLIENT,
    startTime: startedAt,
    attributes: startAttributes(origin),
  }, parent);
  // it may have begun on a connection's clock, and go on in a trace that has another
  const own = start.clock === undefined || start.clock === clock ? clock : steady(clock, startedAt);
  return new SpanAttempt(scope, parent, span, origin, startedAt, start, own);
}

/** Nothing is known of it yet. */
const NOTHING = {};

class SpanAttempt implements Attempt {
  readonly start: AttemptOrigin;
  readonly startedAt: number;
  readonly content: AttemptWords | undefined;
  connection: ConnectionUse | undefined;
  readonly #scope: AttemptScope;
  readonly #clock: Clock;
  readonly #parent: Context;
  readonly #group: AttemptGroup | undefined;
  readonly #retry: Retry | undefined;
  readonly #begun: AttemptStart;
  readonly #span: Span;
  #requestIds = NO_IDS;
  #firstOutputSeconds: FirstOutputSeconds = NOTHING;
  #facts: Facts = NOTHING;
  #characters: number | undefined;
  #audioSeconds: number | undefined;
  #sentAudioSeconds: number | undefined;
  #firstAudioSentAt: number | undefined;
  #failure: Failure | undefined;
  #status: number | undefined;
  #reading = false;
  #lastAt: number | undefined;
  #unreadFrames = 0;
  #ended = false;

  constructor(
    scope: AttemptScope,
    parent: Context,
    span: Span,
    start: AttemptOrigin,
    startedAt: number,
    begun: AttemptStart,
    clock: Clock,
  ) {
    this.#scope = scope;
    this.#clock = clock;
    this.#parent = parent;
    this.#group = groupOf(parent);
    this.#span = span;
    this.start = start;
    this.#begun = begun;
    this.startedAt = startedAt;
    this.content = span.isRecording() ? scope.content?.attempt(begun.asked) : undefined;
    scope.open.add(this);
    this.#group?.session.open.add(this);
    this.#retry = this.#group?.attemptOpened(this);
  }

  /** Made anew each time: few ask, and one is as large as the rest of an attempt. */
  get context(): Context {
    return withClock(trace.setSpan(this.#parent, this.#span), this.#clock);
  }

  get ended(): boolean {
    return this.#ended;
  }

  get refused(): boolean {
    return this.#status !== undefined && this.#status >= 400 && !this.#reading;
  }

  noteRequestId(id: string, kind: RequestIdKind = "request"): void {
    if (id === "" || this.#ended || hasId(this.#requestIds, id)) return;
    const before = this.#requestIds;
    this.#requestIds = keepId(before, id, kind);
    if (this.#requestIds === before) this.#scope.counts.droppedRequestIds++;
  }

  output(kind: OutputKind): void {
    if (this.#ended || this.#firstOutputSeconds[kind] !== undefined) return;
    this.#lastAt = this.#clock.now();
    const seconds = (this.#lastAt - this.startedAt) / 1000;
    this.#firstOutputSeconds = { ...this.#firstOutputSeconds, [kind]: seconds };
    this.#group?.attemptOutput(this, kind, this.#lastAt);
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

  sendAudio(seconds: number): void {
    if (this.#ended) return;
    this.#firstAudioSentAt ??= this.#clock.now();
    // of a coding whose length nobody knows
    if (seconds > 0) this.#sentAudioSeconds = (this.#sentAudioSeconds ?? 0) + seconds;
  }

  event(name: string, attributes: Attributes, at = this.#clock.now()): void {
    if (this.#ended) return;
    this.#lastAt = Math.max(this.#lastAt ?? at, at);
    this.#span.addEvent(name, attributes, at);
  }

  get requestModel(): string | undefined {
    return this.#facts.requestModel;
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

  passOver(bytes: number): void {
    this.#scope.counts.bytesOverBounds += bytes;
  }

  respond(status: number): void {
    this.#status = status;
    this.#lastAt = this.#clock.now();
  }

  reading(): void {
    this.#reading = true;
    this.#lastAt = this.#clock.now();
  }

  end(outcome: Outcome, failure?: Failure): void {
    if (this.#ended) return;
    this.#begun.ending?.();
    this.#ended = true;
    const { counts, open, metrics } = this.#scope;
    open.delete(this);
    this.#group?.session.open.delete(this);
    counts.ended++;
    counts.unreadFrames += this.#unreadFrames;
    const state = this.#close(outcome, failure);
    this.#span.setAttributes(endAttributes(this.start, state, this.startedAt));
    if (this.content) this.#span.setAttributes(this.content.attributes(state.facts.finishReasons));
    if (this.#scope.spanNames === "genai") this.#span.updateName(conventionalName(this.start, state));
    if (state.failure !== undefined) {
      this.#span.setStatus({ code: SpanStatusCode.ERROR, message: state.failure.type });
    }
    // what was forgotten ended when something last happened, not when someone noticed
    const endedAt = outcome === "abandoned" ? this.#lastAt ?? this.#clock.now() : this.#clock.now();
    this.#span.end(endedAt);
    const end = { start: this.start, state, startedAt: this.startedAt, endedAt, content: this.content };
    metrics.ended(end, this.#group?.labels ?? {});
    this.#group?.attemptEnded(end);
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
      facts: {
        characters: this.#characters,
        audioSeconds: rounded(this.#audioSeconds),
        sentAudioSeconds: rounded(this.#sentAudioSeconds),
        ...this.#facts,
      },
      firstOutputSeconds: this.#firstOutputSeconds,
      ...waitsOf(this.#begun, {
        operation: this.start.operation,
        startedAt: this.startedAt,
        firstOutputSeconds: this.#firstOutputSeconds,
        firstAudioSentAt: this.#firstAudioSentAt,
      }),
      retry: this.#retry,
      status,
      failure: final,
      unreadFrames: this.#unreadFrames,
      connection: this.connection,
      outcome: final === undefined ? outcome : "error",
    };
  }
}
