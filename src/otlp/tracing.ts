/**
 * The SDK, set up: a tracer provider, and where its spans go.
 *
 * @module
 */

import type { TracerProvider as ApiTracerProvider } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-web";
import { GivenIds, type SpanIds } from "./given_ids.ts";
import { EdgeSpanProcessor, type ExportCounts } from "./edge_span_processor.ts";
import { createTraceExporter } from "./exporter.ts";
import { lossOf } from "./in_flight.ts";
import { isLongLived, mayReadEnv } from "./runtime.ts";
import type { ExportSettings } from "./settings.ts";

/** A running SDK. */
export interface Tracing {
  /** Makes tracers. */
  readonly provider: ApiTracerProvider;
  /** Starts a span with ids that are given: the one that `start` starts. */
  readonly startAs: <T>(ids: SpanIds, start: () => T) => T;
  /** What became of spans so far. */
  readonly counts: Readonly<ExportCounts>;
  /** Spans that wait or are on their way. */
  readonly pending: () => number;
  /** Sends all, within so many ms; whether nothing is left. */
  readonly flush: (deadlineMs: number) => Promise<boolean>;
  /** Sends all and takes no more. */
  readonly shutdown: () => Promise<void>;
}

/** Starts the SDK. Without a target, spans are made and go nowhere. */
export function startTracing(
  settings: ExportSettings,
  resource: Resource,
  onError: (error: unknown) => void,
): Tracing {
  const { maxQueueSize, maxBatchSize, intervalMs, sampler, target } = settings;
  const exporter = target && ("export" in target ? target : createTraceExporter(target));
  const processor = exporter && new EdgeSpanProcessor(exporter, {
    maxQueueSize,
    maxBatchSize,
    intervalMs,
    waitsForOthers: isLongLived(),
    ...lossOf(target, createTraceExporter),
    onError,
  });
  // the basic one looks at the environment; its base class is what is left of it where that is not allowed
  const Provider = mayReadEnv() ? BasicTracerProvider : TracerProvider;
  const idGenerator = new GivenIds();
  const provider = new Provider({
    resource,
    idGenerator,
    spanProcessors: processor ? [processor] : [],
    sampler,
  });
  return {
    provider,
    startAs: (ids, start) => idGenerator.give(ids, start),
    counts: processor?.counts ?? { exported: 0, dropped: 0 },
    pending: () => processor?.pending ?? 0,
    flush: (deadlineMs) => processor?.flush(deadlineMs) ?? Promise.resolve(true),
    shutdown: () => provider.shutdown(),
  };
}
