/**
 * What is learned of a call: plain data, with units in its names.
 *
 * @module
 */

/** What a call does. Each operation has its own attempt span. */
export type Operation = "llm" | "tts" | "stt" | "realtime";

/**
 * Where a provider-known id comes from: a `request` id (usually a response header, what support asks for), a
 * `trace` id, the id of the `response` object in the body, an id that the client made and the provider `echoed`, or
 * a `session` id.
 */
export type RequestIdKind = "request" | "trace" | "response" | "echoed" | "session";

/** What a piece of output is. `reasoning` is work that the user does not hear or see. */
export type OutputKind = "text" | "reasoning" | "refusal" | "tool" | "audio";

/**
 * What a format learned about one attempt. Flat plain data, all optional: what was not seen is absent, never zero
 * and never guessed. A later fact replaces an earlier one of the same name.
 */
export interface Facts {
  /** What the model was asked to do, in the words of `gen_ai.operation.name`: `chat`, `text_completion`, … */
  readonly operationName?: string | undefined;
  /** The model that was asked for. */
  readonly requestModel?: string | undefined;
  /** The model that answered. */
  readonly responseModel?: string | undefined;
  /** The id of the response object in the body. */
  readonly responseId?: string | undefined;
  /** Whether the answer was asked for as a stream. */
  readonly streamed?: boolean | undefined;
  /** Why the model stopped, one word for each choice, in the provider's words. */
  readonly finishReasons?: readonly string[] | undefined;
  /** All input tokens, cached ones included. */
  readonly inputTokens?: number | undefined;
  /** Input tokens read from a cache; part of {@linkcode inputTokens}. */
  readonly cachedInputTokens?: number | undefined;
  /** Cached input tokens that were text, audio, images; parts of {@linkcode cachedInputTokens}. */
  readonly cachedTextInputTokens?: number | undefined;
  /** See {@linkcode cachedTextInputTokens}. */
  readonly cachedAudioInputTokens?: number | undefined;
  /** See {@linkcode cachedTextInputTokens}. */
  readonly cachedImageInputTokens?: number | undefined;
  /** Input tokens written to a cache; part of {@linkcode inputTokens}. */
  readonly cacheWriteInputTokens?: number | undefined;
  /** Input tokens that were text, audio, images; parts of {@linkcode inputTokens}. */
  readonly textInputTokens?: number | undefined;
  /** See {@linkcode textInputTokens}. */
  readonly audioInputTokens?: number | undefined;
  /** See {@linkcode textInputTokens}. */
  readonly imageInputTokens?: number | undefined;
  /** All output tokens, reasoning included. */
  readonly outputTokens?: number | undefined;
  /** Output tokens spent on reasoning; part of {@linkcode outputTokens}. */
  readonly reasoningOutputTokens?: number | undefined;
  /** Output tokens that were text, audio, images; parts of {@linkcode outputTokens}. */
  readonly textOutputTokens?: number | undefined;
  /** See {@linkcode textOutputTokens}. */
  readonly audioOutputTokens?: number | undefined;
  /** See {@linkcode textOutputTokens}. */
  readonly imageOutputTokens?: number | undefined;
  /** Names of the tools that the model wants called by the application, one for each call, in order. */
  readonly toolCalls?: readonly string[] | undefined;
  /** Characters of text that were sent to be spoken, or as the provider counts them. */
  readonly characters?: number | undefined;
  /** Audio that came, in seconds. */
  readonly audioSeconds?: number | undefined;
  /** Audio that was sent to be heard, in seconds, as the provider counts it. */
  readonly sentAudioSeconds?: number | undefined;
  /** What the provider bills, where it says so and bills by time: audio or connection, in seconds. */
  readonly billedSeconds?: number | undefined;
  /** The language that was heard, as the provider names it: `en`, `hi-IN`. */
  readonly language?: string | undefined;
  /** The user spoke into the answer, and the provider stopped it. */
  readonly interrupted?: boolean | undefined;
  /** The tier that served the request. */
  readonly serviceTier?: string | undefined;
  /** How many tries the SDK says came before this one. */
  readonly retryCount?: number | undefined;
}

/** Why an attempt failed. Never a message: those quote prompts and keys. */
export interface Failure {
  /** A short class of failures, fit for grouping: `429`, `overloaded_error`, `TypeError`. */
  readonly type: string;
  /** The provider's own code, where it gives one beside the type. */
  readonly code?: string | undefined;
}
