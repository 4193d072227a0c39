/**
 * What presets have in common.
 *
 * @module
 */

import { lookUpIn } from "../env.ts";
import type { ExportOptions } from "../settings.ts";

/**
 * Options of `startTelemetry()` that a backend needs; those given after it win. The headers stand alone: those of
 * `OTEL_EXPORTER_OTLP_HEADERS` are meant for another endpoint, and may be the key of another vendor.
 */
export interface Preset extends
  Pick<
    ExportOptions,
    "endpoint" | "tracesEndpoint" | "metricsEndpoint" | "headers" | "compression" | "temporality"
  > {
  /** Headers of the environment are meant for another place. */
  readonly headersFromEnv: false;
}

/** What every preset can be given. */
export interface PresetOptions {
  /**
   * The environment variables, where the runtime hands them over by request.
   *
   * @default the process's, as far as they may be read
   */
  readonly env?: object | undefined;
}

/** What was given as an option, and the variables that say it otherwise: the first that is set. */
export type Source = readonly [given: string | undefined, ...variables: string[]];

/** Looks values up: a source's option, else its first variable that is set. An empty text counts as none. */
export function valueFinder({ env }: PresetOptions): (source: Source) => string | undefined {
  const lookUp = lookUpIn(env);
  return ([given, ...variables]) => {
    for (const value of [given, ...variables.map(lookUp)]) {
      const text = value?.trim();
      if (text) return text;
    }
    return undefined;
  };
}

/**
 * Looks up values that must be there.
 *
 * @throws {TypeError} when some are missing; it names them all
 */
export function requireValues<K extends string>(
  backend: string,
  options: PresetOptions,
  sources: Readonly<Record<K, Source>>,
): Record<K, string> {
  const find = valueFinder(options);
  const missing: string[] = [];
  const values = Object.entries<Source>(sources).map(([name, source]) => {
    const value = find(source);
    if (value === undefined) missing.push([name, ...source.slice(1)].join(" or "));
    return [name, value];
  });
  if (missing.length > 0) {
    throw new TypeError(`Cannot send to ${backend} as values are missing: give ${missing.join(", and ")}`);
  }
  return Object.fromEntries(values) as Record<K, string>;
}

/** The value of an `Authorization` header. */
export function basicAuth(user: string, password: string): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${user}:${password}`)))}`;
}

/** Without the slashes at its end. */
export function trimSlashes(url: string): string {
  return url.replace(/\/+$/, "");
}
