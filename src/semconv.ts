/**
 * Every span, attribute and metric name that leaves the library, with its unit and where it comes from.
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

/** The span of a session, unless the product names it. LiveKit's name. */
export const sessionSpanName = "agent_session";

/** Attributes, keyed by what they mean. */
export const attr = {
  /** string[]: ids that the provider knows, in order of first sight. */
  requestIds: "lk.provider_request_ids",
  /** int: tries before this one, as the SDK counts them. */
  retryCount: "lk.retry_count",
  /** double, s: request → first output that the user can hear, see or that calls a tool; reasoning is none. */
  ttft: "lk.response.ttft",

  /** string: a session's id. */
  conversationId: "gen_ai.conversation.id",
  /** string: `chat`, `text_completion`, `generate_content`, … */
  operationName: "gen_ai.operation.name",
  /** string: the provider, by the convention's list. */
  providerName: "gen_ai.provider.name",
  /** string */
  requestModel: "gen_ai.request.model",
  /** boolean: set when true. */
  requestStream: "gen_ai.request.stream",
  /** string: id of the response object. */
  responseId: "gen_ai.response.id",
  /** string */
  responseModel: "gen_ai.response.model",
  /** string[] */
  finishReasons: "gen_ai.response.finish_reasons",
  /** double, s: first text sent → first audio. */
  ttfb: "lk.response.ttfb",
  /** double, s: request → first output of any kind, of a stream. */
  timeToFirstChunk: "gen_ai.response.time_to_first_chunk",
  /** int, {token}: cached ones included. */
  inputTokens: "gen_ai.usage.input_tokens",
  /** int, {token} */
  cachedInputTokens: "gen_ai.usage.cache_read.input_tokens",
  /** int, {token} */
  cacheWriteInputTokens: "gen_ai.usage.cache_creation.input_tokens",
  /** int, {token}: this one and the other modalities are proposed for the convention, and in use at LiveKit. */
  textInputTokens: "gen_ai.usage.text.input_tokens",
  /** int, {token} */
  audioInputTokens: "gen_ai.usage.audio.input_tokens",
  /** int, {token} */
  imageInputTokens: "gen_ai.usage.image.input_tokens",
  /** int, {token}: reasoning included. */
  outputTokens: "gen_ai.usage.output_tokens",
  /** int, {token} */
  reasoningOutputTokens: "gen_ai.usage.reasoning.output_tokens",
  /** int, {token} */
  textOutputTokens: "gen_ai.usage.text.output_tokens",
  /** int, {token} */
  audioOutputTokens: "gen_ai.usage.audio.output_tokens",
  /** int, {token} */
  imageOutputTokens: "gen_ai.usage.image.output_tokens",
  /** string: the convention has it for OpenAI only, others have tiers too. */
  serviceTier: "openai.response.service_tier",

  /** string */
  httpMethod: "http.request.method",
  /** int */
  httpStatus: "http.response.status_code",
  /** string: host without port. */
  serverAddress: "server.address",
  /** int: where it is not the scheme's own. */
  serverPort: "server.port",
  /** string: without credentials, query values only where they are known to be harmless. */
  urlFull: "url.full",
  /** string, of a request that is served: a method that the convention does not know. */
  httpOriginalMethod: "http.request.method_original",
  /** string, of a request that is served: the pattern that its path fits. */
  httpRoute: "http.route",
  /** string, of a request that is served. */
  urlScheme: "url.scheme",
  /** string, of a request that is served. */
  urlPath: "url.path",
  /** string, of a request that is served: values only where they are known to be harmless. */
  urlQuery: "url.query",
  /** string, of a request that is served: the caller's `user-agent`. */
  userAgent: "user_agent.original",
  /** string: HTTP status as text, the provider's error type, or the class of an exception. */
  errorType: "error.type",

  /** string[]: names of the tools that the model wants called, one for each call. */
  toolCalls: "teespan.tool_calls",
  /** int, {character}: text sent to be spoken, or as the provider counts it. */
  characters: "teespan.characters",
  /** double, s: audio that came or was sent. */
  audioSeconds: "teespan.audio.duration",
  /** double, s: socket made → open. On the first attempt of a connection. */
  acquireTime: "teespan.connection.acquire_time",
  /** boolean: an earlier attempt used the same socket. */
  connectionReused: "teespan.connection.reused",
  /** double, s: how long the socket had been open when the attempt began. */
  connectionAge: "teespan.connection.age",
  /** string: whose session it is; the product's own. */
  tenantId: "tenant.id",
  /** string: the room of a session; the product's own. */
  roomName: "voice.room_name",
  /** boolean, on measurements: whether it had one. */
  roomNamePresent: "voice.room_name.present",
  /** double, ms: how long a session lasted. */
  sessionDurationMs: "voice.duration_ms",
  /** string: why the connection of a session went. */
  disconnectReason: "voice.disconnect_reason",
  /** string: how a session ended, in the product's words. */
  sessionOutcome: "outcome",
  /** boolean, on measurements: LiveKit's name for {@linkcode connectionReused}. */
  connectionReusedKey: "connection_reused",
  /** string, on measurements: `input` or `output`. */
  tokenType: "gen_ai.token.type",
  /** int: the code with which the socket closed on an open attempt. */
  closeCode: "teespan.connection.close_code",
  /** string: `success`, `error`, `cancelled`, `abandoned`. */
  outcome: "teespan.outcome",
  /** string: the provider's own error code beside `error.type`. */
  errorCode: "teespan.error.code",
  /** int: frames that were not understood or beyond the bound; set when there are any. */
  unreadFrames: "teespan.unread_frames",
} as const;

