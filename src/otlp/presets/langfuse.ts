/**
 * Langfuse.
 *
 * @see {@link https://langfuse.com/integrations/native/opentelemetry}
 * @module
 */

import {
  basicAuth,
  type Preset,
  type PresetOptions,
  requireValues,
  trimSlashes,
  valueFinder,
} from "./preset.ts";

/** Which project of Langfuse, and where it is. */
export interface LangfuseOptions extends PresetOptions {
  /**
   * The project's public key, `pk-lf-…`.
   *
   * @default `LANGFUSE_PUBLIC_KEY`
   */
  readonly publicKey?: string | undefined;
  /**
   * The project's secret key, `sk-lf-…`.
   *
   * @default `LANGFUSE_SECRET_KEY`
   */
  readonly secretKey?: string | undefined;
  /**
   * Where it is: the region's address, or your own server's (3.22 or later).
   *
   * @default `LANGFUSE_BASE_URL`, else `LANGFUSE_HOST`, else "https://cloud.langfuse.com", which is in the EU
   */
  readonly host?: string | undefined;
}

/**
 * Sends traces to Langfuse. It takes no metrics, so none are sent: for those give a `metricExporter`.
 *
 * @example A project in the US
 * ```ts
 * import { startTelemetry } from "@teespan/teespan";
 * import { langfuse } from "@teespan/teespan/presets";
 *
 * const backend = langfuse({
 *   publicKey: "pk-lf-…", // or LANGFUSE_PUBLIC_KEY
 *   secretKey: "sk-lf-…", // or LANGFUSE_SECRET_KEY
 *   host: "https://us.cloud.langfuse.com",
 * });
 * await using telemetry = startTelemetry({ serviceName: "my-agent", ...backend });
 * ```
 *
 * @param options keys and host, where they are not in the environment
 * @returns options for `startTelemetry()`
 * @throws {TypeError} when a key is missing
 */
export function langfuse(options: LangfuseOptions = {}): Preset {
  const { publicKey, secretKey } = requireValues("Langfuse", options, {
    publicKey: [options.publicKey, "LANGFUSE_PUBLIC_KEY"],
    secretKey: [options.secretKey, "LANGFUSE_SECRET_KEY"],
  });
  const host = valueFinder(options)([options.host, "LANGFUSE_BASE_URL", "LANGFUSE_HOST"]) ??
    "https://cloud.langfuse.com";
  return {
    endpoint: `${trimSlashes(host)}/api/public/otel`,
    metricsEndpoint: false,
    headersFromEnv: false,
    headers: {
      "authorization": basicAuth(publicKey, secretKey),
      // without it traces show up minutes later
      "x-langfuse-ingestion-version": "4",
    },
  };
}
