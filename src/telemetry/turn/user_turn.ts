/**
 * A turn of the user: from the start of speech to the decision that it is over, as one span.
 *
 * @module
 */

import { type Attributes, type Context, type Span, SpanKind, trace } from "@opentelemetry/api";
import { attr, spanName } from "../../semconv.ts";
import type { EndOfTurn, RequestIdKind, Transcript } from "../../types.ts";
import { knownAttributes } from "../instruments.ts";
import type { AttemptScope } from "../scope.ts";
import type { SuspendedTurn } from "../session/suspended.ts";
import { keepId, NO_IDS, textsOf } from "../attempt/request_ids.ts";
import type { Recognition, Recognizer } from "./recognition.ts";
import { type ClockSource, type UserTurnFigures, userTurnFigures, type UserTurnMarks } from "./turn_clock.ts";

/** How a turn of the user ended. */
export type UserTurnOutcome = "committed" | "cleared" | "abandoned";

/** Told of the decisive moments of a turn. */
export interface UserTurnListener {
  /** It is over and its transcript is there: the agent's turn begins. */
  ready(turn: UserTurn): void;
  /** Its span ended. */
  ended(turn: UserTurn): void;
}

/** One turn. Times are milliseconds since the Unix epoch. */
export class UserTurn {
  readonly #scope: AttemptScope;
  readonly #parent: () => Context;
  readonly #listener: UserTurnListener;
  readonly #createdAt: number;
  #ids = NO_IDS;
  #recognition: Recognition | undefined;
  #starts: Partial<Record<ClockSource, number>> = {};
  #stops: Partial<Record<ClockSource, number>> = {};
  #firstTranscriptAt: number | undefined;
  #finalAt: number | undefined;
  #confidences = { count: 0, sum: 0 };
  #language: string | undefined;
  #committedAt: number | undefined;
  #lastAt: number;
  #outcome: UserTurnOutcome | undefined;
  #span: Span | undefined;
  #context: Context | undefined;
  #told = false;

  /** A turn below `parent`, begun when its first sign came; or one that goes on. */
  constructor(
    scope: AttemptScope,
    parent: () => Context,
    listener: UserTurnListener,
    before?: SuspendedTurn,
  ) {
    this.#scope = scope;
    this.#parent = parent;
    this.#listener = listener;
    this.#createdAt = this.#lastAt = scope.clock.now();
    if (before === undefined) return;
    const { marks, ids, recognizer, confidences, ended } = before;
    if (ended) this.#outcome = "committed";
    if (marks.startedAt !== undefined) this.#starts = { provider: marks.startedAt };
    this.#stops = { ...marks.stops };
    this.#firstTranscriptAt = marks.firstTranscriptAt;
    this.#finalAt = marks.finalAt;
    this.#committedAt = marks.committedAt;
    this.#told = marks.committedAt !== undefined && marks.finalAt !== undefined;
    this.#confidences = { ...confidences };
    for (const id of ids) this.noteRequestId(id, "request");
    if (recognizer !== undefined) {
      this.heardBy({ recognizer: () => recognizer, connectionIds: () => [] });
    }
  }

