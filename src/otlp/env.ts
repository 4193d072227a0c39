/**
 * The standard `OTEL_*` variables.
 *
 * @see {@link https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/}
 * @see {@link https://opentelemetry.io/docs/specs/otel/protocol/exporter/}
 * @module
 */

import { lowerKeys } from "./headers.ts";
import { processVariable } from "./runtime.ts";

/** Whether sums are those since the last export or since the start. `lowmemory` is whatever takes least. */
export type Temporality = "delta" | "cumulative" | "lowmemory";

/** Looks a variable up. */
export type EnvLookup = (name: string) => string | undefined;

/**
 * Looks variables up in what a platform hands over as `env`, which has bindings in it too; without one in the process,
 * as far as they may be read.
 */
export function lookUpIn(env: object | undefined): EnvLookup {
  if (env === undefined) return processVariable;
  return (name) => {
    const value = (env as Readonly<Record<string, unknown>>)[name];
    return typeof value === "string" ? value : undefined;
  };
}

/** What the variables say. What they do not say is absent. */
export interface EnvSettings {
  /** `OTEL_SDK_DISABLED` is `true`. */
  readonly disabled: boolean;
  /** `OTEL_SERVICE_NAME`. */
  readonly serviceName: string | undefined;
  /** `OTEL_RESOURCE_ATTRIBUTES`. */
  readonly resourceAttributes: Readonly<Record<string, string>>;
  /** Where traces go, and how. */
  readonly traces: EnvTarget;
  /** Where metrics go, and how. */
  readonly metrics: EnvTarget;
  /** `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`. */
  readonly temporality: Temporality | undefined;
  /** `OTEL_METRIC_EXPORT_INTERVAL`, ms. */
  readonly metricIntervalMs: number | undefined;
  /** `OTEL_TRACES_SAMPLER`. */
  readonly sampler: string | undefined;
  /** `OTEL_TRACES_SAMPLER_ARG`. */
  readonly samplerArg: string | undefined;
  /** `OTEL_BSP_SCHEDULE_DELAY`, ms. */
  readonly exportIntervalMs: number | undefined;
  /** `OTEL_BSP_MAX_QUEUE_SIZE`. */
  readonly maxQueueSize: number | undefined;
  /** `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`. */
  readonly maxBatchSize: number | undefined;
}

/** What the variables say of one signal: its own ones over the general ones. */
export interface EnvTarget {
  /** `OTEL_<SIGNAL>_EXPORTER` is `none`. */
  readonly off: boolean;
  /** `OTEL_EXPORTER_OTLP_<SIGNAL>_ENDPOINT`, or `OTEL_EXPORTER_OTLP_ENDPOINT` with the signal's path. */
  readonly url: string | undefined;
  /** `OTEL_EXPORTER_OTLP_HEADERS` with those of the signal on top. */
  readonly headers: Readonly<Record<string, string>>;
  /** `…_TIMEOUT`, ms. */
  readonly timeoutMs: number | undefined;
  /** `…_COMPRESSION`. */
  readonly compression: "gzip" | "none" | undefined;
}

/** Reads the variables. An empty value counts as none, as the specification says. */
export function readEnv(lookUp: EnvLookup): EnvSettings {
  const read = (name: string): string | undefined => lookUp(name)?.trim() || undefined;
  return {
    disabled: read("OTEL_SDK_DISABLED")?.toLowerCase() === "true",
    serviceName: read("OTEL_SERVICE_NAME"),
    resourceAttributes: parsePairs(read("OTEL_RESOURCE_ATTRIBUTES")),
    traces: readTarget(read, "TRACES"),
    metrics: readTarget(read, "METRICS"),
    temporality: temporality(read("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE")),
    metricIntervalMs: positive(read("OTEL_METRIC_EXPORT_INTERVAL")),
    sampler: read("OTEL_TRACES_SAMPLER"),
    samplerArg: read("OTEL_TRACES_SAMPLER_ARG"),
    exportIntervalMs: positive(read("OTEL_BSP_SCHEDULE_DELAY")),
    maxQueueSize: positive(read("OTEL_BSP_MAX_QUEUE_SIZE")),
    maxBatchSize: positive(read("OTEL_BSP_MAX_EXPORT_BATCH_SIZE")),
  };
}

/**
 * Whether `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` asks for content on spans: `true`, as instrumentations
 * had it first, or where it is to go, as they have it since. Of events there are none here.
 */
export function asksForContent(lookUp: EnvLookup): boolean {
  const value = lookUp("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT")?.trim() ?? "";
  return /^(true|1|yes|on|span_only|span_and_event)$/i.test(value);
}

/** A signal of OTLP. */
export type Signal = "traces" | "metrics";

/** The URL for a signal under a base endpoint. */
export function signalUrl(endpoint: string, signal: Signal): string {
  return `${endpoint.replace(/\/$/, "")}/v1/${signal}`;
}

/** The variables that have a signal's headers; the later ones win. */
export function headerVariables(signal: Signal): readonly string[] {
  return ["OTEL_EXPORTER_OTLP_HEADERS", `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_HEADERS`];
}

function readTarget(read: EnvLookup, signal: "TRACES" | "METRICS"): EnvTarget {
  const own = (name: string): string | undefined =>
    read(`OTEL_EXPORTER_OTLP_${signal}_${name}`) ?? read(`OTEL_EXPORTER_OTLP_${name}`);
  const base = read("OTEL_EXPORTER_OTLP_ENDPOINT");
  const url = read(`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`) ??
    (base && signalUrl(base, signal.toLowerCase() as Signal));
  const compression = own("COMPRESSION");
  return {
    off: read(`OTEL_${signal}_EXPORTER`) === "none",
    url,
    headers: Object.assign(
      {},
      ...headerVariables(signal.toLowerCase() as Signal).map((name) => lowerKeys(parsePairs(read(name)))),
    ),
    timeoutMs: positive(own("TIMEOUT")),
    compression: compression === "gzip" || compression === "none" ? compression : undefined,
  };
}

function temporality(text: string | undefined): Temporality | undefined {
  const word = text?.toLowerCase();
  return word === "delta" || word === "cumulative" || word === "lowmemory" ? word : undefined;
}

/** `key=value` pairs after commas, values percent-encoded as in W3C Baggage. */
function parsePairs(text: string | undefined): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const pair of text?.split(",") ?? []) {
    const at = pair.indexOf("=");
    if (at < 1) continue;
    pairs[pair.slice(0, at).trim()] = decode(pair.slice(at + 1).trim());
  }
  return pairs;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return value > 0 && Number.isFinite(value) ? value : undefined;
}
