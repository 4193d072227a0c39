/**
 * Every span name that leaves the library, and where the names of spans, attributes and metrics come from; attributes
 * are in `semconv_attributes.ts`, metrics in `semconv_histograms.ts` and
 * `semconv_counters.ts`.
 *
 * - `gen_ai.*`: OpenTelemetry GenAI conventions 1.41, the last published with them.
 *   {@link https://github.com/open-telemetry/semantic-conventions/blob/v1.41.0/docs/gen-ai/gen-ai-spans.md}
 * - `http.*`, `url.*`, `server.*`, `error.*`: OpenTelemetry HTTP conventions.
 *   {@link https://opentelemetry.io/docs/specs/semconv/http/http-spans/}
 * - `lk.*` and the span names: LiveKit Agents, whose dashboards they feed.
 *   {@link https://docs.livekit.io/agents/observability/}
 * - `teespan.*`: ours, for what none of these has a word for.
 *
 * @module
 */

import type { Operation } from "./types.ts";

/** The instrumentation scope. */
export const SCOPE_NAME = "@teespan/teespan";

/** The attempt span of each operation. LiveKit's names; it has none for STT. */
export const attemptSpanNames: Readonly<Record<Operation, string>> = {
  llm: "llm_request_run",
  tts: "tts_request_run",
  stt: "stt_request_run",
  realtime: "realtime_inference",
};

/** Other spans, under LiveKit's names; those of nodes have the names of their kinds. */
export const spanName = {
  /** A session, unless the product names it. */
  session: "agent_session",
  /** The user speaks. */
  userTurn: "user_turn",
  /** Whether the user has finished is judged. */
  eouDetection: "eou_detection",
  /** The agent answers. */
  agentTurn: "agent_turn",
  functionTool: "function_tool",
} as const;

/** Events on spans. */
export const eventName = {
  /** On recognition over a socket: a turn of the user that was heard on it. */
  userTurn: "user_turn",
} as const;
