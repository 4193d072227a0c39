/**
 * The standard `OTEL_*` variables.
 *
 * @see {@link https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/}
 * @see {@link https://opentelemetry.io/docs/specs/otel/protocol/exporter/}
 * @module
 */

/** Looks a variable up. */
export type EnvLookup = (name: string) => string | undefined;

/** What the variables say. What they do not say is absent. */
export interface EnvSettings {
  /** `OTEL_SDK_DISABLED` is `true`. */
  readonly disabled: boolean;
  /** `OTEL_SERVICE_NAME`. */
  readonly serviceName: string | undefined;
  /** `OTEL_RESOURCE_ATTRIBUTES`. */
  readonly resourceAttributes: Readonly<Record<string, string>>;
  /** Where traces go, from `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` or `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly tracesUrl: string | undefined;
  /** `OTEL_EXPORTER_OTLP_HEADERS` with those of `OTEL_EXPORTER_OTLP_TRACES_HEADERS` on top. */
  readonly headers: Readonly<Record<string, string>>;
  /** `OTEL_EXPORTER_OTLP_TRACES_TIMEOUT` or `OTEL_EXPORTER_OTLP_TIMEOUT`, ms. */
  readonly timeoutMs: number | undefined;
  /** `OTEL_EXPORTER_OTLP_TRACES_COMPRESSION` or `OTEL_EXPORTER_OTLP_COMPRESSION`. */
  readonly compression: "gzip" | "none" | undefined;
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

/** Reads the variables. An empty value counts as none, as the specification says. */
export function readEnv(lookUp: EnvLookup): EnvSettings {
  const read = (name: string): string | undefined => lookUp(name)?.trim() || undefined;
  const forTraces = (name: string): string | undefined =>
    read(`OTEL_EXPORTER_OTLP_TRACES_${name}`) ?? read(`OTEL_EXPORTER_OTLP_${name}`);
  const base = read("OTEL_EXPORTER_OTLP_ENDPOINT");
  const compression = forTraces("COMPRESSION");
  const off = read("OTEL_TRACES_EXPORTER") === "none";
  return {
    disabled: read("OTEL_SDK_DISABLED")?.toLowerCase() === "true",
    serviceName: read("OTEL_SERVICE_NAME"),
    resourceAttributes: parsePairs(read("OTEL_RESOURCE_ATTRIBUTES")),
    tracesUrl: off ? undefined : read("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") ?? (base && tracesUrl(base)),
    headers: {
      ...lowerKeys(parsePairs(read("OTEL_EXPORTER_OTLP_HEADERS"))),
      ...lowerKeys(parsePairs(read("OTEL_EXPORTER_OTLP_TRACES_HEADERS"))),
    },
    timeoutMs: positive(forTraces("TIMEOUT")),
    compression: compression === "gzip" || compression === "none" ? compression : undefined,
    sampler: read("OTEL_TRACES_SAMPLER"),
    samplerArg: read("OTEL_TRACES_SAMPLER_ARG"),
    exportIntervalMs: positive(read("OTEL_BSP_SCHEDULE_DELAY")),
    maxQueueSize: positive(read("OTEL_BSP_MAX_QUEUE_SIZE")),
    maxBatchSize: positive(read("OTEL_BSP_MAX_EXPORT_BATCH_SIZE")),
  };
}

/** The URL for traces under a base endpoint. */
export function tracesUrl(endpoint: string): string {
  return `${endpoint.replace(/\/$/, "")}/v1/traces`;
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

function lowerKeys(pairs: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(pairs).map(([key, value]) => [key.toLowerCase(), value]));
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return value > 0 && Number.isFinite(value) ? value : undefined;
}
