/**
 * A session: one conversation, from its start to a shutdown callback far from it.
 *
 * @module
 */

import { type Attributes, type Context, context, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import { spanName } from "../../semconv.ts";
import * as attr from "../../semconv_attributes.ts";
import { counter } from "../../semconv_counters.ts";
import * as metric from "../../semconv_histograms.ts";
import type { Operation } from "../../types.ts";
import type { AgentTurn } from "../turn/agent_turn.ts";
import type { Attempt } from "../attempt/attempt.ts";
import type { Acquire, ConnectedTime } from "../attempt/attempt_metrics.ts";
import type { EndedAttempt, Used } from "../attempt/attempt_state.ts";
import { Conversation } from "../turn/conversation.ts";
import { type Clock, withClock } from "../clock.ts";
import { type AttemptGroup, type SessionShare, withGroup } from "../group.ts";
import { createCounter, createHistogram, knownAttributes } from "../instruments.ts";
import { type AttemptRecord, Ledger, recordAttempt } from "./ledger.ts";
import {
  attemptEvent,
  connectedEvent,
  connectionEvent,
  endOfUtteranceEvent,
  transcriptionEvent,
} from "../usage/make_events.ts";
import type { MetricsEvent } from "../usage/metrics_events.ts";
import type { Node } from "../turn/node.ts";
import { Reconnects } from "../attempt/reconnects.ts";
import type { AttemptScope } from "../scope.ts";
import type { SessionEnd, SessionOptions } from "./session_handle.ts";
import { startSessionSpan } from "./session_span.ts";
import { type SuspendedSession, writeSession } from "./suspended.ts";
import { type SessionSummary, Tally } from "./summary.ts";
import { LatencyLog } from "../turn/turn_latency.ts";
import { turnMetricsOf } from "../turn/turn_metrics.ts";
import { createUsageCollector, type UsageCollector } from "../usage/usage.ts";
import { Uploads } from "./uploads.ts";
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
  readonly #clock: Clock;
  readonly #span: Span;
  readonly #startedAt: number;
  readonly #ledger = new Ledger();
  readonly #usage: UsageCollector;
  readonly #latency: LatencyLog;
  readonly #tally: Tally;
  readonly #options: SessionStart;
  readonly #parent: Context;
  readonly #nodes = new Set<Node>();
  readonly #uploads = new Uploads();
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
    this.#usage = createUsageCollector(before?.usage);
    this.#latency = new LatencyLog(before?.turns);
    this.#tally = new Tally(before && { ...before, turns: before.turnCounts });
    this.labels = knownAttributes({ [attr.tenantId]: attributes[attr.tenantId] });
    const { span, parent, clock, startedAt } = startSessionSpan(scope, options, before);
    this.#clock = clock;
    this.#startedAt = startedAt;
    this.#span = span;
    this.#parent = parent;
    this.context = withGroup(withClock(trace.setSpan(parent, span), clock), this);
    this.conversation = new Conversation(scope, () => this.context, turnDetection, {
      ready: (turn) => listener.ready(turn),
      answered: (turn, by) =>
        this.#measured(
          endOfUtteranceEvent(turn, clock.now(), { speechId: by?.id, hookSeconds: by?.hookSeconds }),
        ),
      heard: () => this.#tally.userTurn(),
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

  /** Whether it ended, or goes on elsewhere. */
  get ended(): boolean {
    return this.#endedAt !== undefined;
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

  turnIn(work: AttemptGroup): AgentTurn | undefined {
    const turn = this.conversation.agentTurn;
    return turn?.outer === work && work !== this ? turn : undefined;
  }

  /** Runs `fn` in its context. */
  run<T>(fn: () => T): T {
    return context.with(this.context, fn);
  }

  attemptOpened(attempt: Attempt): undefined {
    this.#uploads.opened(attempt, this.userTurns);
  }

  attemptOutput(): void {}

  attemptEnded(end: EndedAttempt): void {
    const record = recordAttempt(end);
    this.#ledger.add(record);
    this.#tally.attempt(record);
    this.#uploads.ended(end);
    this.#measured(attemptEvent(end));
    this.#listener.attempted(record);
  }

  acquired(acquire: Acquire): void {
    this.#measured(connectionEvent(acquire, this.#clock.now()));
  }

  used(used: Used): void {
    this.#measured(transcriptionEvent(used, this.#scope.clock.now()));
  }

  connected(time: ConnectedTime): void {
    this.#measured(connectedEvent(time, this.#clock.now()));
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
      durationSeconds: ((this.#endedAt ?? this.#clock.now()) - this.#startedAt) / 1000,
      usage: this.#usage.summary(),
      latency: this.#latency.summary(),
      ...this.#tally.counts,
    };
  }

  /** Gives it up here, to be gone on with elsewhere: what is open in it ends, but not a span that can be gone on with. */
  suspend(): string {
    this.#close();
    const userTurn = this.conversation.suspend();
    if (this.#endedAt === undefined) {
      this.#endedAt = this.#clock.now();
      if (!this.#scope.startAs) this.#span.end(this.#endedAt); // what goes on is another span
    }
    const { traceId, spanId, traceFlags } = this.#span.spanContext();
    const { name = spanName.session, attributes = {}, turnDetection } = this.#options;
    const { usage, latency, attempts, errors, turns } = this.summary();
    const { text, left } = writeSession({
      id: this.id,
      name,
      traceId,
      spanId,
      parentSpanId: trace.getSpanContext(this.#parent)?.spanId,
      traceFlags,
      // no later and no earlier than what was timed in between, with the digits that are written
      startedAt: Math.floor(this.#startedAt * 100) / 100,
      suspendedAt: Math.ceil(this.#endedAt * 100) / 100,
      attributes,
      turnDetection,
      usage: usage.models,
      attempts,
      errors,
      turns: latency.turns.map(({ parts: _, ...turn }) => turn),
      turnCounts: turns,
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
    this.#endedAt = this.#clock.now();
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

  #turnEnded(turn: AgentTurn): void {
    const latency = turn.latency();
    this.#latency.add(latency);
    this.#tally.agentTurn(latency);
    turnMetricsOf(this.#scope.meters.turn)(turn);
  }

  #measured(event: MetricsEvent): void {
    this.#usage.collect(event);
    this.#listener.measured(event);
  }
}
