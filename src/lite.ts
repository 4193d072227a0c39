/**
 * Telemetry in one call, of parts that you name: no provider and no export of metrics is in a bundle that does not
 * ask for it.
 *
 * @example One provider
 * ```ts
 * import { startTelemetry } from "@teespan/teespan/lite";
 * import { openai } from "@teespan/teespan/providers/openai";
 *
 * await using telemetry = startTelemetry({ serviceName: "my-agent", providers: [openai] });
 * // const client = new OpenAI({ fetch: telemetry.fetch });
 * ```
 *
 * @module
 */

import { endRefused, type FlushResult, shareFlushes } from "./flush.ts";
import { idleTelemetry } from "./idle.ts";
import type { Fetch } from "./instrument/fetch.ts";
import { type InstrumentOptions, resolveInstrumentation } from "./instrument/options.ts";
import type { WebSocketClass } from "./instrument/websocket.ts";
import type { WebSocketStreamClass } from "./instrument/websocket_stream.ts";
import type { StartMetering } from "./otlp/metering.ts";
import { registerGlobals } from "./otlp/globals.ts";
import { createPropagator } from "./otlp/propagator.ts";
import { isLongLived } from "./otlp/runtime.ts";
import { startSdk } from "./otlp/sdk.ts";
import { type ExportOptions, resolveExport } from "./otlp/settings.ts";
import { checkMetricOptions } from "./otlp/settings_checks.ts";
import { openRequest, type TelemetryViews } from "./request.ts";
import { type Instruments, instrumentsOf, resolveWrapped } from "./instruments.ts";
import { openSession, reopenSession, type Session } from "./session.ts";
import { harmless } from "./stream/shield.ts";
import type { Attempt } from "./telemetry/attempt/attempt.ts";
import { measureAttempts } from "./telemetry/attempt/attempt_metrics.ts";
import { contextFrom } from "./telemetry/propagation.ts";
import {
  logTrouble,
  type MeterProvider,
  NO_METRICS,
  NO_TRACES,
  type Tracer,
  type TracerProvider,
} from "./telemetry/scope.ts";
import type { SessionOptions } from "./telemetry/session/session_handle.ts";
import { openView, type ViewSource } from "./view.ts";

export type * from "./telemetry_types.ts";

/** What telemetry is started with: where spans go, and which calls leave one. */
export interface LiteOptions
  extends ExportOptions, Omit<InstrumentOptions, "tracerProvider" | "meterProvider" | "measureAttempts"> {
  /**
   * Has metrics exported: `exportMetrics` of `@teespan/teespan/metrics`.
   *
   * @default none, so that the SDK of metrics is in no bundle that does without; what measures goes to the meter
   *   provider that is registered with `@opentelemetry/api`
   */
  readonly exportMetrics?: StartMetering | undefined;
  /**
   * What is wrapped as {@linkcode Telemetry.fetch}.
   *
   * @default the platform's `fetch`, as it is at the start
   */
  readonly fetch?: Fetch | undefined;
  /**
   * What is wrapped as {@linkcode Telemetry.WebSocket}.
   *
   * @default the platform's `WebSocket`, as it is at the start
   */
  readonly WebSocket?: WebSocketClass | undefined;
  /**
   * What is wrapped as {@linkcode Telemetry.WebSocketStream}.
   *
   * @default the platform's `WebSocketStream`, as it is at the start
   */
  readonly WebSocketStream?: WebSocketStreamClass | undefined;
  /**
   * Whether to register tracer provider and context manager with `@opentelemetry/api`, so that spans of your own
   * and of other libraries go the same way. Where others registered first, they stay.
   *
   * @default true
   */
  readonly register?: boolean | undefined;
}

/** What telemetry has done so far. */
export interface TelemetryStats {
  /** Attempts that have not ended. */
  readonly openAttempts: number;
  /** Attempts that have. */
  readonly endedAttempts: number;
  /** Spans that the collector took. */
  readonly exportedSpans: number;
  /** Spans lost: queue full, collector down or refusing. */
  readonly droppedSpans: number;
  /** Spans that wait or are on their way. */
  readonly pendingSpans: number;
  /** Frames that were not understood, or larger than the bound. */
  readonly unreadFrames: number;
  /** Bytes of frames larger than the bound, which were passed on and not read: about 4 MiB and more for each. */
  readonly bytesOverBounds: number;
  /** Ids beyond the bound of one attempt. */
  readonly droppedRequestIds: number;
}

