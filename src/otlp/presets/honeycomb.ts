/**
 * Honeycomb.
 *
 * @see {@link https://docs.honeycomb.io/send-data/opentelemetry/}
 * @module
 */

import { type Preset, type PresetOptions, requireValues, trimSlashes, valueFinder } from "./preset.ts";

/** Which environment of Honeycomb, and where it is. */
export interface HoneycombOptions extends PresetOptions {
  /**
   * An ingest key of the environment.
   *
   * @default `HONEYCOMB_API_KEY`
   */
  readonly apiKey?: string | undefined;
  /**
   * The dataset that metrics go to; without one Honeycomb takes `unknown_metrics`. Traces go to the dataset of the
   * service's name, but for Classic environments, where they go to this one, too.
   *
   * @default `HONEYCOMB_METRICS_DATASET`, else `HONEYCOMB_DATASET`
   */
  readonly dataset?: string | undefined;
  /**
   * Where the team is.
   *
   * @default "us", unless `HONEYCOMB_API_ENDPOINT` says where to
   */
  readonly region?: "us" | "eu" | undefined;
}

const ENDPOINTS = { us: "https://api.honeycomb.io", eu: "https://api.eu1.honeycomb.io" } as const;

/**
 * Sends traces and metrics to Honeycomb.
 *
 * @example Metrics in a dataset of their own, in the EU
 * ```ts
 * import { startTelemetry } from "@teespan/teespan";
 * import { honeycomb } from "@teespan/teespan/presets";
 *
 * const backend = honeycomb({ apiKey: "hcaik_…", dataset: "my-agent-metrics", region: "eu" });
 * await using telemetry = startTelemetry({ serviceName: "my-agent", ...backend });
 * ```
 *
 * @param options key, dataset and region, where they are not in the environment
 * @returns options for `startTelemetry()`
 * @throws {TypeError} when the key is missing
 * @throws {RangeError} when the region is none
 */
export function honeycomb(options: HoneycombOptions = {}): Preset {
  const { apiKey } = requireValues("Honeycomb", options, {
    apiKey: [options.apiKey, "HONEYCOMB_API_KEY"],
  });
  const find = valueFinder(options);
  const dataset = find([options.dataset, "HONEYCOMB_METRICS_DATASET", "HONEYCOMB_DATASET"]);
  return {
    endpoint: endpointOf(options.region) ??
      trimSlashes(find([undefined, "HONEYCOMB_API_ENDPOINT"]) ?? ENDPOINTS.us),
    headersFromEnv: false,
    headers: { "x-honeycomb-team": apiKey, ...dataset && { "x-honeycomb-dataset": dataset } },
  };
}

function endpointOf(region: HoneycombOptions["region"]): string | undefined {
  if (region === undefined) return undefined;
  if (Object.hasOwn(ENDPOINTS, region)) return ENDPOINTS[region];
  throw new RangeError(
    `Cannot send to Honeycomb as region must be "us" or "eu": current value is ${JSON.stringify(region)}`,
  );
}
