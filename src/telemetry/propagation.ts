/**
 * A context on its way to another process, as headers.
 *
 * @module
 */

import {
  type Context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type TextMapPropagator,
  trace,
} from "@opentelemetry/api";
import type { HeaderLookup } from "../types.ts";

export type { TextMapPropagator } from "@opentelemetry/api";

/** A context as W3C Trace Context writes it. Plain data, so it passes headers, RPC and queues. */
export interface TraceCarrier {
  /** The trace and the span. */
  readonly traceparent?: string | undefined;
  /** What vendors add. */
  readonly tracestate?: string | undefined;
}

/** Turns contexts into headers and back. */
export type Propagator = Pick<TextMapPropagator, "inject" | "extract">;

/** The propagator registered with `@opentelemetry/api`. */
export const registeredPropagator: Propagator = {
  inject: (context, carrier, setter) => propagation.inject(context, carrier, setter),
  extract: (context, carrier, getter) => propagation.extract(context, carrier, getter),
};

/** The headers that carry `context`; none where it has no span. */
export function traceHeaders(propagator: Propagator, context: Context): Record<string, string> {
  const headers: Record<string, string> = {};
  propagator.inject(context, headers, { set: (carrier, key, value) => carrier[key] = value });
  return headers;
}

/** The context that `headers` carry. */
export function contextFromHeaders(propagator: Propagator, headers: HeaderLookup): Context {
  return propagator.extract(ROOT_CONTEXT, headers, {
    get: (carrier, key) => carrier.get(key) ?? undefined,
    keys: () => [],
  });
}

/**
 * The context itself, or the one that a carrier has.
 *
 * @throws {TypeError} when it is neither
 */
export function contextFrom(propagator: Propagator, given: Context | TraceCarrier): Context {
  checkContext(given);
  if ("getValue" in given) return given;
  const { traceparent = null, tracestate = null } = given;
  return contextFromHeaders(propagator, {
    get: (name) => name === "traceparent" ? traceparent : name === "tracestate" ? tracestate : null,
  });
}

/**
 * Checks what is to be a context or a carrier of one.
 *
 * @throws {TypeError} when it is neither
 */
export function checkContext(given: unknown): void {
  if (typeof given === "object" && given !== null) return;
  throw new TypeError(
    `Cannot go on in a context as it must be one or an object with its traceparent: current value is ${
      JSON.stringify(given)
    }`,
  );
}

/** Whether a span of this process is in that context. */
export function hasLocalSpan(context: Context): boolean {
  const spanContext = trace.getSpanContext(context);
  return spanContext !== undefined && isSpanContextValid(spanContext) && spanContext.isRemote !== true;
}
