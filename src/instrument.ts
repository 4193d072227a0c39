/**
 * All that telemetry has, but for SDK and exporter.
 *
 * @module
 */

import type { Fetch } from "./instrument/fetch.ts";
import { type InstrumentOptions, resolveInstrumentation } from "./instrument/options.ts";
import type { WebSocketClass } from "./instrument/websocket.ts";
import type { WebSocketStreamClass } from "./instrument/websocket_stream.ts";
import { type Instruments, instrumentsOf, resolveWrapped } from "./instruments.ts";
import { openSession, reopenSession, type Session } from "./session.ts";
import { measureAttempts } from "./telemetry/attempt/attempt_metrics.ts";
import { contextFrom, type TraceCarrier } from "./telemetry/propagation.ts";
import type { Context } from "./telemetry/scope.ts";
import type { SessionOptions } from "./telemetry/session/session_handle.ts";
import { type ContextView, openContext } from "./view.ts";

/** How everything is instrumented, and what is wrapped. */
export interface InstrumentEverythingOptions extends Omit<InstrumentOptions, "measureAttempts"> {
  /**
   * What is wrapped as `fetch`.
   *
   * @default the platform's, as it is now
   */
  readonly fetch?: Fetch | undefined;
  /**
   * What is wrapped as `WebSocket`.
   *
   * @default the platform's, as it is now
   */
  readonly WebSocket?: WebSocketClass | undefined;
  /**
   * What is wrapped as `WebSocketStream`.
   *
   * @default the platform's, as it is now
   */
  readonly WebSocketStream?: WebSocketStreamClass | undefined;
}

/** Instruments on a tracer provider of the application's. */
export interface Instrumented extends Instruments {
  /**
   * Starts a session: one conversation, whose calls hang under its span.
   *
   * @param options its id, and what else is known of it
   * @returns a handle, to be ended wherever the conversation ends
   * @throws {TypeError} when an option has the wrong shape
   */
  startSession(options: SessionOptions): Session;
  /**
   * Goes on with a session that was suspended, perhaps in another isolate. What was used and measured so far is kept;
   * as another's provider makes its own ids, what follows is a span of its own, in the same trace and with a link to
   * the first, which ended when it was suspended.
   *
   * @param suspended what `session.suspend()` gave. Where it cannot be read, `onError` is told why and a fresh session
   *   starts
   * @param options those of that fresh session
   * @returns a handle, as of `startSession()`
   * @throws {TypeError} when an option has the wrong shape, needed or not
   */
  resumeSession(suspended: string, options?: Partial<SessionOptions>): Session;
  /**
   * Instruments whose spans are children of a context, wherever they are used from.
   *
   * @param context the context, or what `carrier()` or headers gave of it
   */
  within(context: Context | TraceCarrier): ContextView;
}

/**
 * Instruments everything for an application that has its own tracer provider: the handle of `startTelemetry()`, but
 * for what belongs to SDK and exporter. Sending, and stopping, are the provider's.
 *
 * @example Sessions on the provider that is registered
 * ```ts
 * import { instrument } from "@teespan/teespan/core";
 * import { providers } from "@teespan/teespan/providers";
 *
 * const instruments = instrument({ providers });
 * using session = instruments.startSession({ id: "call-1" });
 * // const openai = new OpenAI({ fetch: session.fetch });
 * console.log(session.summary().attempts);
 * ```
 *
 * @param options providers, and what is wrapped
 * @returns the instruments
 * @throws {TypeError} when an option has the wrong shape
 */
export function instrument(options: InstrumentEverythingOptions): Instrumented {
  const instrumentation = resolveInstrumentation({ ...options, measureAttempts });
  const wrapped = resolveWrapped(options, "instrument");
  const { propagator } = instrumentation;
  return {
    ...instrumentsOf(instrumentation, wrapped),
    startSession: (session) => openSession(instrumentation, wrapped, session),
    resumeSession: (text, session) => reopenSession(instrumentation, wrapped, text, session),
    within: (context) => openContext({ instrumentation, wrapped }, contextFrom(propagator, context)).view,
  };
}
