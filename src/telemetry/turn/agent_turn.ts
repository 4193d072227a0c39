/**
 * A turn of the agent: from the decision to answer to the end of its speech, as one span with the turn's clock.
 *
 * @module
 */

import { type Attributes, type Context, context, type Span, SpanKind, trace } from "@opentelemetry/api";
import { spanName } from "../../semconv.ts";
import * as attr from "../../semconv_attributes.ts";
import type { Operation, OutputKind } from "../../types.ts";
import type { AgentTurnHandle, AgentTurnKind } from "./agent_turn_handle.ts";
import type { Attempt } from "../attempt/attempt.ts";
import type { EndedAttempt, Retry } from "../attempt/attempt_state.ts";
import { type Clock, clockIn, type PastMoment, timeOf } from "../clock.ts";
import type { OperationWords } from "../content/content_recorder.ts";
import type { Undisposable } from "../disposable.ts";
import { type AttemptGroup, groupOf, type SessionShare, withGroup } from "../group.ts";
import { knownAttributes } from "../instruments.ts";
import type { Node } from "./node.ts";
import { ReplyTimes } from "./reply_times.ts";
import type { AttemptScope } from "../scope.ts";
import { turnAttributes } from "./turn_attributes.ts";
import { type TurnLatency, turnLatency } from "./turn_latency.ts";
import { askedOf, type Recognizer } from "./recognizer.ts";
import type { UserTurn } from "./user_turn.ts";

/** What a turn is made of. */
export interface AgentTurnStart {
  /** Its own id. */
  readonly id: string;
  /** Why the agent speaks. */
  readonly kind: AgentTurnKind;
  /** The turn of the user that it answers. */
  readonly userTurn?: UserTurn | undefined;
  /** Attributes of its span. */
  readonly attributes?: Attributes | undefined;
  /** Told of its end. */
  readonly ended: (turn: AgentTurn) => void;
  /** Told when what is known of the user's turn is complete. */
  readonly answered: (turn: AgentTurn) => void;
}

/** One turn of the agent. */
export class AgentTurn implements Undisposable<AgentTurnHandle>, AttemptGroup {
  readonly id: string;
  readonly context: Context;
  readonly outer: AttemptGroup;
  readonly session: SessionShare;
  readonly labels: Attributes;
  readonly #clock: Clock;
  readonly #start: AgentTurnStart;
  readonly #span: Span;
  readonly #startedAt: number;
  readonly #attempts = new Set<Attempt>();
  readonly #nodes = new Set<Node>();
  readonly #said: OperationWords | undefined;
  readonly #times = new ReplyTimes();
  #llm: Attempt | undefined;
  #tts: Attempt | undefined;
  #hookSeconds: number | undefined;
  #speaking = false;
  #interrupted = false;
  #wantsTools = false;
  #lastAt: number;
  #released = false;
  #told = false;
  #ended = false;

