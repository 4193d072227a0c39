/**
 * The official OTLP/protobuf exporter of metrics, likewise; apart, so that who exports none does not load it.
 *
 * @module
 */

import {
  AggregationTemporalityPreference,
  OTLPMetricExporterBase,
} from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { createLegacyOtlpBrowserExportDelegate } from "@opentelemetry/otlp-exporter-base/browser-http";
import { MetricsExporterMetricsHelper, ProtobufMetricsSerializer } from "@opentelemetry/otlp-transformer";
import type { PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { Temporality } from "./env.ts";
import { type ExporterSettings, officialConfig, PROTOBUF, retryOnceMore } from "./exporter.ts";
import { mayReadEnv } from "./runtime.ts";

/** Where metrics go, and how. */
export interface MetricExporterSettings extends ExporterSettings {
  /** Whether sums are those since the last export or since the start. */
  readonly temporality: Temporality;
}

/** Creates the exporter of metrics. */
export function createMetricExporter(settings: MetricExporterSettings): PushMetricExporter {
  const official = createOfficialMetrics(settings);
  return {
    ...retryOnceMore(official),
    selectAggregationTemporality: (type) => official.selectAggregationTemporality(type),
    selectAggregation: (type) => official.selectAggregation(type),
  };
}

/** `OTLPMetricExporter`, with the same exceptions. */
function createOfficialMetrics(settings: MetricExporterSettings): OTLPMetricExporterBase {
  const config = { ...officialConfig(settings), temporalityPreference: TEMPORALITIES[settings.temporality] };
  if (mayReadEnv() && !settings.avoidsEnv) return new OTLPMetricExporter(config);
  return new OTLPMetricExporterBase(
    createLegacyOtlpBrowserExportDelegate(
      config,
      ProtobufMetricsSerializer,
      "otlp_http_metric_exporter",
      MetricsExporterMetricsHelper,
      undefined,
      "v1/metrics",
      PROTOBUF,
    ),
    config,
  );
}

const TEMPORALITIES = {
  delta: AggregationTemporalityPreference.DELTA,
  cumulative: AggregationTemporalityPreference.CUMULATIVE,
  lowmemory: AggregationTemporalityPreference.LOWMEMORY,
} as const;
