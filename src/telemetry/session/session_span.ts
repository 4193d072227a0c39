/**
 * The span of a session, which may have begun in another isolate.
 *
 * @module
 */

import { type Context, ROOT_CONTEXT, type Span, type SpanContext, SpanKind, trace } from "@opentelemetry/api";
import { spanName } from "../../semconv.ts";
import * as attr from "../../semconv_attributes.ts";
import { type Clock, clockIn, steady } from "../clock.ts";
import type { AttemptScope } from "../scope.ts";
import type { SessionStart } from "./session.ts";
import type { SuspendedSession } from "./suspended.ts";

/** A span, and what is above it. */
export interface SessionSpan {
  /** The span. */
  readonly span: Span;
  /** The context above it. */
  readonly parent: Context;
  /** Tells the time in it. */
  readonly clock: Clock;
  /** When the session began, in milliseconds since the Unix epoch. */
  readonly startedAt: number;
}

/** Starts the span of a session; of one that goes on the same span, where ids can be given. */
export function startSessionSpan(
  scope: AttemptScope,
  { id, name = spanName.session, attributes = {}, parent }: SessionStart,
  before: SuspendedSession | undefined,
): SessionSpan {
  // who cannot give ids goes on in a span of its own, in the same trace
  const first = before && !scope.startAs ? spanContextOf(before) : undefined;
  const within = before ? contextAbove(before, first) : parent ?? scope.activeContext();
  const clock = steady(clockIn(within, scope.clock), before?.suspendedAt ?? before?.startedAt);
  const startedAt = before?.startedAt ?? clock.now();
  const start = (): Span =>
    scope.tracer.startSpan(name, {
      kind: SpanKind.INTERNAL,
      startTime: first ? clock.now() : startedAt,
      links: first ? [{ context: first }] : [],
      attributes: { [attr.conversationId]: id, [attr.operationName]: "invoke_workflow", ...attributes },
    }, within);
  const span = before && scope.startAs ? scope.startAs(before, start) : start();
  return { span, parent: within, clock, startedAt };
}

/** The span of a session that was suspended. */
function spanContextOf({ traceId, spanId, traceFlags }: SuspendedSession): SpanContext {
  return { traceId, spanId, traceFlags, isRemote: true };
}

/** The context above the span of a session that goes on; where that is another span, and has none above, the first. */
function contextAbove(before: SuspendedSession, first?: SpanContext): Context {
  const { parentSpanId } = before;
  const above = parentSpanId === undefined ? first : { ...spanContextOf(before), spanId: parentSpanId };
  return above === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, above);
}
