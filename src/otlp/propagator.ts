/**
 * The official propagator of W3C Trace Context.
 *
 * @module
 */

import type { TextMapPropagator } from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";

/** Reads and writes `traceparent` and `tracestate`. */
export function createPropagator(): TextMapPropagator {
  return new W3CTraceContextPropagator();
}
