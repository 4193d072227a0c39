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

/** Other spans, under LiveKit's names. */
export const spanName = {
  /** A session, unless the product names it. */
  session: "agent_session",
  /** The user speaks. */
  userTurn: "user_turn",
  /** Whether the user has finished is judged. */
  eouDetection: "eou_detection",
  /** The agent answers. */
  agentTurn: "agent_turn",
  /** One product operation of a kind, unless the product names it. */
  llmNode: "llm_node",
  ttsNode: "tts_node",
  functionTool: "function_tool",
} as const;

/** Events on spans. */
export const eventName = {
  /** On recognition over a socket: a turn of the user that was heard on it. */
  userTurn: "user_turn",
} as const;

/** Attributes, keyed by what they mean. */
export const attr = {
  /** string[]: ids that the provider knows, in order of first sight. */
  requestIds: "lk.provider_request_ids",
  /** int: tries before this one, as the SDK counts them. */
  retryCount: "lk.retry_count",
  /** double, s: end of the try before, in the same node → this one. */
  retryDelay: "teespan.retry.delay",
  /** string: `error.type` of the try before. */
  retryReason: "teespan.retry.reason",
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
  /** string: when the first text or audio came, as Langfuse wants it: ISO 8601 in quotes. LLMs and realtime models. */
  completionStartTime: "langfuse.observation.completion_start_time",
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
  /** double, s: audio that came. */
  audioSeconds: "teespan.audio.duration",
  /** double, s: audio that was sent to be heard. */
  sentAudioSeconds: "teespan.audio.sent_duration",
  /** double, s: audio or connection time that the provider says it bills. */
  billedSeconds: "teespan.billed_duration",
  /** string: the language that was heard, as the provider names it. */
  language: "teespan.language",
  /** double, s: start of the first speech, where known, else first audio sent → first transcript. */
  timeToFirstTranscript: "teespan.stt.time_to_first_transcript",
  /** string: `vad`, `provider`, `words` (how the start of speech is known) or `audio`. */
  timeToFirstTranscriptSource: "teespan.stt.time_to_first_transcript.source",
  /** int: connections to the same provider that came before it in the session, where they ended. */
  reconnects: "teespan.stt.reconnects",
  /** double, s: audio that was sent on those. */
  audioOffset: "teespan.stt.audio_offset",
  /** double, s: end of the user's speech, where known, else start of the response → first audio. */
  timeToFirstAudio: "teespan.response.time_to_first_audio",
  /** string: `vad`, `provider`, `words` (how the end of speech is known) or `response`. */
  timeToFirstAudioSource: "teespan.response.time_to_first_audio.source",

  /** boolean: the user spoke into the answer. */
  interrupted: "lk.interrupted",
  /** double, s: end of speech → last final transcript. */
  transcriptionDelay: "lk.transcription_delay",
  /** double, s: end of speech → decision that the turn is over. */
  endOfTurnDelay: "lk.end_of_turn_delay",
  /** double: mean of the confidences of final transcripts. */
  transcriptConfidence: "lk.transcript_confidence",
  /** double, s: start of speech → first transcript. */
  firstTranscriptDelay: "teespan.turn.first_transcript_delay",
  /** string: `vad`, `provider`, `words`: how the end of speech is known. */
  turnClock: "teespan.turn.clock",
  /** string: `committed`, `cleared`, `abandoned`. */
  turnOutcome: "teespan.turn.outcome",
  /** double: how probable it is that the user has finished. */
  eouProbability: "lk.eou.probability",
  /** string: `stt`, `vad`, `manual`: who judged. */
  eouSource: "lk.eou.source",
  /** boolean: an early guess; set when true. */
  eouEager: "teespan.eou.eager",
  /** double, s: last speech → judgement. */
  eouDetectionDelay: "lk.eou.detection_delay",
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
  /** string, on measurements: LiveKit's name for {@linkcode connectionReused}, `true` or `false`. */
  connectionReusedKey: "connection_reused",
  /** string: `llm_node`, `tts_node`, `function_tool`, `operation`: what a bracket is, whatever its name. */
  node: "teespan.node",
  /** string: the model's id of a tool call. */
  toolId: "lk.function_tool.id",
  /** string: LiveKit's name for {@linkcode attr.genAiToolName}. */
  toolName: "lk.function_tool.name",
  /** boolean: the tool threw. */
  toolIsError: "lk.function_tool.is_error",
  /** string */
  genAiToolName: "gen_ai.tool.name",
  /** string: the convention's name for {@linkcode attr.toolId}. */
  toolCallId: "gen_ai.tool.call.id",
  /** string: a turn's own id. */
  speechId: "lk.speech_id",
  /** string: `reply`, `say`, `realtime`: why the agent speaks. */
  turnKind: "teespan.turn.kind",
  /** string: who interrupted: `user_turn`, `programmatic`. */
  interruptionSource: "lk.interruption.source",
  /** double, s: end of the user's speech → the agent's. */
  e2eLatency: "lk.e2e_latency",
  /** string: `playback`, `first_audio`: what the end of {@linkcode attr.e2eLatency} is. */
  e2eSource: "teespan.turn.e2e_source",
  /** double, s: time in the application's hook between the user's turn and the agent's. */
  userTurnCompletedDelay: "lk.on_user_turn_completed_delay",
  /** double, s: the parts of {@linkcode attr.e2eLatency}, in order and without gaps; see `telemetry/turn/reply_clock.ts`. */
  latencyTranscription: "teespan.turn.latency.transcription",
  latencyEndOfTurn: "teespan.turn.latency.end_of_turn",
  latencyReply: "teespan.turn.latency.reply",
  latencyLlmTtft: "teespan.turn.latency.llm_ttft",
  latencyToolCall: "teespan.turn.latency.tool_call",
  latencyTools: "teespan.turn.latency.tools",
  latencyLlmFollowUp: "teespan.turn.latency.llm_follow_up",
  latencySpeechWait: "teespan.turn.latency.speech_wait",
  latencyTtsTtfb: "teespan.turn.latency.tts_ttfb",
  latencyPlayback: "teespan.turn.latency.playback",
  /** string, on measurements: LiveKit's names for model and provider. */
  modelName: "model_name",
  modelProvider: "model_provider",
  /** string: what an operation is for, and where in the product it stands; the product's own words. */
  useCase: "llm.use_case",
  callSite: "llm.call_site",
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
