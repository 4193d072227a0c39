/**
 * Where telemetry goes: options over environment over defaults, resolved once.
 *
 * @module
 */

import type { PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { Sampler, SpanExporter } from "@opentelemetry/sdk-trace-web";
import {
  type EnvLookup,
  type EnvTarget,
  headerVariables,
  lookUpIn,
  readEnv,
  type Signal,
  signalUrl,
  type Temporality,
} from "./env.ts";
import type { ExporterSettings } from "./exporter.ts";
import { type HeaderSource, headersOver } from "./headers.ts";
import type { MetricExporterSettings } from "./metric_exporter.ts";
import { isLongLived, processVariable } from "./runtime.ts";
import { samplerByName, samplerByRatio } from "./sampler.ts";
import { checkShapes, checkUrl, whole } from "./settings_checks.ts";

/** A value of a resource attribute. */
export type ResourceValue = string | number | boolean | readonly string[];

/** Where spans go, and how. Every option has a standard `OTEL_*` variable, which it overrides. */
export interface ExportOptions {
  /**
   * What the service is called.
   *
   * @default `OTEL_SERVICE_NAME`, else "unknown_service"
   */
  readonly serviceName?: string | undefined;
  /** The service's version: `service.version`. */
  readonly serviceVersion?: string | undefined;
  /** More resource attributes, over those of `OTEL_RESOURCE_ATTRIBUTES`. */
  readonly resourceAttributes?: Readonly<Record<string, ResourceValue>> | undefined;
  /**
   * The collector's base URL, to which `/v1/traces` and `/v1/metrics` are added. Without any endpoint nothing is sent.
   *
   * @default `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` and `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT` (whole), else
   *   `OTEL_EXPORTER_OTLP_ENDPOINT` (base)
   */
  readonly endpoint?: string | URL | undefined;
  /**
   * The whole URL for traces, where it is not `/v1/traces` under {@linkcode endpoint}. `false` sends no traces.
   *
   * @default what {@linkcode endpoint} says
   */
  readonly tracesEndpoint?: string | URL | false | undefined;
  /**
   * The whole URL for metrics, where it is not `/v1/metrics` under {@linkcode endpoint}. `false` sends no metrics.
   *
   * @default what {@linkcode endpoint} says
   */
  readonly metricsEndpoint?: string | URL | false | undefined;
  /**
   * Request headers for the collector, over those of `OTEL_EXPORTER_OTLP_HEADERS`; or a function that gives them, for
   * tokens that expire. It is called for each request, so it should keep what it made.
   */
  readonly headers?: HeaderSource | undefined;
  /**
   * Whether what `OTEL_EXPORTER_OTLP_HEADERS` says goes along. `false` where they are meant for another endpoint:
   * {@linkcode headers} then stand alone.
   *
   * @default true
   */
  readonly headersFromEnv?: boolean | undefined;
  /**
   * How long one export may take, retries included, in milliseconds.
   *
   * @default `OTEL_EXPORTER_OTLP_TIMEOUT`, else 10 000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Compression of what is sent, where the transport can: Node, Deno and Bun.
   *
   * @default `OTEL_EXPORTER_OTLP_COMPRESSION`, else "none"
   */
  readonly compression?: "gzip" | "none" | undefined;
  /**
   * The share of traces that is kept, 0 to 1. A parent's decision stands.
   *
   * @default what `OTEL_TRACES_SAMPLER` says, else 1
   */
  readonly sampleRatio?: number | undefined;
  /** A sampler of your own; wins over {@linkcode sampleRatio}. */
  readonly sampler?: Sampler | undefined;
  /** An exporter of your own, instead of OTLP. */
  readonly exporter?: SpanExporter | undefined;
  /** An exporter of metrics of your own, instead of OTLP. */
  readonly metricExporter?: PushMetricExporter | undefined;
  /**
   * Whether sums and histograms are those since the last export or since the start.
   *
   * @default `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`, else "delta": an isolate may not live to the next one
   */
  readonly temporality?: Temporality | undefined;
  /**
   * How often metrics are sent, in milliseconds, on runtimes whose isolates live on. `false` sends only on `flush()`,
   * as on Workers.
   *
   * @default `OTEL_METRIC_EXPORT_INTERVAL`, else 60 000
   */
  readonly metricIntervalMs?: number | false | undefined;
  /**
   * Spans that wait for export at most; more are dropped and counted.
   *
   * @default `OTEL_BSP_MAX_QUEUE_SIZE`, else 10 000
   */
  readonly maxQueueSize?: number | undefined;
  /**
   * Spans in one request at most.
   *
   * @default `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`, else 512
   */
  readonly maxBatchSize?: number | undefined;
  /**
   * How long a span waits at most before it is sent, in milliseconds, on runtimes whose isolates live on. `false`
   * sends only on `flush()`, as on Workers.
   *
   * @default `OTEL_BSP_SCHEDULE_DELAY`, else 5 000
   */
  readonly exportIntervalMs?: number | false | undefined;
  /**
   * The environment variables, where the runtime hands them over by request.
   *
   * @default the process's, as far as they may be read
   */
  readonly env?: object | undefined;
}

/** Options with nothing left open. */
export interface ExportSettings {
  /** Telemetry is switched off. */
  readonly disabled: boolean;
  /** Attributes of the resource. */
  readonly resource: Readonly<Record<string, ResourceValue>>;
  /** Where spans go; `undefined` is nowhere. */
  readonly target: SpanExporter | ExporterSettings | undefined;
  /** Where metrics go; `undefined` is nowhere. */
  readonly metrics: PushMetricExporter | MetricExporterSettings | undefined;
  /** How often metrics are sent, ms; `undefined` on `flush()` only. */
  readonly metricIntervalMs: number | undefined;
  /** Which traces are kept. */
  readonly sampler: Sampler;
  /** Spans that wait at most. */
  readonly maxQueueSize: number;
  /** Spans in one request at most. */
  readonly maxBatchSize: number;
  /** How long a span waits at most, ms; `undefined` until `flush()`. */
  readonly intervalMs: number | undefined;
}

/**
 * Resolves options.
 *
 * @throws {TypeError} when an option has the wrong shape
 * @throws {RangeError} when a number is out of bounds
 */
export function resolveExport(options: ExportOptions): ExportSettings {
  checkShapes(options);
  const lookUp = lookUpIn(options.env);
  const env = readEnv(lookUp);
  const {
    exportIntervalMs = env.exportIntervalMs ?? 5000,
    metricIntervalMs = env.metricIntervalMs ?? 60_000,
    temporality = env.temporality ?? "delta",
  } = options;
  const maxQueueSize = whole("maxQueueSize", options.maxQueueSize) ?? env.maxQueueSize ?? 10_000;
  const maxBatchSize = whole("maxBatchSize", options.maxBatchSize) ?? env.maxBatchSize ?? 512;
  whole("timeoutMs", options.timeoutMs);
  const metricMs = interval("metricIntervalMs", metricIntervalMs);
  const metrics = otlpTarget(options, env.metrics, "metrics", lookUp);
  const intervalMs = interval("exportIntervalMs", exportIntervalMs);
  return {
    disabled: env.disabled,
    resource: {
      "service.name": "unknown_service",
      ...env.resourceAttributes,
      ...defined({ "service.name": env.serviceName }),
      ...options.resourceAttributes,
      ...defined({ "service.name": options.serviceName, "service.version": options.serviceVersion }),
    },
    target: options.exporter ?? otlpTarget(options, env.traces, "traces", lookUp),
    metrics: options.metricExporter ?? (metrics && { ...metrics, temporality }),
    metricIntervalMs: metricMs,
    sampler: options.sampler ??
      (options.sampleRatio === undefined
        ? samplerByName(env.sampler, env.samplerArg)
        : samplerByRatio(options.sampleRatio)),
    maxQueueSize,
    maxBatchSize: Math.min(maxBatchSize, maxQueueSize),
    intervalMs,
  };
}

function otlpTarget(
  options: ExportOptions,
  env: EnvTarget,
  signal: Signal,
  lookUp: EnvLookup,
): ExporterSettings | undefined {
  const { headersFromEnv = true } = options;
  const url = urlFor(options, signal) ?? env.url;
  if (url === false || url === undefined || env.off) return undefined;
  checkUrl(options[`${signal}Endpoint`] === undefined ? "endpoint" : `${signal}Endpoint`, url);
  return {
    url,
    headers: headersOver(headersFromEnv ? env.headers : {}, options.headers),
    timeoutMs: options.timeoutMs ?? env.timeoutMs ?? 10_000,
    compression: options.compression ?? env.compression ?? "none",
    avoidsEnv: headerVariables(signal).some((name) => {
      const text = processVariable(name);
      return text !== undefined && text.trim() !== "" && !(headersFromEnv && lookUp(name) === text);
    }),
  };
}

/** What the options say of a signal's URL; `false` is nowhere. */
function urlFor(options: ExportOptions, signal: Signal): string | false | undefined {
  const own = options[`${signal}Endpoint`];
  if (own === false) return false;
  if (own !== undefined) return String(own);
  return options.endpoint === undefined ? undefined : signalUrl(String(options.endpoint), signal);
}

/** How often something is sent; `undefined` where that is not wanted, or no timer can be relied on. */
function interval(name: string, value: number | false): number | undefined {
  const ms = value === false ? undefined : whole(name, value);
  return isLongLived() ? ms : undefined;
}

function defined(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
