/**
 * The SDK, set up: a tracer provider, and where its spans go.
 *
 * @module
 */

import type { TracerProvider } from "@opentelemetry/api";
import { SDK_INFO } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { type SpanExporter, WebTracerProvider } from "@opentelemetry/sdk-trace-web";
import { EdgeSpanProcessor, type ExportCounts } from "./edge_span_processor.ts";
import { createTraceExporter } from "./exporter.ts";
import type { ExportSettings } from "./settings.ts";

/** A running SDK. */
export interface Tracing {
  /** Makes tracers. */
  readonly provider: TracerProvider;
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
export function startTracing(settings: ExportSettings, onError: (error: unknown) => void): Tracing {
  const { maxQueueSize, maxBatchSize, intervalMs, resource, sampler } = settings;
  const exporter = targetExporter(settings);
  const processor = exporter &&
    new EdgeSpanProcessor(exporter, { maxQueueSize, maxBatchSize, intervalMs, onError });
  const provider = new WebTracerProvider({
    resource: resourceFromAttributes({ ...SDK_INFO, ...resource as Record<string, string> }),
    spanProcessors: processor ? [processor] : [],
    ...sampler && { sampler },
  });
  return {
    provider,
    counts: processor?.counts ?? { exported: 0, dropped: 0 },
    pending: () => processor?.pending ?? 0,
    flush: (deadlineMs) => processor?.flush(deadlineMs) ?? Promise.resolve(true),
    shutdown: () => provider.shutdown(),
  };
}

function targetExporter({ target }: ExportSettings): SpanExporter | undefined {
  return target && ("export" in target ? target : createTraceExporter(target));
}
