/**
 * OpenTelemetry for voice and LLM agents on the edge: wrap `fetch`, and every call to a provider leaves a span with
 * the request id that its support asks for, exact latencies and usage.
 *
 * @example An agent
 * ```ts
 * import { startTelemetry } from "@teespan/teespan";
 *
 * await using telemetry = startTelemetry({ serviceName: "my-agent" }); // OTEL_* variables say where to
 * // const openai = new OpenAI({ fetch: telemetry.fetch });
 * ```
 *
 * @module
 */

export * from "./src/core.ts";
export { startTelemetry } from "./src/start.ts";
export { logMetrics } from "./src/telemetry/usage/log_metrics.ts";
export { logSummary } from "./src/telemetry/usage/log_summary.ts";
export { explainUrl } from "./src/explain_url.ts";
export { providers } from "./src/providers/mod.ts";
export { wellKnownRoutes } from "./src/well_known.ts";
export { createUsageCollector } from "./src/telemetry/usage/usage.ts";
export type { LogLine } from "./src/telemetry/usage/log_metrics.ts";
export type { UsageCollector } from "./src/telemetry/usage/usage.ts";
export type * from "./src/telemetry_types.ts";