/** Running telemetry. */
export interface Telemetry extends Instruments, AsyncDisposable, TelemetryViews {
  /**
   * Starts a session: one conversation, whose calls hang under its span.
   *
   * @param options its id, and what else is known of it
   * @returns a handle, to be ended wherever the conversation ends
   * @throws {TypeError} when an option has the wrong shape
   */
  startSession(options: SessionOptions): Session;
  /**
   * Goes on with a session that was suspended, perhaps in another isolate: the same span, the same ids, what was used
   * and measured so far.
   *
   * @param suspended what `session.suspend()` gave. Where it cannot be read, as it was changed or is of an older
   *   version, `onError` is told why and a fresh session starts
   * @param options those of that fresh session
   * @returns a handle, as of `startSession()`
   * @throws {TypeError} when an option has the wrong shape
   */
  resumeSession(suspended: string, options?: Partial<SessionOptions>): Session;
  /** Makes spans of your own. */
  readonly tracer: Tracer;
  /** The provider behind it, for code that takes one. */
  readonly tracerProvider: TracerProvider;
  /** Makes meters, for measurements of your own. */
  readonly meterProvider: MeterProvider;
  /**
   * Sends what has ended, and waits for exports on their way and for what arrives meanwhile. Never rejects; use it
   * with `waitUntil` where the runtime has that.
   *
   * @param options `deadlineMs`: how long to wait at most, 10 000 by default
   */
  flush(options?: { readonly deadlineMs?: number | undefined }): Promise<FlushResult>;
  /** Ends what is open as abandoned, sends all and stops. A second call does nothing. */
  shutdown(): Promise<void>;
  /** Counts so far. */
  stats(): TelemetryStats;
}

/**
 * Starts telemetry as that of `@teespan/teespan` does, with the providers that are named, and metrics where their
 * export is named, too.
 *
 * @example A voice agent with metrics
 * ```ts
 * import { startTelemetry } from "@teespan/teespan/lite";
 * import { exportMetrics } from "@teespan/teespan/metrics";
 * import { cartesia } from "@teespan/teespan/providers/cartesia";
 * import { deepgram } from "@teespan/teespan/providers/deepgram";
 * import { openai } from "@teespan/teespan/providers/openai";
 *
 * const telemetry = startTelemetry({ providers: [openai, deepgram, cartesia], exportMetrics });
 * await telemetry.shutdown();
 * ```
 *
 * @param options see {@linkcode LiteOptions}
 * @returns a handle that ends with `shutdown()` or `await using`
 * @throws {TypeError} when an option has the wrong shape
 * @throws {RangeError} when a number is out of bounds
 */
export function startTelemetry(options: LiteOptions): Telemetry {
  const wrapped = resolveWrapped(options, "start telemetry");
  const settings = resolveExport(options);
  checkMetricOptions(options, options.exportMetrics);
  if (settings.disabled) {
    const nowhere = { tracerProvider: NO_TRACES, meterProvider: NO_METRICS };
    return idleTelemetry(resolveInstrumentation({ ...options, ...nowhere }), wrapped);
  }
  const report = harmless(options.onError ?? logTrouble);
  const sdk = startSdk(settings, (error) => report(error, "export"), options.exportMetrics);
  const { tracerProvider, meterProvider } = sdk;
  const { propagator: given = createPropagator(), register = true } = options;
  const resolved = resolveInstrumentation({
    ...options,
    tracerProvider,
    meterProvider,
    propagator: given,
    measureAttempts,
  });
  const { propagator } = resolved;
  const scope = { ...resolved.scope, startAs: sdk.startAs };
  const instrumentation = { ...resolved, scope };
  const unregister = register ? registerGlobals(sdk) : (): void => {};
  let stopped: Promise<void> | undefined;

  async function stop(): Promise<void> {
    for (const session of scope.sessions) session.end();
    for (const attempt of scope.open) attempt.end("abandoned");
    try {
      await sdk.shutdown();
    } catch (error) {
      report(error, "export");
    }
    unregister();
  }

  async function flush(open: Iterable<Attempt>, deadlineMs = 10_000): Promise<FlushResult> {
    endRefused(open);
    const complete = await sdk.flush(deadlineMs);
    const { exported, dropped } = sdk.counts;
    return { complete, exportedSpans: exported, droppedSpans: dropped };
  }

  const source: ViewSource = {
    instrumentation,
    wrapped,
    flush: isLongLived() ? shareFlushes(flush) : flush,
  };
  return {
    ...instrumentsOf(instrumentation, wrapped),
    startSession: (session) => openSession(instrumentation, wrapped, session),
    resumeSession: (text, session) => reopenSession(instrumentation, wrapped, text, session),
    tracer: scope.tracer,
    tracerProvider,
    meterProvider,
    within: (context) => openView(source, contextFrom(propagator, context)),
    startRequest: (request, options) => openRequest(source, request, options),
    flush: ({ deadlineMs } = {}) => flush(scope.open, deadlineMs),
    shutdown: () => stopped ??= stop(),
    stats: () => ({
      openAttempts: scope.open.size,
      endedAttempts: scope.counts.ended,
      exportedSpans: sdk.counts.exported,
      droppedSpans: sdk.counts.dropped,
      pendingSpans: sdk.pending(),
      unreadFrames: scope.counts.unreadFrames,
      bytesOverBounds: scope.counts.bytesOverBounds,
      droppedRequestIds: scope.counts.droppedRequestIds,
    }),
    [Symbol.asyncDispose]() {
      return this.shutdown();
    },
  };
}
