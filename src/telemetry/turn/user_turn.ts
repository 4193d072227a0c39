/**
 * A turn of the user: from the start of speech to the decision that it is over, as one span.
 *
 * @module
 */

import { type Attributes, type Context, type Span, SpanKind, trace } from "@opentelemetry/api";
import { spanName } from "../../semconv.ts";
import * as attr from "../../semconv_attributes.ts";
import type { EndOfTurn, RequestIdKind, Transcript } from "../../types.ts";
import { type Clock, clockIn } from "../clock.ts";
import { knownAttributes } from "../instruments.ts";
import type { AttemptScope } from "../scope.ts";
import type { SuspendedTurn } from "../session/suspended.ts";
import { keepId, NO_IDS, textsOf } from "../attempt/request_ids.ts";
import { recordJudgement } from "./judgement.ts";
import type { Recognition, Recognizer } from "./recognizer.ts";
import { Transcription } from "./transcription.ts";
import {
  believed,
  type ClockSource,
  type SpeechTime,
  turnBegan,
  type UserTurnFigures,
  userTurnFigures,
  type UserTurnMarks,
} from "./turn_clock.ts";

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
  /** Tells the time in it. */
  readonly clock: Clock;
  readonly #scope: AttemptScope;
  readonly #parent: () => Context;
  readonly #listener: UserTurnListener;
  readonly #createdAt: number;
  #ids = NO_IDS;
  #recognition: Recognition | undefined;
  #starts: Partial<Record<ClockSource, number>> = {};
  #stops: Partial<Record<ClockSource, number>> = {};
  /** What was recognized of it. */
  readonly transcription: Transcription;
  #committedAt: number | undefined;
  #lastAt: number;
  #outcome: UserTurnOutcome | undefined;
  #span: Span | undefined;
  #spanStartedAt = Infinity;
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
    this.transcription = new Transcription(before);
    this.clock = clockIn(parent(), scope.clock);
    this.#createdAt = this.#lastAt = this.clock.now();
    if (before === undefined) return;
    const { marks, ids, recognizer, ended } = before;
    if (ended) this.#outcome = "committed";
    if (marks.startedAt !== undefined) this.#starts = { provider: marks.startedAt };
    this.#stops = { ...marks.stops };
    this.#committedAt = marks.committedAt;
    this.#told = marks.committedAt !== undefined && marks.finalAt !== undefined;
    for (const id of ids) this.#ids = keepId(this.#ids, id, "request");
    if (recognizer !== undefined) {
      this.heardBy({ recognizer: () => recognizer, connectionIds: () => [] });
    }
  }

  /** What of it can go on elsewhere; `undefined` where its span is open. */
  suspend(): SuspendedTurn | undefined {
    if (this.ended ? this.#outcome !== "committed" : this.#span !== undefined) return undefined;
    const { marks, requestIds: ids, recognizer, transcription: { confidences } } = this;
    return { marks, ids, recognizer, confidences, ended: this.ended || undefined };
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
    return this.transcription.firstAt !== undefined;
  }

  /** Whether a transcript of it will not change any more. */
  get transcribed(): boolean {
    return this.transcription.finalAt !== undefined;
  }

  /** How it ended. */
  get outcome(): UserTurnOutcome | undefined {
    return this.#outcome;
  }

  /** Whose recognition it was heard by. */
  get recognizer(): Recognizer | undefined {
    return this.#recognition?.recognizer();
  }

  /** When speech began in it. */
  get speechStart(): SpeechTime | undefined {
    return believed(this.#starts);
  }

  /** Its times, so far. */
  get marks(): UserTurnMarks {
    return {
      startedAt: this.speechStart?.at,
      stops: this.#stops,
      firstTranscriptAt: this.transcription.firstAt,
      finalAt: this.transcription.finalAt,
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
  transcript(transcript: Transcript): void {
    if (this.ended) return;
    this.#lastAt = this.clock.now();
    this.transcription.add(transcript, this.#lastAt);
    if (transcript.final && this.committed) this.#tell();
  }

  /** Whether the user has finished was judged now, after so many seconds of thought or since speech stopped. */
  judged(judgement: EndOfTurn, source: string, seconds?: number): void {
    if (this.ended) return;
    this.#lastAt = this.clock.now();
    const now = this.#endedAt; // what is judged of a turn that is over belongs to its end
    const since = seconds === undefined ? this.figures.speechEndedAt ?? now : now - seconds * 1000;
    const judged = { ...judgement, source, from: Math.min(since, now), to: now };
    recordJudgement(this.#scope.tracer, this.context, judged, this.#spanStartedAt);
  }

  /** It is over. */
  commit(): void {
    if (this.ended || this.committed) return;
    this.#committedAt = this.#lastAt = this.clock.now();
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
    const ids = this.requestIds;
    return knownAttributes({
      [attr.requestIds]: ids.length > 0 ? [...ids] : undefined,
      [attr.transcriptionDelay]: figures.transcriptionDelay,
      [attr.endOfTurnDelay]: figures.endOfTurnDelay,
      [attr.firstTranscriptDelay]: figures.firstTranscriptDelay,
      [attr.turnClock]: figures.source,
      ...this.transcription.attributes(),
      [attr.turnOutcome]: this.#outcome,
    });
  }

  #tell(): void {
    if (this.#told || this.ended) return;
    this.#told = true;
    this.#listener.ready(this);
  }

  /** What was decided counts, not when the last word about it came. */
  get #endedAt(): number {
    return this.#committedAt ?? this.#lastAt;
  }

  #open(): Span {
    if (this.#span !== undefined) return this.#span;
    // only now: signals that come first may say that it began before them
    this.#spanStartedAt = turnBegan(this.marks, this.#createdAt, this.#endedAt);
    return this.#span = this.#scope.tracer.startSpan(spanName.userTurn, {
      kind: SpanKind.INTERNAL,
      startTime: this.#spanStartedAt,
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
        ...this.#scope.content?.heard(this.transcription.text),
      }),
    });
    span.end(this.#endedAt);
    this.#listener.ended(this);
  }
}
