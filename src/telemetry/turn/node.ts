/**
 * A node: a bracket that the caller draws around one product operation, as one span. Its attempts are tries of it.
 *
 * @module
 */

import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import * as attr from "../../semconv_attributes.ts";
import type { Operation, OutputKind } from "../../types.ts";
import type { Attempt } from "../attempt/attempt.ts";
import type { EndedAttempt, Outcome, Retry } from "../attempt/attempt_state.ts";
import type { OperationWords } from "../content/content_recorder.ts";
import type { Undisposable } from "../disposable.ts";
import { type AttemptGroup, groupOf, type SessionShare, withGroup } from "../group.ts";
import { failureOf } from "../attempt/failure.ts";
import { type Clock, clockIn } from "../clock.ts";
import { knownAttributes } from "../instruments.ts";
import { Retries } from "../attempt/retries.ts";
import type { AttemptScope } from "../scope.ts";

/** What kind of work a node brackets; LiveKit's names of such spans. */
export type NodeKind = "llm_node" | "tts_node" | "function_tool" | "operation";

/** What is known of a node. */
export interface NodeOptions {
  /**
   * The name of its span, such as `llm.voice_response`.
   *
   * @default LiveKit's: `llm_node`, `tts_node`
   */
  readonly name?: string | undefined;
  /** What it is for, such as `voice.reply`: `llm.use_case`. */
  readonly useCase?: string | undefined;
  /** Where in the product it stands: `llm.call_site`. */
  readonly callSite?: string | undefined;
  /** More attributes of its span. */
  readonly attributes?: Attributes | undefined;
}

/** A bracket around one product operation. */
export interface NodeHandle extends Disposable {
  /** The context of its span: parent of what belongs to it. */
  readonly context: Context;
  /** Its span, for attributes of your own. */
  readonly span: Span;
  /** Runs `fn` in its context, where the runtime carries contexts. */
  run<T>(fn: () => T): T;
  /** It failed: marks the span. Ends it as soon as its attempts have. */
  fail(error: unknown): void;
  /** Nothing more is begun in it. Its span ends as soon as its attempts have. A second call does nothing. */
  end(): void;
}

/** What a node is made of. */
export interface NodeStart {
  /** What kind it is. */
  readonly kind: NodeKind;
  /** The name of its span. */
  readonly name: string;
  /** Attributes of its span. */
  readonly attributes: Attributes;
  /** What measurements in it say besides. */
  readonly labels: Attributes;
}

/** One node. */
export class Node implements Undisposable<NodeHandle>, AttemptGroup {
  readonly context: Context;
  readonly span: Span;
  readonly outer: AttemptGroup;
  readonly session: SessionShare;
  readonly labels: Attributes;
  readonly startedAt: number;
  readonly #clock: Clock;
  readonly #start: NodeStart;
  readonly #retries = new Retries();
  readonly #said: OperationWords | undefined;
  readonly #open = new Set<Attempt | Node>();
  #attempts = 0;
  #firstAt: number | undefined;
  #lastAt: number;
  #outcome: Outcome | undefined;
  #errorType: string | undefined;
  #failed = false;
  #released = false;
  #ended = false;

  /** A node below `parent`, which is in a session. */
  constructor(scope: AttemptScope, parent: Context, start: NodeStart) {
    this.outer = groupOf(parent)!;
    this.session = this.outer.session;
    this.labels = { ...this.outer.labels, ...start.labels };
    this.#clock = clockIn(parent, scope.clock);
    this.#start = start;
    this.#said = start.kind === "llm_node" ? scope.content?.operation() : undefined;
    this.startedAt = this.#lastAt = this.#clock.now();
    this.span = scope.tracer.startSpan(start.name, {
      kind: SpanKind.INTERNAL,
      startTime: this.startedAt,
      attributes: knownAttributes({ [attr.node]: start.kind, ...start.labels, ...start.attributes }),
    }, parent);
    this.context = withGroup(trace.setSpan(parent, this.span), this);
    this.outer.nodeOpened(this);
  }

  /** What kind it is. */
  get kind(): NodeKind {
    return this.#start.kind;
  }

