/**
 * Grafana Cloud.
 *
 * @see {@link https://grafana.com/docs/grafana-cloud/send-data/otlp/send-data-otlp/}
 * @module
 */

import { basicAuth, type Preset, type PresetOptions, requireValues, trimSlashes } from "./preset.ts";

/** Which stack of Grafana Cloud. All three stand on its page "OpenTelemetry". */
export interface GrafanaCloudOptions extends PresetOptions {
  /**
   * The stack's instance id, a number.
   *
   * @default `GRAFANA_CLOUD_INSTANCE_ID`
   */
  readonly instanceId?: string | undefined;
  /**
   * A token that may write traces and metrics, `glc_…`.
   *
   * @default `GRAFANA_CLOUD_API_KEY`
   */
  readonly token?: string | undefined;
  /**
   * The stack's OTLP gateway, such as `https://otlp-gateway-prod-eu-west-2.grafana.net/otlp`.
   *
   * @default `GRAFANA_CLOUD_OTLP_ENDPOINT`
   */
  readonly endpoint?: string | undefined;
}

/**
 * Sends traces and metrics to Grafana Cloud. Its metrics are sums since the start: give processes that run side by
 * side a `service.instance.id` each, by `resourceAttributes`, or their sums get mixed up. Isolates that live for one
 * request have no use for such sums: give `metricsEndpoint: false` there, or send by way of a collector.
 *
 * @example A stack by its id
 * ```ts
 * import { startTelemetry } from "@teespan/teespan";
 * import { grafanaCloud } from "@teespan/teespan/presets";
 *
 * const backend = grafanaCloud({
 *   instanceId: "123456",
 *   token: "glc_…",
 *   endpoint: "https://otlp-gateway-prod-eu-west-2.grafana.net/otlp",
 * });
 * await using telemetry = startTelemetry({
 *   ...backend,
 *   serviceName: "my-agent",
 *   resourceAttributes: { "service.instance.id": crypto.randomUUID() },
 * });
 * ```
 *
 * @param options id, token and gateway, where they are not in the environment
 * @returns options for `startTelemetry()`
 * @throws {TypeError} when one of them is missing
 */
export function grafanaCloud(options: GrafanaCloudOptions = {}): Preset {
  const { instanceId, token, endpoint } = requireValues("Grafana Cloud", options, {
    instanceId: [options.instanceId, "GRAFANA_CLOUD_INSTANCE_ID"],
    token: [options.token, "GRAFANA_CLOUD_API_KEY"],
    endpoint: [options.endpoint, "GRAFANA_CLOUD_OTLP_ENDPOINT"],
  });
  return {
    // a whole URL for traces is often pasted here
    endpoint: trimSlashes(endpoint).replace(/\/v1\/(?:traces|metrics|logs)$/, ""),
    headersFromEnv: false,
    headers: { authorization: basicAuth(instanceId, token) },
    // Prometheus knows no deltas
    temporality: "cumulative",
  };
}
