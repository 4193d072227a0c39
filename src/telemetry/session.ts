/**
 * A session: one conversation, from its start to a shutdown callback far from it.
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
import { attr, counter, metric, spanName } from "../semconv.ts";
import type { Attempt } from "./attempt.ts";
import { createCounter, createHistogram, knownAttributes } from "./instruments.ts";
import { type AttemptRecord, Ledger } from "./ledger.ts";
import { Reconnects } from "./reconnects.ts";
import { type AttemptScope, withGroup } from "./scope.ts";
import { UserTurns } from "./user_turns.ts";

/** What a session is started with. */
export interface SessionOptions {
  /** Its id: `gen_ai.conversation.id`. */
  readonly id: string;
  /**
   * The name of its span, such as `voice.session`.
   *
   * @default "agent_session"
   */
  readonly name?: string | undefined;
  /** Attributes of its span. `tenant.id` is also put on its measurements. */
  readonly attributes?: Attributes | undefined;
  /**
   * The context in which it begins; the parent of its span.
   *
   * @default the active context
   */
  readonly parent?: Context | undefined;
}

/** How a session ended. */
export interface SessionEnd {
  /** A short word: `success`, `error` (which marks the span), … */
  readonly outcome?: string | undefined;
  /** Why the connection went: `client`, `timeout`, … */
  readonly disconnectReason?: string | undefined;
}

/** One conversation. A handle: it may end in another callback than it began in. */
export interface SessionHandle extends Disposable {
  /** Its id. */
  readonly id: string;
  /** The context of its span: parent of all that is made in it. */
  readonly context: Context;
  /** Runs `fn` in its context, where the runtime carries contexts. */
  run<T>(fn: () => T): T;
  /**
   * Runs bounded work under a span of its own.
   *
   * @param name the span's name, such as `voice.deliver_initial_greeting`
   * @param fn the work; what it throws is thrown on, and marks the span
   */
  operation<T>(name: string, fn: (span: Span) => T | Promise<T>, attributes?: Attributes): Promise<T>;
  /** Adds to a counter of the product's own, such as `voice.greetings.delivered`. */
  count(name: string, value?: number, attributes?: Attributes): void;
  /** The attempts that have ended in it, oldest first; the newest 256. */
  attempts(): readonly AttemptRecord[];
  /** Ends it, and what is open in it as abandoned. A second call does nothing. */
  end(end?: SessionEnd): void;
}

/** Starts a session. */
export function startSession(scope: AttemptScope, options: SessionOptions): SessionHandle {
  return new SpanSession(scope, options);
}

class SpanSession implements SessionHandle {
  readonly id: string;
  readonly context: Context;
  readonly #scope: AttemptScope;
  readonly #span: Span;
  readonly #startedAt: number;
  readonly #tenant: Attributes;
  readonly #open = new Set<Attempt>();
  readonly #ledger = new Ledger();
  readonly #userTurns: UserTurns;
  #ended = false;

  constructor(scope: AttemptScope, { id, name = spanName.session, attributes = {}, parent }: SessionOptions) {
    this.id = id;
    this.#scope = scope;
    this.#startedAt = scope.clock.now();
    this.#tenant = { [attr.tenantId]: attributes[attr.tenantId] };
    const within = parent ?? scope.activeContext();
    this.#span = scope.tracer.startSpan(name, {
      kind: SpanKind.INTERNAL,
      startTime: this.#startedAt,
      attributes: { [attr.conversationId]: id, ...attributes },
    }, within);
    const own = trace.setSpan(within, this.#span);
    this.#userTurns = new UserTurns(scope, () => this.context, { ready() {}, ended() {} });
    this.context = withGroup(own, {
      open: this.#open,
      userTurns: this.#userTurns,
      reconnects: new Reconnects(),
      ended: (record) => this.#ledger.add(record),
    });
    const present = attributes[attr.roomName] !== undefined;
    createCounter(scope.meter, counter.sessionsStarted)
      .add(1, knownAttributes({ ...this.#tenant, [attr.roomNamePresent]: present }));
  }

  run<T>(fn: () => T): T {
    return context.with(this.context, fn);
  }

  async operation<T>(
    name: string,
    fn: (span: Span) => T | Promise<T>,
    attributes: Attributes = {},
  ): Promise<T> {
    const span = this.#scope.tracer.startSpan(name, { attributes }, this.context);
    try {
      return await context.with(trace.setSpan(this.context, span), () => fn(span));
    } catch (error) {
      const type = Object(error).name ?? "Error";
      span.setAttribute(attr.errorType, String(type));
      span.setStatus({ code: SpanStatusCode.ERROR, message: String(type) });
      throw error;
    } finally {
      span.end();
    }
  }

  count(name: string, value = 1, attributes: Attributes = {}): void {
    const shape = { name, unit: "1", description: "Counted in a session" };
    createCounter(this.#scope.meter, shape).add(value, knownAttributes({ ...this.#tenant, ...attributes }));
  }

  attempts(): readonly AttemptRecord[] {
    return this.#ledger.list();
  }

  end({ outcome, disconnectReason }: SessionEnd = {}): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const attempt of this.#open) attempt.end("abandoned");
    this.#userTurns.end();
    const endedAt = this.#scope.clock.now();
    const durationMs = endedAt - this.#startedAt;
    const ending = { [attr.disconnectReason]: disconnectReason, [attr.sessionOutcome]: outcome };
    this.#span.setAttributes({ ...ending, [attr.sessionDurationMs]: durationMs });
    if (outcome === "error") this.#span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
    this.#span.end(endedAt);
    createHistogram(this.#scope.meter, metric.sessionDuration)
      .record(durationMs, knownAttributes({ ...this.#tenant, ...ending }));
  }

  [Symbol.dispose](): void {
    this.end();
  }
}
