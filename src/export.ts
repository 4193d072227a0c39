/**
 * Where telemetry goes, alone: tracer provider and OTLP export that fit edge isolates. With single instruments of
 * `@teespan/teespan/core` on it, the smallest bundle that sends anything.
 *
 * @example Calls of one provider, without metrics
 * ```ts
 * import { instrumentFetch } from "@teespan/teespan/core";
 * import { startExport } from "@teespan/teespan/export";
 * import { openai } from "@teespan/teespan/providers/openai";
 *
 * await using sending = startExport({ serviceName: "my-agent" });
 * const fetch = instrumentFetch(globalThis.fetch, { ...sending, providers: [openai] });
 * // const client = new OpenAI({ fetch });
 * ```
 *
 * @module
 */

import type { FlushResult } from "./flush.ts";
import type { InstrumentOptions } from "./instrument/options.ts";
import { globalProviders, type Providers, registerGlobals } from "./otlp/globals.ts";
import type { StartMetering } from "./otlp/metering.ts";
import { createPropagator } from "./otlp/propagator.ts";
import { startSdk } from "./otlp/sdk.ts";
import { type ExportOptions, resolveExport } from "./otlp/settings.ts";
import { checkMetricOptions } from "./otlp/settings_checks.ts";
import { harmless } from "./stream/shield.ts";
import type { Propagator } from "./telemetry/propagation.ts";
import { logTrouble } from "./telemetry/scope.ts";

export type * from "./telemetry_types.ts";

/** Where spans go, and measurements. */
export interface StartExportOptions extends ExportOptions, Pick<InstrumentOptions, "onError"> {
  /**
   * Has metrics exported: `exportMetrics` of `@teespan/teespan/metrics`.
   *
   * @default none, so that the SDK of metrics is in no bundle that does without
   */
  readonly exportMetrics?: StartMetering | undefined;
  /**
   * Whether to register tracer provider and context manager with `@opentelemetry/api`. Where others registered
   * first, they stay.
   *
   * @default true
   */
  readonly register?: boolean | undefined;
}

/** A running export. */
export interface Export extends Providers, AsyncDisposable {
  /** Reads and writes W3C Trace Context. */
  readonly propagator: Propagator;
  /**
   * Sends what has ended, and waits for exports on their way and for what arrives meanwhile. Never rejects.
   *
   * @param options `deadlineMs`: how long to wait at most, 10 000 by default
   */
  flush(options?: { readonly deadlineMs?: number | undefined }): Promise<FlushResult>;
  /** Sends all and stops. A second call does nothing. */
  shutdown(): Promise<void>;
}

/**
 * Starts the export. Where to is said by the standard `OTEL_*` variables, or by options; without an endpoint nothing
 * is sent and nothing fails.
 *
 * @example Metrics, too
 * ```ts
 * import { instrumentFetch, measureAttempts } from "@teespan/teespan/core";
 * import { startExport } from "@teespan/teespan/export";
 * import { exportMetrics } from "@teespan/teespan/metrics";
 * import { openai } from "@teespan/teespan/providers/openai";
 *
 * await using sending = startExport({ serviceName: "my-agent", exportMetrics });
 * const fetch = instrumentFetch(globalThis.fetch, { ...sending, providers: [openai], measureAttempts });
 * // const client = new OpenAI({ fetch });
 * ```
 *
 * @param options see {@linkcode StartExportOptions}
 * @returns providers for instruments, and a handle that ends with `shutdown()` or `await using`
 * @throws {TypeError} when an option has the wrong shape
 * @throws {RangeError} when a number is out of bounds
 */
export function startExport(options: StartExportOptions = {}): Export {
  const { exportMetrics, register = true, onError = logTrouble } = options;
  const settings = resolveExport(options);
  checkMetricOptions(options, exportMetrics);
  if (settings.disabled) return idleExport();
  const report = harmless(onError);
  const sdk = startSdk(settings, (error) => report(error, "export"), exportMetrics);
  const unregister = register ? registerGlobals(sdk) : (): void => {};
  let stopped: Promise<void> | undefined;

  async function stop(): Promise<void> {
    try {
      await sdk.shutdown();
    } catch (error) {
      report(error, "export");
    }
    unregister();
  }

  const { tracerProvider, meterProvider, counts } = sdk;
  return {
    tracerProvider,
    meterProvider,
    propagator: createPropagator(),
    async flush({ deadlineMs = 10_000 } = {}) {
      const complete = await sdk.flush(deadlineMs);
      return { complete, exportedSpans: counts.exported, droppedSpans: counts.dropped };
    },
    shutdown: () => stopped ??= stop(),
    [Symbol.asyncDispose]() {
      return this.shutdown();
    },
  };
}

/** An export that is switched off (`OTEL_SDK_DISABLED`). */
function idleExport(): Export {
  return {
    ...globalProviders(),
    propagator: createPropagator(),
    flush: () => Promise.resolve({ complete: true, exportedSpans: 0, droppedSpans: 0 }),
    shutdown: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