  /** A turn in the session whose context that is. */
  constructor(scope: AttemptScope, parent: Context, start: AgentTurnStart) {
    this.id = start.id;
    this.outer = groupOf(parent)!;
    ({ session: this.session, labels: this.labels } = this.outer);
    this.#clock = clockIn(parent, scope.clock);
    this.#start = start;
    this.#said = scope.content?.operation();
    this.#startedAt = this.#lastAt = this.#clock.now();
    this.#span = scope.tracer.startSpan(spanName.agentTurn, {
      kind: SpanKind.INTERNAL,
      startTime: this.#startedAt,
      attributes: knownAttributes({
        [attr.speechId]: start.id,
        [attr.turnKind]: start.kind,
        [attr.operationName]: "invoke_agent",
        ...start.attributes,
      }),
    }, parent);
    this.context = withGroup(trace.setSpan(parent, this.#span), this);
  }

  /** Whether its span ended. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The turn of the user that it answers. */
  get userTurn(): UserTurn | undefined {
    return this.#start.userTurn;
  }

  get userTranscript(): string | undefined {
    return this.userTurn?.transcription.text;
  }

  /** Time in the application's hook, in seconds. */
  get hookSeconds(): number | undefined {
    return this.#hookSeconds;
  }

  /** Where an attempt that nobody placed belongs: to the node that is under way, or to the turn. */
  placeOf(operation: Operation): Context {
    return [...this.#nodes].findLast((node) => node.takes(operation))?.context ?? this.context;
  }

  /** Whether its last response wants tools called, so that another one follows. */
  get awaitsTools(): boolean {
    return !this.#ended && this.#wantsTools;
  }

  /** Whether responses of a realtime model are part of it: the caller began it, and has not ended it. */
  get takesResponses(): boolean {
    return this.#start.kind !== "realtime" && !this.#released;
  }

  run<T>(fn: () => T): T {
    return context.with(this.context, fn);
  }

  async userTurnCompleted<T>(fn: () => T | Promise<T>): Promise<T> {
    const from = this.#clock.now();
    try {
      return await this.run(fn);
    } finally {
      this.#hookSeconds = (this.#clock.now() - from) / 1000;
      this.#answer();
    }
  }

  agentStartedSpeaking(at?: PastMoment): void {
    if (this.#ended) return;
    this.#speaking = true;
    this.#lastAt = this.#clock.now();
    this.#times.audible(timeOf(this.#clock, at));
  }

  agentStoppedSpeaking(at?: PastMoment): void {
    this.#speaking = false;
    this.#touch(timeOf(this.#clock, at));
    if (this.#released) this.#finish();
  }

  interrupt(source: "user_turn" | "programmatic" = "user_turn"): void {
    if (this.#ended || this.#interrupted) return;
    this.#interrupted = true;
    this.#span.setAttributes({ [attr.interrupted]: true, [attr.interruptionSource]: source });
  }

  attemptOpened(attempt: Attempt): Retry | undefined {
    this.#answer();
    this.#attempts.add(attempt);
    const { operation } = attempt.start;
    if (operation === "tts") this.#times.spoken(attempt.startedAt);
    else if (operation !== "stt") this.#asked(attempt.startedAt);
    return this.outer.attemptOpened(attempt);
  }

  attemptOutput(attempt: Attempt, kind: OutputKind, at: number): void {
    const { operation } = attempt.start;
    if (operation === "tts" && kind === "audio") this.#tts ??= attempt;
    if ((operation === "llm" || operation === "realtime") && kind !== "reasoning") {
      this.#times.answered(at, attempt.startedAt);
      this.#llm ??= attempt;
    }
    if (kind === "audio" && operation !== "stt") this.#times.audio(at);
    this.outer.attemptOutput(attempt, kind, at);
  }

  attemptEnded(end: EndedAttempt): void {
    const { start: { operation }, state: { facts }, startedAt, endedAt } = end;
    const wantsTools = (facts.toolCalls?.length ?? 0) > 0;
    if (wantsTools) this.#times.toolsCalled(startedAt);
    if (operation === "realtime") {
      this.#wantsTools = wantsTools;
      if (facts.interrupted) this.interrupt();
      // it began with the response that nobody asked us to bracket, and is over with it
      if (this.#start.kind === "realtime" && !this.#wantsTools) this.#released = true;
    }
    if (end.content) this.#said?.add(end.content);
    this.#touch(endedAt);
    for (const attempt of this.#attempts) if (attempt.ended) this.#attempts.delete(attempt);
    this.outer.attemptEnded({ ...end, speechId: this.id });
    this.#endIfOver();
  }

  nodeOpened(node: Node): void {
    this.#nodes.add(node);
    if (node.kind === "llm_node") this.#asked(node.startedAt);
    if (node.kind === "function_tool") this.#times.toolRan(node.startedAt);
  }

  nodeEnded(node: Node): void {
    this.#nodes.delete(node);
    this.#touch(node.endedAt);
    this.#endIfOver();
  }

  end(): void {
    this.#released = true;
    this.#endIfOver();
  }

  /** Another turn begins: its speech is over, and only what is under way in it is waited for. */
  pass(): void {
    this.#speaking = false;
    this.#released = true;
    this.#finish();
  }

  /** Its session ends: ends it, and what is open in it. */
  close(): void {
    this.#released = true;
    for (const node of this.#nodes) node.close();
    this.#end();
  }

  /** What the user waited for. */
  latency(): TurnLatency {
    return turnLatency(this.id, this.#start.kind, this.userTurn, {
      marks: this.#times.marks,
      speechAskedAt: this.#tts?.startedAt,
      interrupted: this.#interrupted,
      userTurnCompletedDelay: this.#hookSeconds,
    });
  }

  /** Whose figures those of the turn are. */
  models(): { readonly [Part in "stt" | "llm" | "tts"]: Recognizer | undefined } {
    return { stt: this.userTurn?.recognizer, llm: askedOf(this.#llm), tts: askedOf(this.#tts) };
  }

  #asked(at: number): void {
    // what a tool asks is a part of its work
    if (![...this.#nodes].some(({ kind }) => kind === "function_tool")) this.#times.asked(at);
  }

  #touch(at: number): void {
    this.#lastAt = Math.max(this.#lastAt, at);
  }

  #answer(): void {
    if (this.#told) return;
    this.#told = true;
    this.#start.answered(this);
  }

  #endIfOver(): void {
    if (this.#released && this.#attempts.size + this.#nodes.size === 0 && !this.#speaking) this.#end();
  }

  /** Does not wait for calls that nobody made yet. */
  #finish(): void {
    for (const node of this.#nodes) if (node.idle) node.close();
    this.#endIfOver();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#answer();
    this.#span.setAttributes({
      ...turnAttributes(this.latency(), this.models().llm),
      ...this.#said?.answeredAttributes(this.userTranscript),
    });
    this.#span.end(this.#lastAt);
    this.#start.ended(this);
  }
}
