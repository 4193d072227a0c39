/**
 * Every counter that leaves the library, with its unit and where it comes from; see `semconv.ts`.
 *
 * @module
 */

/** Counters, keyed by what they count. */
export const counter = {
  /** LiveKit Agents, as are all of usage. Of LLMs and realtime models; cached ones included. */
  llmInputTokens: usage("llm_input_tokens", "{token}", "Input tokens"),
  llmInputCachedTokens: usage("llm_input_cached_tokens", "{token}", "Input tokens from a cache"),
  llmOutputTokens: usage("llm_output_tokens", "{token}", "Output tokens"),
  llmInputAudioTokens: usage("llm_input_audio_tokens", "{token}", "Input tokens that were audio"),
  llmInputTextTokens: usage("llm_input_text_tokens", "{token}", "Input tokens that were text"),
  llmOutputAudioTokens: usage("llm_output_audio_tokens", "{token}", "Output tokens that were audio"),
  llmOutputTextTokens: usage("llm_output_text_tokens", "{token}", "Output tokens that were text"),
  llmSessionDuration: usage("llm_session_duration", "s", "Time of connections that are billed by it"),
  ttsCharacters: usage("tts_characters", "{character}", "Characters that went to be spoken"),
  ttsAudioDuration: usage("tts_audio_duration", "s", "Audio that was spoken"),
  sttAudioDuration: usage("stt_audio_duration", "s", "Audio that was sent to be heard"),
  interruptionRequests: usage(
    "interruption_num_requests",
    "{request}",
    "Requests to a model of interruptions",
  ),
  /** The product's own: tokens by tenant, provider, model, use case, call site and outcome. */
  tokensInput: { name: "llm.tokens.input", unit: "{token}", description: "Input tokens" },
  tokensOutput: { name: "llm.tokens.output", unit: "{token}", description: "Output tokens" },
  /** Sessions that were started. */
  sessionsStarted: { name: "voice.sessions.started", unit: "{session}", description: "Sessions started" },
} as const;

function usage(what: string, unit: string, description: string) {
  return { name: `lk.agents.usage.${what}`, unit, description };
}