/** Doubling from 10 ms, as the GenAI conventions advise for durations in seconds. */
const DURATION_BOUNDARIES = [
  0.01,
  0.02,
  0.04,
  0.08,
  0.16,
  0.32,
  0.64,
  1.28,
  2.56,
  5.12,
  10.24,
  20.48,
  40.96,
  81.92,
];

/** Powers of four, as the GenAI conventions advise for tokens. */
const TOKEN_BOUNDARIES = [
  1,
  4,
  16,
  64,
  256,
  1024,
  4096,
  16384,
  65536,
  262144,
  1048576,
  4194304,
  16777216,
  67108864,
];

/** Histograms, keyed by what they measure. */
export const metric = {
  /** GenAI conventions. One for each attempt; failures have `error.type`. */
  operationDuration: {
    name: "gen_ai.client.operation.duration",
    unit: "s",
    description: "Duration of a try on the wire",
    boundaries: DURATION_BOUNDARIES,
  },
  /** GenAI conventions. Of streams. */
  timeToFirstChunk: {
    name: "gen_ai.client.operation.time_to_first_chunk",
    unit: "s",
    description: "Time from the request to the first output of a stream",
    boundaries: DURATION_BOUNDARIES,
  },
  /** GenAI conventions. */
  tokenUsage: {
    name: "gen_ai.client.token.usage",
    unit: "{token}",
    description: "Input and output tokens of a try on the wire",
    boundaries: TOKEN_BOUNDARIES,
  },
  /** LiveKit Agents; there a reuse and a failure are not recorded. */
  acquireTime: {
    name: "lk.agents.connection.acquire_time",
    unit: "s",
    description: "Time to get a socket; 0 for one that was open",
    boundaries: [0, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  /** Of sessions that ended. */
  sessionDuration: {
    name: "voice.session.duration_ms",
    unit: "ms",
    description: "How long a session lasted",
    boundaries: [1e3, 5e3, 1e4, 3e4, 6e4, 12e4, 3e5, 6e5, 18e5, 36e5],
  },
} as const;

/** Counters, keyed by what they count. */
export const counter = {
  /** Sessions that were started. */
  sessionsStarted: { name: "voice.sessions.started", unit: "{session}", description: "Sessions started" },
} as const;
