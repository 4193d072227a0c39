/**
 * Views of telemetry that is switched off: there is nothing to carry and nothing to watch.
 *
 * @module
 */

import type { RequestTelemetry } from "./request.ts";
import { NO_SPAN, ROOT_CONTEXT } from "./telemetry/scope_in.ts";
import type { TelemetryView } from "./view.ts";

/** A view that is the telemetry itself. */
export function idleRequest(
  telemetry: Omit<TelemetryView, "context" | "run" | "carrier">,
): RequestTelemetry {
  return {
    ...telemetry,
    context: ROOT_CONTEXT,
    run: (fn) => fn(),
    carrier: () => ({}),
    span: NO_SPAN,
    respond: (response) => response,
    fail: () => {},
  };
}
