/**
 * The export of metrics, for telemetry of named parts.
 *
 * @example Traces and metrics
 * ```ts
 * import { startTelemetry } from "@teespan/teespan/lite";
 * import { exportMetrics } from "@teespan/teespan/metrics";
 * import { openai } from "@teespan/teespan/providers/openai";
 *
 * await using telemetry = startTelemetry({ providers: [openai], exportMetrics });
 * ```
 *
 * @module
 */

export { exportMetrics } from "./otlp/metering.ts";
export type { StartMetering } from "./otlp/metering.ts";
