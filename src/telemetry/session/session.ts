/**
 * A session: one conversation, from its start to a shutdown callback far from it.
 *
 * @module
 */

import { type Attributes, type Context, context, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import { attr, spanName } from "../../semconv.ts";
import { counter, metric } from "../../semconv_metrics.ts";
import type { Operation } from "../../types.ts";
import type { AgentTurn } from "../turn/agent_turn.ts";
import type { Attempt } from "../attempt/attempt.ts";
import type { Acquire, ConnectedTime } from "../attempt/attempt_metrics.ts";
import type { EndedAttempt } from "../attempt/attempt_state.ts";
import { Conversation } from "../turn/conversation.ts";
import { type AttemptGroup, type SessionShare, withGroup } from "../group.ts";
import { createCounter, createHistogram, knownAttributes } from "../instruments.ts";
import { type AttemptRecord, Ledger, recordAttempt } from "./ledger.ts";
import { attemptEvent, connectedEvent, connectionEvent, endOfUtteranceEvent } from "../usage/make_events.ts";
import type { MetricsEvent } from "../usage/metrics_events.ts";
import type { Node } from "../turn/node.ts";
import { Reconnects } from "../attempt/reconnects.ts";
import type { AttemptScope } from "../scope.ts";
import type { SessionEnd, SessionOptions } from "./session_handle.ts";
import { startSessionSpan } from "./session_span.ts";
import { type SuspendedSession, writeSession } from "./suspended.ts";
import { type SessionSummary, Tally } from "./summary.ts";
import { LatencyLog } from "../turn/turn_latency.ts";
import { createUsageCollector, type UsageCollector } from "../usage/usage.ts";
import type { UserTurn } from "../turn/user_turn.ts";

/** Told of what happens in a session. */
export interface SessionListener {
  /** The user's turn is over, and nobody answers yet. */
  ready(turn: UserTurn): void;
  /** Something was measured. */
  measured(event: MetricsEvent): void;
  /** An attempt ended. */
  attempted(record: AttemptRecord): void;
}

/** What a session is started with, its parent resolved. */
export type SessionStart = Omit<SessionOptions, "parent"> & { readonly parent?: Context | undefined };

/** One session. */
export class Session implements SessionShare, AttemptGroup {
  readonly id: string;
  readonly context: Context;
  readonly labels: Attributes;
  readonly open = new Set<Attempt>();
  readonly reconnects = new Reconnects();
  readonly conversation: Conversation;
  readonly #scope: AttemptScope;
  readonly #listener: SessionListener;
  readonly #span: Span;
  readonly #startedAt: number;
  readonly #ledger = new Ledger();
  readonly #usage: UsageCollector;
  readonly #latency: LatencyLog;
  readonly #tally: Tally;
  readonly #options: SessionStart;
  readonly #parent: Context;
  readonly #nodes = new Set<Node>();
  readonly #uploads = new WeakMap<EndedAttempt["start"], UserTurn>();
  #endedAt: number | undefined;

  /** Starts a session. */
  constructor(
    scope: AttemptScope,
    options: SessionStart,
    listener: SessionListener,
    before?: SuspendedSession,
  ) {
    const { id, attributes = {}, turnDetection } = options;
    this.id = id;
    this.#scope = scope;
    this.#options = options;
    this.#listener = listener;
    this.#startedAt = before?.startedAt ?? scope.clock.now();
    this.#usage = createUsageCollector(before?.usage);
    this.#latency = new LatencyLog(before?.turns);
    this.#tally = new Tally(before?.attempts, before?.errors);
    this.labels = knownAttributes({ [attr.tenantId]: attributes[attr.tenantId] });
    const { span, parent } = startSessionSpan(scope, options, this.#startedAt, before);
    this.#span = span;
    this.#parent = parent;
    this.context = withGroup(trace.setSpan(parent, span), this);
    this.conversation = new Conversation(scope, () => this.context, turnDetection, {
      ready: (turn) => listener.ready(turn),
      answered: (turn, by) =>
        this.#measured(
          endOfUtteranceEvent(turn, scope.clock.now(), { speechId: by?.id, hookSeconds: by?.hookSeconds }),
        ),
      ended: (turn) => this.#turnEnded(turn),
    });
    scope.sessions.add(this);
    if (before?.userTurn) this.conversation.resume(before.userTurn);
    if (before) return; // its start was counted
    const present = attributes[attr.roomName] !== undefined;
    createCounter(scope.meters.session, counter.sessionsStarted)
      .add(1, { ...this.labels, [attr.roomNamePresent]: present });
  }

  get session(): SessionShare {
    return this;
  }

  get userTurns(): Conversation["userTurns"] {
    return this.conversation.userTurns;
  }

  contextFor(operation: Operation): Context {
    const node = [...this.#nodes].findLast((one) => one.takes(operation));
    return this.conversation.placeOf(operation) ?? node?.context ?? this.context;
  }

  get nodeContext(): Context {
    return this.conversation.agentTurn?.context ?? this.context;
  }

  /** Runs `fn` in its context. */
  run<T>(fn: () => T): T {
    return context.with(this.context, fn);
  }

  attemptOpened({ start }: Attempt): undefined {
    const turn = start.operation === "stt" && start.method !== undefined && this.userTurns.pending;
    if (turn) this.#uploads.set(start, turn);
  }

  attemptOutput(): void {}

  attemptEnded(end: EndedAttempt): void {
    const record = recordAttempt(end);
    this.#ledger.add(record);
    this.#tally.add(record);
    this.#uploadEnded(end);
    this.#measured(attemptEvent(end));
    this.#listener.attempted(record);
  }

  acquired(acquire: Acquire): void {
    this.#measured(connectionEvent(acquire, this.#scope.clock.now()));
  }

  connected(time: ConnectedTime): void {
    this.#measured(connectedEvent(time, this.#scope.clock.now()));
  }

  nodeOpened(node: Node): void {
    this.#nodes.add(node);
  }

  nodeEnded(node: Node): void {
    this.#nodes.delete(node);
  }

  /** The attempts that have ended, oldest first. */
  attempts(): readonly AttemptRecord[] {
    return this.#ledger.list();
  }

  /** What it came to so far. */
  summary(): SessionSummary {
    return {
      id: this.id,
      durationSeconds: ((this.#endedAt ?? this.#scope.clock.now()) - this.#startedAt) / 1000,
      usage: this.#usage.summary(),
      latency: this.#latency.summary(),
      attempts: this.#tally.attempts,
      errors: this.#tally.errors,
    };
  }

  /** Gives it up here, to be gone on with elsewhere: what is open in it ends, but not a span that can be gone on with. */
  suspend(): string {
    this.#close();
    const userTurn = this.conversation.suspend();
    if (this.#endedAt === undefined) {
      this.#endedAt = this.#scope.clock.now();
      if (!this.#scope.startAs) this.#span.end(this.#endedAt); // what goes on is another span
    }
    const { traceId, spanId, traceFlags } = this.#span.spanContext();
    const { name = spanName.session, attributes = {}, turnDetection } = this.#options;
    const { usage, latency, attempts, errors } = this.summary();
    const { text, left } = writeSession({
      id: this.id,
      name,
      traceId,
      spanId,
      parentSpanId: trace.getSpanContext(this.#parent)?.spanId,
      traceFlags,
      startedAt: this.#startedAt,
      attributes,
      turnDetection,
      usage: usage.models,
      attempts,
      errors,
      turns: latency.turns.map(({ parts: _, ...turn }) => turn),
      userTurn,
    });
    const lost = left.filter((what) => what !== "turns");
    if (lost.length > 0) {
      this.#scope.onTrouble(
        new RangeError(`A suspended session has no room for all ${lost.join(", ")}`),
        "record",
      );
    }
    return text;
  }

  /** Ends it, and what is open in it. */
  end({ outcome, disconnectReason }: SessionEnd = {}): SessionSummary {
    if (this.#endedAt !== undefined) return this.summary();
    this.#close();
    this.conversation.end();
    this.#endedAt = this.#scope.clock.now();
    const durationMs = this.#endedAt - this.#startedAt;
    const ending = { [attr.disconnectReason]: disconnectReason, [attr.sessionOutcome]: outcome };
    this.#span.setAttributes(knownAttributes({ ...ending, [attr.sessionDurationMs]: durationMs }));
    if (outcome === "error") this.#span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
    this.#span.end(this.#endedAt);
    createHistogram(this.#scope.meters.session, metric.sessionDuration)
      .record(durationMs, knownAttributes({ ...this.labels, ...ending }));
    return this.summary();
  }

  #close(): void {
    this.#scope.sessions.delete(this);
    for (const attempt of this.open) attempt.end("abandoned");
    for (const node of this.#nodes) node.close();
  }

  /** What is uploaded while the user speaks, or just after, is that turn's recognition. */
  #uploadEnded({ start, state: { facts, failure, requestIds } }: EndedAttempt): void {
    const turn = this.#uploads.get(start);
    if (turn === undefined || turn.ended) return;
    const { providerName } = start;
    turn.heardBy({
      recognizer: () => ({ providerName, model: facts.requestModel }),
      connectionIds: () => [],
    });
    for (const { id, kind } of requestIds) turn.noteRequestId(id, kind);
    if (failure === undefined) turn.transcript({ final: true, language: facts.language });
  }

  #turnEnded(turn: AgentTurn): void {
    this.#latency.add(turn.latency());
    this.#scope.turnMetrics(turn);
  }

  #measured(event: MetricsEvent): void {
    this.#usage.collect(event);
    this.#listener.measured(event);
  }
}
