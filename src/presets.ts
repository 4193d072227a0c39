/**
 * Where telemetry goes, in one word: options of `startTelemetry()` for backends that take OTLP themselves. Each takes
 * what it is not given from the environment, under the names that the backend's own tools use, and says at once what
 * is missing.
 *
 * @example Traces in Langfuse
 * ```ts
 * import { startTelemetry } from "@teespan/teespan";
 * import { langfuse } from "@teespan/teespan/presets";
 *
 * const backend = langfuse({ publicKey: "pk-lf-…", secretKey: "sk-lf-…" }); // or from LANGFUSE_*
 * await using telemetry = startTelemetry({ serviceName: "my-agent", ...backend });
 * ```
 *
 * @module
 */

export { datadog } from "./otlp/presets/datadog.ts";
export type { DatadogOptions } from "./otlp/presets/datadog.ts";
export { grafanaCloud } from "./otlp/presets/grafana_cloud.ts";
export type { GrafanaCloudOptions } from "./otlp/presets/grafana_cloud.ts";
export { honeycomb } from "./otlp/presets/honeycomb.ts";
export type { HoneycombOptions } from "./otlp/presets/honeycomb.ts";
export { langfuse } from "./otlp/presets/langfuse.ts";
export type { LangfuseOptions } from "./otlp/presets/langfuse.ts";
export { livekitCloud } from "./otlp/presets/livekit_cloud.ts";
export type { LiveKitCloudOptions } from "./otlp/presets/livekit_cloud.ts";
export type { Preset, PresetOptions } from "./otlp/presets/preset.ts";
export type { Temporality } from "./otlp/env.ts";
export type { HeaderSource, RequestHeaders } from "./otlp/headers.ts";
export type { ExportOptions, ResourceValue } from "./otlp/settings.ts";
