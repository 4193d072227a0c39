/**
 * Every attribute that leaves the library, by what it means, with its unit and where it comes from; see `semconv.ts`.
 * A module of constants, to be imported as `attr`: those that nobody names are in no bundle.
 *
 * @module
 */

/** string[]: ids that the provider knows, in order of first sight. */
export const requestIds = "lk.provider_request_ids";
/** int: tries before this one, as the SDK counts them. */
export const retryCount = "lk.retry_count";
/** double, s: end of the try before, in the same node → this one. */
export const retryDelay = "teespan.retry.delay";
/** string: `error.type` of the try before. */
export const retryReason = "teespan.retry.reason";
/** double, s: of models, request → first output that the user can hear, see or that calls a tool; reasoning is none. */
export const ttft = "lk.response.ttft";

/** string: a session's id. */
export const conversationId = "gen_ai.conversation.id";
/** string: `chat`, `text_completion`, `generate_content`, … */
export const operationName = "gen_ai.operation.name";
/** string: the provider, by the convention's list. */
export const providerName = "gen_ai.provider.name";
/** string */
export const requestModel = "gen_ai.request.model";
/** boolean: set when true. */
export const requestStream = "gen_ai.request.stream";
/** string: id of the response object. */
export const responseId = "gen_ai.response.id";
/** string */
export const responseModel = "gen_ai.response.model";
/** string[] */
export const finishReasons = "gen_ai.response.finish_reasons";
/** double, s: first text sent → first audio. */
export const ttfb = "lk.response.ttfb";
/** string: when the first text or audio came, as Langfuse wants it: ISO 8601 in quotes. LLMs and realtime models. */
export const completionStartTime = "langfuse.observation.completion_start_time";
/** double, s: request → first output of any kind, of a stream; recognition over a socket has none. */
export const timeToFirstChunk = "gen_ai.response.time_to_first_chunk";
/** int, {token}: cached ones included. */
export const inputTokens = "gen_ai.usage.input_tokens";
/** int, {token} */
export const cachedInputTokens = "gen_ai.usage.cache_read.input_tokens";
/** int, {token} */
export const cacheWriteInputTokens = "gen_ai.usage.cache_creation.input_tokens";
/** int, {token}: this one and the other modalities are proposed for the convention, and in use at LiveKit. */
export const textInputTokens = "gen_ai.usage.text.input_tokens";
/** int, {token} */
export const audioInputTokens = "gen_ai.usage.audio.input_tokens";
/** int, {token} */
export const imageInputTokens = "gen_ai.usage.image.input_tokens";
/** int, {token}: reasoning included. */
export const outputTokens = "gen_ai.usage.output_tokens";
/** int, {token} */
export const reasoningOutputTokens = "gen_ai.usage.reasoning.output_tokens";
/** int, {token} */
export const textOutputTokens = "gen_ai.usage.text.output_tokens";
/** int, {token} */
export const audioOutputTokens = "gen_ai.usage.audio.output_tokens";
/** int, {token} */
export const imageOutputTokens = "gen_ai.usage.image.output_tokens";
/** string: the convention has it for OpenAI only, others have tiers too. */
export const serviceTier = "openai.response.service_tier";

/** string */
export const httpMethod = "http.request.method";
/** int */
export const httpStatus = "http.response.status_code";
/** string: host without port. */
export const serverAddress = "server.address";
/** int: where it is not the scheme's own. */
export const serverPort = "server.port";
/** string: without credentials, query values only where they are known to be harmless. */
export const urlFull = "url.full";
/** string, of a request that is served: a method that the convention does not know. */
export const httpOriginalMethod = "http.request.method_original";
/** string, of a request that is served: the pattern that its path fits. */
export const httpRoute = "http.route";
/** string, of a request that is served. */
export const urlScheme = "url.scheme";
/** string, of a request that is served. */
export const urlPath = "url.path";
/** string, of a request that is served: values only where they are known to be harmless. */
export const urlQuery = "url.query";
/** string, of a request that is served: the caller's `user-agent`. */
export const userAgent = "user_agent.original";
/** string: HTTP status as text, the provider's error type, or the class of an exception. */
export const errorType = "error.type";

/** string[]: names of the tools that the model wants called, one for each call. */
export const toolCalls = "teespan.tool_calls";
/** int, {character}: text sent to be spoken, or as the provider counts it. */
export const characters = "teespan.characters";
/** double, s: audio that came. */
export const audioSeconds = "teespan.audio.duration";
/** double, s: audio that was sent to be heard. */
export const sentAudioSeconds = "teespan.audio.sent_duration";
/** double, s: audio or connection time that the provider says it bills. */
export const billedSeconds = "teespan.billed_duration";
/** string: the language that was heard, as the provider names it. */
export const language = "teespan.language";
/** double, s: start of the first speech, where known, else first audio sent → first transcript. */
export const timeToFirstTranscript = "teespan.stt.time_to_first_transcript";
/** string: `vad`, `provider`, `words` (how the start of speech is known) or `audio`. */
export const timeToFirstTranscriptSource = "teespan.stt.time_to_first_transcript.source";
/** int: connections to the same provider that came before it in the session, where they ended. */
export const reconnects = "teespan.stt.reconnects";
/** double, s: audio that was sent on those. */
export const audioOffset = "teespan.stt.audio_offset";
/** double, s: end of the user's speech, where known, else start of the response → first audio. */
export const timeToFirstAudio = "teespan.response.time_to_first_audio";
/** string: `vad`, `provider`, `words` (how the end of speech is known) or `response`. */
export const timeToFirstAudioSource = "teespan.response.time_to_first_audio.source";

