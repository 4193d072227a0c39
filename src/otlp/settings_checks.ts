/**
 * What options must be, said at once.
 *
 * @module
 */

import { areHeaders } from "./headers.ts";
import type { ExportOptions } from "./settings.ts";

/** Checks what has a shape alone. */
export function checkShapes(
  { serviceName, headers, headersFromEnv, compression, exporter, temporality }: ExportOptions,
): void {
  if (temporality !== undefined && !["delta", "cumulative", "lowmemory"].includes(temporality)) {
    fail(RangeError, 'temporality must be "delta", "cumulative" or "lowmemory"', temporality);
  }
  if (serviceName !== undefined && (typeof serviceName !== "string" || serviceName === "")) {
    fail(TypeError, "serviceName must be a text that is not empty", serviceName);
  }
  if (headers !== undefined && typeof headers !== "function" && !areHeaders(headers)) {
    fail(TypeError, "headers must be a record of texts", Object.keys(Object(headers)));
  }
  if (headersFromEnv !== undefined && typeof headersFromEnv !== "boolean") {
    fail(TypeError, "headersFromEnv must be true or false", headersFromEnv);
  }
  if (compression !== undefined && compression !== "gzip" && compression !== "none") {
    fail(RangeError, 'compression must be "gzip" or "none"', compression);
  }
  if (exporter !== undefined && typeof exporter.export !== "function") {
    fail(TypeError, "exporter must be a span exporter", exporter);
  }
}

/**
 * Checks that metrics are exported where options say where to.
 *
 * @throws {TypeError} when they are not
 */
export function checkMetricOptions(
  { metricExporter, metricsEndpoint = false }: ExportOptions,
  exportMetrics: unknown,
): void {
  const wanted = exportMetrics ?? metricExporter ?? metricsEndpoint;
  if (wanted === false || typeof exportMetrics === "function") return;
  fail(TypeError, "exportMetrics must be a function where metrics are to be sent", exportMetrics);
}

/** Checks that an address can be sent to. */
export function checkUrl(name: string, url: string): void {
  let scheme: string | undefined;
  try {
    scheme = new URL(url).protocol;
  } catch {
    // told below
  }
  if (scheme !== "http:" && scheme !== "https:") {
    fail(TypeError, `${name} must be an http or https URL`, url);
  }
}

/** A whole number above 0, where one is given. */
export function whole(name: string, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value > 0)) return value;
  return fail(RangeError, `${name} must be a whole number above 0`, value);
}

function fail(kind: typeof TypeError | typeof RangeError, wanted: string, value: unknown): never {
  throw new kind(`Cannot start telemetry as ${wanted}: current value is ${describe(value)}`);
}

function describe(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
