/**
 * Both signals of the SDK, as one.
 *
 * @module
 */

import { type MeterProvider, metrics, type TracerProvider } from "@opentelemetry/api";
import { SDK_INFO } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ExportCounts } from "./edge_span_processor.ts";
import type { StartMetering } from "./metering.ts";
import type { ExportSettings } from "./settings.ts";
import { startTracing, type Tracing } from "./tracing.ts";

/** A running SDK. */
export interface Sdk {
  /** Makes tracers. */
  readonly tracerProvider: TracerProvider;
  /** Makes meters. */
  readonly meterProvider: MeterProvider;
  /** Starts a span with ids that are given. */
  readonly startAs: Tracing["startAs"];
  /** What became of spans so far. */
  readonly counts: Readonly<ExportCounts>;
  /** Spans that wait or are on their way. */
  readonly pending: () => number;
  /** Sends all, within so many ms; whether no span is left. */
  readonly flush: (deadlineMs: number) => Promise<boolean>;
  /** Sends all and takes no more. */
  readonly shutdown: () => Promise<void>;
}

/**
 * Starts the SDK. Without an endpoint, spans and measurements are made and go nowhere.
 *
 * @param startMetering starts that of metrics; without it, measurements are the registered provider's
 */
export function startSdk(
  settings: ExportSettings,
  onError: (error: unknown) => void,
  startMetering: StartMetering = () => undefined,
): Sdk {
  const resource = resourceFromAttributes({ ...SDK_INFO, ...settings.resource as Record<string, string> });
  const tracing = startTracing(settings, resource, onError);
  const metering = startMetering(settings, resource, onError);
  return {
    tracerProvider: tracing.provider,
    meterProvider: metering?.provider ?? metrics.getMeterProvider(),
    startAs: tracing.startAs,
    counts: tracing.counts,
    pending: tracing.pending,
    async flush(deadlineMs) {
      const [complete] = await Promise.all([tracing.flush(deadlineMs), metering?.flush(deadlineMs)]);
      return complete;
    },
    async shutdown() {
      await Promise.all([tracing.shutdown(), metering?.shutdown()]);
    },
  };
}