  /** Whether an attempt that nobody placed may be one of its. */
  takes(operation: Operation): boolean {
    if (this.#ended || (this.#released && this.#attempts > 0)) return false;
    if (this.kind === "llm_node") return operation === "llm";
    return this.kind === "tts_node" ? operation === "tts" : true;
  }

  /** Whether it is over, but for a call that may never be made. */
  get idle(): boolean {
    return this.#released && this.#attempts === 0 && this.#open.size === 0;
  }

  /** When it ended, or its last part so far. */
  get endedAt(): number {
    return this.#lastAt;
  }

  /** Whether its span ended. */
  get ended(): boolean {
    return this.#ended;
  }

  run<T>(fn: () => T): T {
    return context.with(this.context, fn);
  }

  attemptOpened(attempt: Attempt): Retry | undefined {
    this.#open.add(attempt);
    this.#attempts++;
    this.outer.attemptOpened(attempt);
    return this.#retries.before(attempt.start.operation, attempt.startedAt);
  }

  attemptOutput(attempt: Attempt, kind: OutputKind, at: number): void {
    if (this.#isAwaited(kind)) this.#firstAt ??= at;
    this.outer.attemptOutput(attempt, kind, at);
  }

  attemptEnded(end: EndedAttempt): void {
    this.#retries.ended(end);
    // of other work it is not said that it is as good as its attempts
    if (this.#isOfAttempts && !this.#failed) {
      this.#outcome = end.state.outcome;
      this.#errorType = end.state.failure?.type;
    }
    if (end.content) this.#said?.add(end.content);
    this.#lastAt = Math.max(this.#lastAt, end.endedAt);
    for (const attempt of this.#open) if (attempt.ended) this.#open.delete(attempt);
    const { spanId: operationId } = this.span.spanContext();
    this.outer.attemptEnded({ operationId, ...end });
    this.#endIfOver();
  }

  nodeOpened(node: Node): void {
    this.#open.add(node);
    this.outer.nodeOpened(node);
  }

  nodeEnded(node: Node): void {
    this.#open.delete(node);
    this.#lastAt = Math.max(this.#lastAt, node.endedAt);
    this.outer.nodeEnded(node);
    this.#endIfOver();
  }

  fail(error: unknown): void {
    if (this.#ended || this.#failed) return;
    this.#failed = true;
    this.#outcome = "error";
    this.#errorType = failureOf(error).type;
    this.end();
  }

  end(): void {
    if (this.#released) return;
    this.#released = true;
    this.#lastAt = this.#clock.now();
    this.#endIfOver();
  }

  /** Its session or turn ends, and it with them. */
  close(): void {
    this.#released = true;
    for (const one of this.#open) if (one instanceof Node) one.close();
    this.#end();
  }

  /** A node in which no attempt began may be waited for: what was handed out may still make its call. */
  #endIfOver(): void {
    const waits = this.#attempts === 0 && this.#isOfAttempts && this.#outcome === undefined;
    if (this.#released && this.#open.size === 0 && !waits) this.#end();
  }

  get #isOfAttempts(): boolean {
    return this.#start.kind === "llm_node" || this.#start.kind === "tts_node";
  }

  #isAwaited(kind: OutputKind): boolean {
    return this.#start.kind === "tts_node" ? kind === "audio" : kind !== "reasoning";
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const first = this.#firstAt === undefined ? undefined : (this.#firstAt - this.startedAt) / 1000;
    const failed = this.#outcome === "error";
    this.span.setAttributes(knownAttributes({
      [attr.ttft]: this.#start.kind === "llm_node" ? first : undefined,
      [attr.ttfb]: this.#start.kind === "tts_node" ? first : undefined,
      [attr.toolIsError]: this.#start.kind === "function_tool" ? failed : undefined,
      [attr.errorType]: failed ? this.#errorType : undefined,
      [attr.sessionOutcome]: this.#outcome ?? "success",
      ...this.#said?.askedAttributes(),
      ...this.#said?.answeredAttributes(),
    }));
    if (failed) this.span.setStatus({ code: SpanStatusCode.ERROR, message: this.#errorType ?? "error" });
    this.span.end(this.#lastAt);
    this.outer.nodeEnded(this);
  }
}
