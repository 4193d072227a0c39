/**
 * The metrics SDK, set up: a meter provider, and where its measurements go.
 *
 * @module
 */

import { context, type MeterProvider as ApiMeterProvider, ROOT_CONTEXT } from "@opentelemetry/api";
import { type ExportResult, ExportResultCode, suppressTracing } from "@opentelemetry/core";
import type { Resource } from "@opentelemetry/resources";
import {
  MeterProvider,
  MetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import { createMetricExporter } from "./metric_exporter.ts";
import { InFlight, type Loss, lossOf } from "./in_flight.ts";
import { unrefTimer } from "./runtime.ts";
import type { ExportSettings } from "./settings.ts";

/** A running SDK of metrics. */
export interface Metering {
  /** Makes meters. */
  readonly provider: ApiMeterProvider;
  /** Sends what was measured, within so many ms. Never rejects. */
  readonly flush: (deadlineMs: number) => Promise<void>;
  /** Sends what was measured and stops. */
  readonly shutdown: () => Promise<void>;
}

/** Starts the SDK of metrics; `undefined` when they go nowhere. */
export type StartMetering = typeof exportMetrics;

/** Has metrics exported: for {@linkcode LiteOptions.exportMetrics}. */
export function exportMetrics(
  { metrics, metricIntervalMs }: ExportSettings,
  resource: Resource,
  onError: (error: unknown) => void,
): Metering | undefined {
  if (metrics === undefined) return undefined;
  const exporter = "export" in metrics ? metrics : createMetricExporter(metrics);
  const reader = new FlushedReader(exporter, lossOf(metrics, createMetricExporter), onError);
  const provider = new MeterProvider({ resource, readers: [reader] });
  const timer = metricIntervalMs === undefined
    ? undefined
    : setInterval(() => void reader.send(), metricIntervalMs);
  if (timer !== undefined) unrefTimer(timer);
  return {
    provider,
    async flush(deadlineMs) {
      let deadline: ReturnType<typeof setTimeout> | undefined;
      await Promise.race([
        reader.send(),
        new Promise((resolve) => void (deadline = setTimeout(resolve, deadlineMs))),
      ]);
      clearTimeout(deadline);
    },
    async shutdown() {
      clearInterval(timer);
      await provider.shutdown();
    },
  };
}

/** Reads and sends when asked. The official reader needs a timer from the start, which Workers forbid. */
class FlushedReader extends MetricReader {
  readonly #loss: Loss<PushMetricExporter>;
  readonly #onError: (error: unknown) => void;
  readonly #inFlight: InFlight;
  #exporter: PushMetricExporter;

  constructor(
    exporter: PushMetricExporter,
    loss: Loss<PushMetricExporter>,
    onError: (error: unknown) => void,
  ) {
    super({
      aggregationTemporalitySelector: (type) => exporter.selectAggregationTemporality?.(type) ?? 0,
      ...exporter.selectAggregation &&
        { aggregationSelector: (type) => exporter.selectAggregation!(type) },
    });
    this.#exporter = exporter;
    this.#loss = loss;
    this.#inFlight = new InFlight(loss.maxExportMs);
    this.#onError = onError;
  }

  /** Sends what was measured since the last time. */
  async send(): Promise<void> {
    try {
      const { resourceMetrics, errors } = await this.collect();
      for (const error of errors) this.#onError(error);
      if (resourceMetrics.scopeMetrics.length === 0) return;
      if (this.#inFlight.giveUp() > 0) this.#exporter = this.#loss.renewExporter?.() ?? this.#exporter;
      await this.#inFlight.follow(1, () => this.#export(resourceMetrics), ({ code, error }) => {
        if (code !== ExportResultCode.SUCCESS) this.#onError(error);
      }).ended;
    } catch (error) {
      this.#onError(error);
    }
  }

  #export(resourceMetrics: ResourceMetrics): Promise<ExportResult> {
    return new Promise((resolve) =>
      context.with(suppressTracing(ROOT_CONTEXT), () => this.#exporter.export(resourceMetrics, resolve))
    );
  }

  protected override onForceFlush(): Promise<void> {
    return this.send();
  }

  protected override async onShutdown(): Promise<void> {
    await this.send();
    await this.#exporter.shutdown();
  }
}
