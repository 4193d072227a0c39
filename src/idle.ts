/**
 * Telemetry that is switched off: there is nothing to carry and nothing to watch.
 *
 * @module
 */

import type { Instrumentation } from "./instrument/options.ts";
import { idleInstruments, type Instruments, type Wrapped } from "./instruments.ts";
import type { Telemetry } from "./lite.ts";
import { globalProviders } from "./otlp/globals.ts";
import type { RequestTelemetry } from "./request.ts";
import { checkSession, optionsAfresh } from "./session.ts";
import { checkContext } from "./telemetry/propagation.ts";
import { NO_SPAN, ROOT_CONTEXT } from "./telemetry/scope_in.ts";
import { startSession } from "./telemetry/session/start_session.ts";
import type { TelemetryView } from "./view.ts";

/**
 * Telemetry that is switched off (`OTEL_SDK_DISABLED`): `fetch` is the very one that was given. What is wrong with
 * options is told all the same.
 */
export function idleTelemetry({ scope }: Instrumentation, wrapped: Wrapped): Telemetry {
  const nothing = { exportedSpans: 0, droppedSpans: 0 };
  const instruments = idleInstruments(wrapped, scope);
  const equip = <H extends object>(handle: H): H & Instruments => Object.assign(handle, instruments);
  const idle: Telemetry = {
    ...instruments,
    within(context) {
      checkContext(context);
      return idleRequest(idle);
    },
    startRequest: () => idleRequest(idle),
    startSession(options) {
      checkSession(options);
      return equip(startSession(scope, { ...options, parent: undefined }, equip));
    },
    resumeSession: (_text, options) => idle.startSession(optionsAfresh(options)),
    tracer: scope.tracer,
    ...globalProviders(),
    flush: () => Promise.resolve({ complete: true, ...nothing }),
    shutdown: () => Promise.resolve(),
    stats: () => ({
      openAttempts: 0,
      endedAttempts: 0,
      pendingSpans: 0,
      unreadFrames: 0,
      bytesOverBounds: 0,
      droppedRequestIds: 0,
      ...nothing,
    }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return idle;
}

/** A view that is the telemetry itself. */
function idleRequest(
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
