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
export type { PastMoment } from "./src/telemetry/clock.ts";
export type { AgentTurnHandle, AgentTurnKind } from "./src/telemetry/turn/agent_turn_handle.ts";
export type { Brackets, ToolOptions } from "./src/telemetry/turn/brackets.ts";
export type { AgentTurnOptions } from "./src/telemetry/turn/conversation.ts";
export type { Outcome } from "./src/telemetry/attempt/attempt_state.ts";
export type { AttemptRecord } from "./src/telemetry/session/ledger.ts";
export { type LogLine, logMetrics, logSummary } from "./src/telemetry/usage/log_metrics.ts";
export type {
  AttemptMetricsBase,
  ConnectionMetrics,
  EOUMetrics,
  LLMMetrics,
  MetricsBase,
  MetricsEvent,
  RealtimeModelMetrics,
  STTMetrics,
  TokenDetails,
  TokenFields,
  TTSMetrics,
} from "./src/telemetry/usage/metrics_events.ts";
export type { NodeHandle, NodeOptions } from "./src/telemetry/turn/node.ts";
export type { ReplyLatency, ReplyPart } from "./src/telemetry/turn/reply_clock.ts";
export type { SessionCounters } from "./src/telemetry/session/session_counters.ts";
export type { SessionEnd, SessionEvents, SessionHandle } from "./src/telemetry/session/session_handle.ts";
export type { AttemptTally, ErrorTally, SessionSummary } from "./src/telemetry/session/summary.ts";
export type { Distribution, LatencySummary, TurnLatency } from "./src/telemetry/turn/turn_latency.ts";
export { createUsageCollector } from "./src/telemetry/usage/usage.ts";
export type { ModelUsage, UsageCollector, UsageSummary, UsageTotals } from "./src/telemetry/usage/usage.ts";
export type { UserTurnHandle } from "./src/telemetry/turn/user_turn_handle.ts";
export type { TurnDetection } from "./src/telemetry/turn/user_turns.ts";
export type { Temporality } from "./src/otlp/env.ts";
export type { HeaderSource, RequestHeaders } from "./src/otlp/headers.ts";
export type { ExportOptions, ResourceValue } from "./src/otlp/settings.ts";
