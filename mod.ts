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
export type { FlushResult, Telemetry, TelemetryOptions, TelemetryStats } from "./src/start.ts";
export type { AnswerOptions, RequestOptions, RequestTelemetry, TelemetryViews } from "./src/request.ts";
export type { TelemetryView } from "./src/view.ts";
export type { Session } from "./src/session.ts";
export type { AttemptRecord } from "./src/telemetry/ledger.ts";
export type { SessionEnd, SessionHandle, SessionOptions } from "./src/telemetry/session.ts";
export type { ExportOptions, ResourceValue } from "./src/otlp/settings.ts";
