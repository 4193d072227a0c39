/**
 * Contexts that are carried explicitly, as some runtimes carry none.
 *
 * @module
 */

import {
  type Context,
  context,
  createContextKey,
  INVALID_SPAN_CONTEXT,
  type Span,
  type SpanOptions,
  trace,
  type Tracer,
} from "@opentelemetry/api";

export { ROOT_CONTEXT } from "@opentelemetry/api";
export type { Context, Span } from "@opentelemetry/api";

/** A span that is none. */
export const NO_SPAN: Span = /* @__PURE__ */ trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/** Where a context says whose part it is. */
const MARK = /* @__PURE__ */ createContextKey("teespan view");

/** A context that can be told again in those made from it. */
export function markContext(within: Context): { readonly context: Context; readonly mark: object } {
  const mark = {};
  return { context: within.setValue(MARK, mark), mark };
}

/** Whether `active` was made from the context with that mark. */
export function belongsTo(active: Context, mark: object): boolean {
  return active.getValue(MARK) === mark;
}

/** Runs `fn` in `within`, where the runtime carries contexts. */
export function runIn<T>(within: Context, fn: () => T): T {
  return context.with(within, fn);
}

/** A tracer whose spans are children of `active()` unless told otherwise. */
export function tracerIn(tracer: Tracer, active: () => Context): Tracer {
  return {
    startSpan: (name, options, within = active()) => tracer.startSpan(name, options, within),
    startActiveSpan(name: string, ...all: unknown[]): unknown {
      const fn = all.at(-1) as (span: Span) => unknown;
      const [options, parent = active()] = all.slice(0, -1) as [SpanOptions?, Context?];
      const span = tracer.startSpan(name, options, parent);
      return context.with(trace.setSpan(parent, span), () => fn(span));
    },
  } as Tracer;
}
