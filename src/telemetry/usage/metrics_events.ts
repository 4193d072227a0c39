/**
 * What happened, as events for code: LiveKit's metrics events with all their fields. Durations are seconds; what is
 * not known is absent, never 0 or −1.
 *
 * @see {@link https://docs.livekit.io/agents/build/metrics/}
 * @module
 */

/** What all events have. */
export interface MetricsBase {
  /** When the event was made: seconds since the Unix epoch. */
  readonly timestamp: number;
  /** The model, as far as it is known, and the provider. */
  readonly metadata: { readonly modelName?: string | undefined; readonly modelProvider: string };
}

/** What events of attempts have. */
export interface AttemptMetricsBase extends MetricsBase {
  /** The provider's id of it, the one that support asks for first. */
  readonly requestId?: string | undefined;
  /** From its beginning to its end. */
  readonly duration: number;
  /** Whether the caller stopped it. */
  readonly cancelled: boolean;
  /** Class of its failure. */
  readonly errorType?: string | undefined;
  /** The turn of the agent to which it belongs. */
  readonly speechId?: string | undefined;
}

/** Tokens of speech models that are billed by them. */
export interface TokenFields {
  /** Input tokens, cached ones included. */
  readonly inputTokens?: number | undefined;
  /** Output tokens, reasoning included. */
  readonly outputTokens?: number | undefined;
}

/** One attempt at an LLM. */
export interface LLMMetrics extends AttemptMetricsBase {
  /** Which event it is. */
  readonly type: "llm_metrics";
  /** Request → first text or tool call. */
  readonly ttft?: number | undefined;
  /** Cached ones included. */
  readonly promptTokens?: number | undefined;
  /** Those of them that came from a cache. */
  readonly promptCachedTokens?: number | undefined;
  /** Those of them that were written to a cache. */
  readonly cacheCreationTokens?: number | undefined;
  /** Reasoning included. */
  readonly completionTokens?: number | undefined;
  /** The sum of both. */
  readonly totalTokens?: number | undefined;
  /** Completion tokens over the whole duration. */
  readonly tokensPerSecond?: number | undefined;
}

/** One attempt at recognition: an upload, or a connection; or a transcription beside a realtime model's conversation. */
export interface STTMetrics extends Omit<AttemptMetricsBase, "duration">, TokenFields {
  /** Which event it is. */
  readonly type: "stt_metrics";
  /** From its beginning to its end; of attempts. */
  readonly duration?: number | undefined;
  /** Audio that was sent. */
  readonly audioDuration?: number | undefined;
  /** What the provider bills. */
  readonly billedDuration?: number | undefined;
  /** Start of speech, or where that is not known first audio sent → first transcript. */
  readonly timeToFirstTranscript?: number | undefined;
  /** Whether it came, or went, as a stream. */
  readonly streamed: boolean;
}

/** One attempt at speech. */
export interface TTSMetrics extends AttemptMetricsBase, TokenFields {
  /** Which event it is. */
  readonly type: "tts_metrics";
  /** First text sent → first audio. */
  readonly ttfb?: number | undefined;
  /** Audio that came. */
  readonly audioDuration?: number | undefined;
  /** Characters that went to be spoken. */
  readonly charactersCount?: number | undefined;
  /** Whether it came, or went, as a stream. */
  readonly streamed: boolean;
}

/** Parts of tokens by what they were. */
export interface TokenDetails {
  /** Those that were audio. */
  readonly audioTokens?: number | undefined;
  /** Those that were text. */
  readonly textTokens?: number | undefined;
  /** Those that were images. */
  readonly imageTokens?: number | undefined;
}

/** One response of a realtime model, or the time of its connection where that is billed. */
export interface RealtimeModelMetrics extends Omit<AttemptMetricsBase, "duration"> {
  /** Which event it is. */
  readonly type: "realtime_model_metrics";
  /** From its beginning to its end. */
  readonly duration?: number | undefined;
  /** How long the connection was open, of providers that bill that. */
  readonly sessionDuration?: number | undefined;
  /** Response created → first audio. */
  readonly ttft?: number | undefined;
  /** Input tokens, cached ones included. */
  readonly inputTokens?: number | undefined;
  /** Output tokens, reasoning included. */
  readonly outputTokens?: number | undefined;
  /** The sum of both. */
  readonly totalTokens?: number | undefined;
  /** Output tokens over the duration. */
  readonly tokensPerSecond?: number | undefined;
  /** What the input tokens were. */
  readonly inputTokenDetails?:
    | TokenDetails & {
      /** Those that came from a cache. */
      readonly cachedTokens?: number | undefined;
      /** What those were. */
      readonly cachedTokensDetails?: TokenDetails | undefined;
    }
    | undefined;
  /** What the output tokens were. */
  readonly outputTokenDetails?: TokenDetails | undefined;
}

/** The end of a turn of the user. */
export interface EOUMetrics extends MetricsBase {
  /** Which event it is. */
  readonly type: "eou_metrics";
  /** End of speech → decision. */
  readonly endOfUtteranceDelay?: number | undefined;
  /** End of speech → last final transcript. */
  readonly transcriptionDelay?: number | undefined;
  /** Time in the application's hook. */
  readonly onUserTurnCompletedDelay?: number | undefined;
  /** The turn of the agent that answers it. */
  readonly speechId?: string | undefined;
}

/** A connection was acquired, or could not be. */
export interface ConnectionMetrics extends MetricsBase {
  /** Which event it is. */
  readonly type: "connection_metrics";
  /** Time to get it; 0 where it was open. */
  readonly acquireTime: number;
  /** Whether it was open already. */
  readonly connectionReused: boolean;
  /** Why it could not be had. */
  readonly errorType?: string | undefined;
}

/** Any event. */
export type MetricsEvent =
  | LLMMetrics
  | STTMetrics
  | TTSMetrics
  | RealtimeModelMetrics
  | EOUMetrics
  | ConnectionMetrics;
