/**
 * The context that a `traceparent` header names.
 *
 * @see {@link https://www.w3.org/TR/trace-context/#traceparent-header}
 * @module
 */

import { type Context, isSpanContextValid, ROOT_CONTEXT, trace } from "@opentelemetry/api";

/** Version, trace id, parent id, flags; later versions may append to it. */
const FORMAT = /^(?!ff)([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/** The context of whoever sent the header; `undefined` where it is none. */
export function contextOf(traceparent: string | null | undefined): Context | undefined {
  const [, version, traceId, spanId, flags, rest] = FORMAT.exec(traceparent?.trim() ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || (version === "00" && rest !== undefined)) {
    return undefined;
  }
  const spanContext = { traceId, spanId, traceFlags: parseInt(flags!, 16) & 1, isRemote: true };
  return isSpanContextValid(spanContext) ? trace.setSpanContext(ROOT_CONTEXT, spanContext) : undefined;
}
