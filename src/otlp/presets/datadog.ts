/**
 * Datadog, without its agent.
 *
 * @see {@link https://docs.datadoghq.com/opentelemetry/setup/otlp_ingest/traces/}
 * @see {@link https://docs.datadoghq.com/opentelemetry/setup/otlp_ingest/metrics/}
 * @module
 */

import { type Preset, type PresetOptions, requireValues, valueFinder } from "./preset.ts";

/** Which organization of Datadog, and where it is. */
export interface DatadogOptions extends PresetOptions {
  /**
   * An API key of the organization.
   *
   * @default `DD_API_KEY`
   */
  readonly apiKey?: string | undefined;
  /**
   * The organization's site: `datadoghq.com`, `us3.datadoghq.com`, `us5.datadoghq.com`, `datadoghq.eu`,
   * `ap1.datadoghq.com`, `ap2.datadoghq.com`.
   *
   * @default `DD_SITE`, else "datadoghq.com"
   */
  readonly site?: string | undefined;
}

/**
 * Sends traces and metrics to Datadog's OTLP intake, with trace metrics computed from the spans. A status 403 says
 * that key and site do not fit, or that the organization has no access to the intake: its support grants that.
 *
 * Not supported: the sites for governments, for which Datadog names no such intake; `temporality: "cumulative"`, as
 * the intake takes deltas alone; its infrastructure list, which traces without an agent do not fill. From Workers
 * and Vercel, Datadog would rather have `endpoint: "https://cloudflare.integrations.otlp.datadoghq.com"` and the
 * like.
 *
 * @example An organization in the EU
 * ```ts
 * import { startTelemetry } from "@teespan/teespan";
 * import { datadog } from "@teespan/teespan/presets";
 *
 * const backend = datadog({ apiKey: "0123…", site: "datadoghq.eu" });
 * await using telemetry = startTelemetry({ serviceName: "my-agent", ...backend });
 * ```
 *
 * @param options key and site, where they are not in the environment
 * @returns options for `startTelemetry()`
 * @throws {TypeError} when the key is missing, or the site is no host name
 */
export function datadog(options: DatadogOptions = {}): Preset {
  const { apiKey } = requireValues("Datadog", options, { apiKey: [options.apiKey, "DD_API_KEY"] });
  const site = valueFinder(options)([options.site, "DD_SITE"]) ?? "datadoghq.com";
  if (!/^[\w-]+(?:\.[\w-]+)+$/.test(site)) {
    throw new TypeError(
      `Cannot send to Datadog as site must be a host name like "datadoghq.eu": current value is ${
        JSON.stringify(site)
      }`,
    );
  }
  return {
    endpoint: `https://otlp.${site}`,
    headersFromEnv: false,
    headers: { "dd-api-key": apiKey, "compute_stats": "true" },
    temporality: "delta",
  };
}
