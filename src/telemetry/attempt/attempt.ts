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
  AttemptStart,
  AttemptState,
  ConnectionUse,
  FirstAudio,
  FirstTranscript,
  Outcome,
  Retry,
} from "./attempt_state.ts";
import { endAttributes, startAttributes } from "./attributes.ts";
import type { AttemptWords } from "../content/content_recorder.ts";
import { type Clock, clockIn, steady, withClock } from "../clock.ts";
import { type AttemptGroup, groupOf } from "../group.ts";
import { keepId } from "./request_ids.ts";
import type { AttemptScope } from "../scope.ts";

/** A sink that is a span. Ends once, whatever comes. */
export interface Attempt extends Sink {
  /** The response's headers came. */
  respond(status: number): void;
  /** A chunk of the body was read. */
  reading(): void;
  /** It is on a socket. */
  connect(use: ConnectionUse): void;
  /** So much more audio was sent to be heard, in seconds. */
  sendAudio(seconds: number): void;
  /** Something happened in it, now or then. */
  event(name: string, attributes: Attributes, at?: number): void;
  /** The context of its span. */
  readonly context: Context;
  /** What was known before it was made. */
  readonly start: AttemptStart;
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
export function openAttempt(scope: AttemptScope, start: AttemptStart, parent: Context): Attempt {
  const clock = clockIn(parent, scope.clock);
  const { startedAt = clock.now() } = start;
  const span = scope.tracer.startSpan(attemptSpanNames[start.operation], {
    kind: SpanKind.CLIENT,
    startTime: startedAt,
    attributes: startAttributes(start),
  }, parent);
  const steadied = steady(clock, startedAt); // it may have begun on a connection's clock
  const context = withClock(trace.setSpan(parent, span), steadied);
  const attempt = new SpanAttempt(scope, context, span, start, startedAt, steadied);
  scope.open.add(attempt);
  return attempt;
}

class SpanAttempt implements Attempt {
  readonly context: Context;
  readonly start: AttemptStart;
  readonly startedAt: number;
  readonly content: AttemptWords | undefined;
  readonly #scope: AttemptScope;
  readonly #clock: Clock;
  readonly #group: AttemptGroup | undefined;
  readonly #retry: Retry | undefined;
  readonly #span: Span;
  readonly #requestIds = new Map<string, RequestIdKind>();
  readonly #firstOutputSeconds = new Map<OutputKind, number>();
  #facts: Facts = {};
  #characters: number | undefined;
  #audioSeconds: number | undefined;
  #sentAudioSeconds: number | undefined;
  #firstAudioSentAt: number | undefined;
  #failure: Failure | undefined;
  #status: number | undefined;
  #reading = false;
  #lastAt: number | undefined;
  #connection: ConnectionUse | undefined;
  #unreadFrames = 0;
  #ended = false;

  constructor(
    scope: AttemptScope,
    context: Context,
    span: Span,
    start: AttemptStart,
    startedAt: number,
    clock: Clock,
  ) {
    this.context = context;
    this.#scope = scope;
    this.#clock = clock;
    this.#group = groupOf(context);
    this.#span = span;
    this.start = start;
    this.startedAt = startedAt;
    this.content = span.isRecording() ? scope.content?.attempt() : undefined;
    this.#group?.session.open.add(this);
    this.#retry = this.#group?.attemptOpened(this);
  }

  get ended(): boolean {
    return this.#ended;
  }

  get refused(): boolean {
    return this.#status !== undefined && this.#status >= 400 && !this.#reading;
  }

  noteRequestId(id: string, kind: RequestIdKind = "request"): void {
    if (id === "" || this.#ended || this.#requestIds.has(id)) return;
    if (!keepId(this.#requestIds, id, kind)) this.#scope.counts.droppedRequestIds++;
  }

  output(kind: OutputKind): void {
    if (this.#ended || this.#firstOutputSeconds.has(kind)) return;
    this.#lastAt = this.#clock.now();
    this.#firstOutputSeconds.set(kind, (this.#lastAt - this.startedAt) / 1000);
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

  respond(status: number): void {
    this.#status = status;
    this.#lastAt = this.#clock.now();
  }

  reading(): void {
    this.#reading = true;
    this.#lastAt = this.#clock.now();
  }

  connect(use: ConnectionUse): void {
    this.#connection = use;
  }

  end(outcome: Outcome, failure?: Failure): void {
    if (this.#ended) return;
    this.start.ending?.();
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
      firstTranscript: this.#firstTranscript(),
      firstAudio: this.#firstAudio(),
      retry: this.#retry,
      status,
      failure: final,
      unreadFrames: this.#unreadFrames,
      connection: this.#connection,
      outcome: final === undefined ? outcome : "error",
    };
  }

  #firstTranscript(): FirstTranscript | undefined {
    const { operation, speechStart } = this.start;
    const text = operation === "stt" ? this.#firstOutputSeconds.get("text") : undefined;
    if (text === undefined) return undefined;
    const at = this.startedAt + text * 1000;
    const speech = speechStart?.();
    // what began after its transcript is another speech
    const from = speech !== undefined && speech.at <= at
      ? speech
      : this.#firstAudioSentAt !== undefined && { at: this.#firstAudioSentAt, source: "audio" } as const;
    return from ? { seconds: rounded((at - from.at) / 1000), source: from.source } : undefined;
  }

  #firstAudio(): FirstAudio | undefined {
    const { operation, speechEnd } = this.start;
    const seconds = operation === "realtime" ? this.#firstOutputSeconds.get("audio") : undefined;
    if (seconds === undefined) return undefined;
    const waited = speechEnd && seconds + (this.startedAt - speechEnd.at) / 1000;
    // who answers before the end of speech was asked by something else
    return waited === undefined || waited < 0
      ? { seconds, source: "response" }
      : { seconds: waited, source: speechEnd!.source };
  }
}

/** `{operation} {model}`, as the GenAI conventions name spans. */
function conventionalName({ operation }: AttemptStart, { facts }: AttemptState): string {
  const { operationName = operation, requestModel } = facts;
  return requestModel === undefined ? operationName : `${operationName} ${requestModel}`;
}

/** A sum of seconds without the dust of floating point. */
function rounded<T extends number | undefined>(seconds: T): T {
  return (seconds && Math.round(seconds * 1e6) / 1e6) as T;
}
