/**
 * Every counter that leaves the library, with its unit and where it comes from; see `semconv.ts`. Mere data, so that no
 * bundle has it that measures nothing.
 *
 * @module
 */

/** Counters, keyed by what they count. */
export const counter = {
  /** LiveKit Agents, as are all of usage. Of LLMs and realtime models; cached ones included. */
  llmInputTokens: { name: "lk.agents.usage.llm_input_tokens", unit: "{token}", description: "Input tokens" },
  llmInputCachedTokens: {
    name: "lk.agents.usage.llm_input_cached_tokens",
    unit: "{token}",
    description: "Input tokens from a cache",
  },
  llmOutputTokens: {
    name: "lk.agents.usage.llm_output_tokens",
    unit: "{token}",
    description: "Output tokens",
  },
  llmInputAudioTokens: {
    name: "lk.agents.usage.llm_input_audio_tokens",
    unit: "{token}",
    description: "Input tokens that were audio",
  },
  llmInputTextTokens: {
    name: "lk.agents.usage.llm_input_text_tokens",
    unit: "{token}",
    description: "Input tokens that were text",
  },
  llmOutputAudioTokens: {
    name: "lk.agents.usage.llm_output_audio_tokens",
    unit: "{token}",
    description: "Output tokens that were audio",
  },
  llmOutputTextTokens: {
    name: "lk.agents.usage.llm_output_text_tokens",
    unit: "{token}",
    description: "Output tokens that were text",
  },
  llmSessionDuration: {
    name: "lk.agents.usage.llm_session_duration",
    unit: "s",
    description: "Time of connections that are billed by it",
  },
  ttsCharacters: {
    name: "lk.agents.usage.tts_characters",
    unit: "{character}",
    description: "Characters that went to be spoken",
  },
  ttsAudioDuration: {
    name: "lk.agents.usage.tts_audio_duration",
    unit: "s",
    description: "Audio that was spoken",
  },
  sttAudioDuration: {
    name: "lk.agents.usage.stt_audio_duration",
    unit: "s",
    description: "Audio that was sent to be heard",
  },
  interruptionRequests: {
    name: "lk.agents.usage.interruption_num_requests",
    unit: "{request}",
    description: "Requests to a model of interruptions",
  },
  /** The product's own: tokens by tenant, provider, model, use case, call site and outcome. */
  tokensInput: { name: "llm.tokens.input", unit: "{token}", description: "Input tokens" },
  tokensOutput: { name: "llm.tokens.output", unit: "{token}", description: "Output tokens" },
  /** Sessions that were started. */
  sessionsStarted: { name: "voice.sessions.started", unit: "{session}", description: "Sessions started" },
} as const;