/** boolean: the user spoke into the answer. */
export const interrupted = "lk.interrupted";
/** double, s: end of speech → last final transcript. */
export const transcriptionDelay = "lk.transcription_delay";
/** double, s: end of speech → decision that the turn is over. */
export const endOfTurnDelay = "lk.end_of_turn_delay";
/** double: mean of the confidences of final transcripts. */
export const transcriptConfidence = "lk.transcript_confidence";
/** double, s: start of speech → first transcript. */
export const firstTranscriptDelay = "teespan.turn.first_transcript_delay";
/** string: `vad`, `provider`, `words`: how the end of speech is known. */
export const turnClock = "teespan.turn.clock";
/** string: `committed`, `cleared`, `abandoned`. */
export const turnOutcome = "teespan.turn.outcome";
/** double: how probable it is that the user has finished. */
export const eouProbability = "lk.eou.probability";
/** string: `stt`, `vad`, `manual`: who judged. */
export const eouSource = "lk.eou.source";
/** boolean: an early guess; set when true. */
export const eouEager = "teespan.eou.eager";
/** double, s: last speech → judgement. */
export const eouDetectionDelay = "lk.eou.detection_delay";
/** double, s: socket made → open. On the first attempt of a connection. */
export const acquireTime = "teespan.connection.acquire_time";
/** boolean: an earlier attempt used the same socket. */
export const connectionReused = "teespan.connection.reused";
/** double, s: how long the socket had been open when the attempt began. */
export const connectionAge = "teespan.connection.age";
/** string: whose session it is; the product's own. */
export const tenantId = "tenant.id";
/** string: the room of a session; the product's own. */
export const roomName = "voice.room_name";
/** boolean, on measurements: whether it had one. */
export const roomNamePresent = "voice.room_name.present";
/** double, ms: how long a session lasted. */
export const sessionDurationMs = "voice.duration_ms";
/** string: why the connection of a session went. */
export const disconnectReason = "voice.disconnect_reason";
/** string: how a session ended, in the product's words. */
export const sessionOutcome = "outcome";
/** string, on measurements: LiveKit's name for {@linkcode connectionReused}, `true` or `false`. */
export const connectionReusedKey = "connection_reused";
/** string: `llm_node`, `tts_node`, `function_tool`, `operation`: what a bracket is, whatever its name. */
export const node = "teespan.node";
/** string: the model's id of a tool call. */
export const toolId = "lk.function_tool.id";
/** string: LiveKit's name for {@linkcode genAiToolName}. */
export const toolName = "lk.function_tool.name";
/** boolean: the tool threw. */
export const toolIsError = "lk.function_tool.is_error";
/** string */
export const genAiToolName = "gen_ai.tool.name";
/** string: the convention's name for {@linkcode toolId}. */
export const toolCallId = "gen_ai.tool.call.id";
/** string: a turn's own id. */
export const speechId = "lk.speech_id";
/** string: `reply`, `say`, `realtime`: why the agent speaks. */
export const turnKind = "teespan.turn.kind";
/** string: who interrupted: `user_turn`, `programmatic`. */
export const interruptionSource = "lk.interruption.source";
/** double, s: end of the user's speech → the agent's. */
export const e2eLatency = "lk.e2e_latency";
/** string: `playback`, `first_audio`: what the end of {@linkcode e2eLatency} is. */
export const e2eSource = "teespan.turn.e2e_source";
/** double, s: time in the application's hook between the user's turn and the agent's. */
export const userTurnCompletedDelay = "lk.on_user_turn_completed_delay";
/** double, s: the parts of {@linkcode e2eLatency}, in order and without gaps; see `telemetry/turn/reply_clock.ts`. */
export const latencyTranscription = "teespan.turn.latency.transcription";
export const latencyEndOfTurn = "teespan.turn.latency.end_of_turn";
export const latencyReply = "teespan.turn.latency.reply";
export const latencyLlmTtft = "teespan.turn.latency.llm_ttft";
export const latencyToolCall = "teespan.turn.latency.tool_call";
export const latencyTools = "teespan.turn.latency.tools";
export const latencyLlmFollowUp = "teespan.turn.latency.llm_follow_up";
export const latencySpeechWait = "teespan.turn.latency.speech_wait";
export const latencyTtsTtfb = "teespan.turn.latency.tts_ttfb";
export const latencyPlayback = "teespan.turn.latency.playback";
/** string, on measurements: LiveKit's names for model and provider. */
export const modelName = "model_name";
export const modelProvider = "model_provider";
/** string: what an operation is for, and where in the product it stands; the product's own words. */
export const useCase = "llm.use_case";
export const callSite = "llm.call_site";
/** string, on measurements: `input` or `output`. */
export const tokenType = "gen_ai.token.type";
/** int: the code with which the socket closed on an open attempt. */
export const closeCode = "teespan.connection.close_code";
/** string: `success`, `error`, `cancelled`, `abandoned`. */
export const outcome = "teespan.outcome";
/** string: the provider's own error code beside `error.type`. */
export const errorCode = "teespan.error.code";
/** int: frames that were not understood or beyond the bound; set when there are any. */
export const unreadFrames = "teespan.unread_frames";