  /** What of it can go on elsewhere; `undefined` where its span is open. */
  suspend(): SuspendedTurn | undefined {
    if (this.ended ? this.#outcome !== "committed" : this.#span !== undefined) return undefined;
    const { marks, requestIds: ids, recognizer } = this;
    return { marks, ids, recognizer, confidences: { ...this.#confidences }, ended: this.ended || undefined };
  }

  /** Whether its span ended. */
  get ended(): boolean {
    return this.#outcome !== undefined;
  }

  /** Whether it is over. */
  get committed(): boolean {
    return this.#committedAt !== undefined;
  }

  /** Whether anything was heard of it. */
  get heard(): boolean {
    return this.#firstTranscriptAt !== undefined;
  }

  /** Whether a transcript of it will not change any more. */
  get transcribed(): boolean {
    return this.#finalAt !== undefined;
  }

  /** How it ended. */
  get outcome(): UserTurnOutcome | undefined {
    return this.#outcome;
  }

  /** Whose recognition it was heard by. */
  get recognizer(): Recognizer | undefined {
    return this.#recognition?.recognizer();
  }

  /** Its times, so far. */
  get marks(): UserTurnMarks {
    return {
      startedAt: this.#starts.vad ?? this.#starts.provider ?? this.#starts.words,
      stops: this.#stops,
      firstTranscriptAt: this.#firstTranscriptAt,
      finalAt: this.#finalAt,
      committedAt: this.#committedAt,
    };
  }

  /** What its times come to, so far. */
  get figures(): UserTurnFigures {
    return userTurnFigures(this.marks);
  }

  /** Ids of it that the provider knows; those of the connection where it has none of its own. */
  get requestIds(): readonly string[] {
    return this.#ids.length > 0 ? textsOf(this.#ids) : [...new Set(this.#recognition?.connectionIds())];
  }

  /** The context of its span: parent of what belongs to it. */
  get context(): Context {
    // one that came ended has a span elsewhere, or none
    if (this.ended && this.#span === undefined) return this.#parent();
    return this.#context ??= trace.setSpan(this.#parent(), this.#open());
  }

  /** It is heard by that recognition. */
  heardBy(recognition: Recognition): void {
    this.#recognition = recognition;
  }

  /** Notes an id. */
  noteRequestId(id: string, kind: RequestIdKind): void {
    if (!this.ended) this.#ids = keepId(this.#ids, id, kind);
  }

  /** Speech began then. */
  started(at: number, source: ClockSource): void {
    if (this.ended) return;
    this.#lastAt = Math.max(this.#lastAt, at);
    this.#starts[source] ??= at;
    // speaking on takes back that it had stopped
    const stop = this.#stops[source];
    if (stop !== undefined && stop <= at) delete this.#stops[source];
  }

  /** Speech stopped then. */
  stopped(at: number, source: ClockSource): void {
    if (this.ended) return;
    this.#lastAt = Math.max(this.#lastAt, at);
    this.#stops[source] = at;
  }

  /** Text was recognized now. */
  transcript({ final, confidence, language }: Transcript): void {
    if (this.ended) return;
    const now = this.#lastAt = this.#scope.clock.now();
    this.#firstTranscriptAt ??= now;
    if (language !== undefined) this.#language = language;
    if (!final) return;
    this.#finalAt = now;
    if (confidence !== undefined) {
      this.#confidences.count++;
      this.#confidences.sum += confidence;
    }
    if (this.committed) this.#tell();
  }

  /** Whether the user has finished was judged now, after so many seconds of thought or since speech stopped. */
  judged({ probability, eager }: EndOfTurn, source: string, seconds?: number): void {
    if (this.ended) return;
    const now = this.#lastAt = this.#scope.clock.now();
    const { speechEndedAt } = this.figures;
    const from = seconds === undefined ? Math.min(speechEndedAt ?? now, now) : now - seconds * 1000;
    this.#scope.tracer.startSpan(spanName.eouDetection, {
      kind: SpanKind.INTERNAL,
      startTime: from,
      attributes: knownAttributes({
        [attr.eouProbability]: probability,
        [attr.eouSource]: source,
        [attr.eouEager]: eager || undefined,
        [attr.eouDetectionDelay]: now > from ? (now - from) / 1000 : undefined,
      }),
    }, this.context).end(now);
  }

  /** It is over. */
  commit(): void {
    if (this.ended || this.committed) return;
    this.#committedAt = this.#lastAt = this.#scope.clock.now();
    if (this.transcribed) this.#tell();
  }

  /** It is over although its transcript is not there: whoever decided does not wait for that. */
  commitNow(): void {
    this.commit();
    this.#tell();
  }

  /** Nothing more will be said about it. */
  settle(): void {
    if (this.ended) return;
    if (this.committed) this.#tell();
    this.#end(this.committed ? "committed" : "abandoned");
  }

  /** It was dropped. Its ids stay. */
  clear(): void {
    this.#end("cleared");
  }

  /** What its span and the event on its recognition say. */
  attributes(): Attributes {
    const { figures } = this;
    const { count, sum } = this.#confidences;
    const ids = this.requestIds;
    return knownAttributes({
      [attr.requestIds]: ids.length > 0 ? [...ids] : undefined,
      [attr.transcriptionDelay]: figures.transcriptionDelay,
      [attr.endOfTurnDelay]: figures.endOfTurnDelay,
      [attr.transcriptConfidence]: count > 0 ? sum / count : undefined,
      [attr.firstTranscriptDelay]: figures.firstTranscriptDelay,
      [attr.turnClock]: figures.source,
      [attr.language]: this.#language,
      [attr.turnOutcome]: this.#outcome,
    });
  }

  #tell(): void {
    if (this.#told || this.ended) return;
    this.#told = true;
    this.#listener.ready(this);
  }

  #open(): Span {
    return this.#span ??= this.#scope.tracer.startSpan(spanName.userTurn, {
      kind: SpanKind.INTERNAL,
      // only now: signals that come first may say that it began before them
      startTime: this.marks.startedAt ?? this.#createdAt,
    }, this.#parent());
  }

  #end(outcome: UserTurnOutcome): void {
    if (this.ended) return;
    const span = this.#open();
    this.#outcome = outcome;
    span.setAttributes({
      ...this.attributes(),
      ...knownAttributes({
        [attr.providerName]: this.recognizer?.providerName,
        [attr.requestModel]: this.recognizer?.model,
      }),
    });
    // what was decided counts, not when the last word about it came
    span.end(this.#committedAt ?? this.#lastAt);
    this.#listener.ended(this);
  }
}
