/**
 * Spans as the page gets them. What a span did not have is absent; seconds are seconds, times are milliseconds since 1970.
 *
 * @module
 */

/** What a span is in a conversation. */
export type SpanRole =
  | "session"
  | "user_turn"
  | "agent_turn"
  | "end_of_turn"
  | "node"
  | "attempt"
  | "other";

/** What kind of provider an attempt asked. */
export type AttemptOperation = "llm" | "tts" | "stt" | "realtime";

/** The contiguous parts of a turn's latency, in their order. */
export type LatencyPart =
  | "transcription"
  | "end_of_turn"
  | "reply"
  | "llm_ttft"
  | "tool_call"
  | "tools"
  | "llm_follow_up"
  | "speech_wait"
  | "tts_ttfb"
  | "playback";

/** Attributes that the page understands, by what they mean. */
export interface SpanFacts {
  readonly requestIds?: readonly string[];
  readonly responseId?: string;
  readonly conversationId?: string;
  readonly provider?: string;
  readonly model?: string;
  readonly responseModel?: string;
  readonly serviceTier?: string;
  readonly language?: string;
  readonly streamed?: boolean;
  readonly method?: string;
  readonly server?: string;
  readonly httpStatus?: number;
  readonly errorType?: string;
  readonly errorCode?: string;
  readonly outcome?: string;
  readonly sessionOutcome?: string;
  readonly disconnectReason?: string;
  readonly tenant?: string;
  readonly room?: string;
  readonly retryCount?: number;
  readonly retryDelaySeconds?: number;
  readonly retryReason?: string;
  readonly ttftSeconds?: number;
  readonly ttfbSeconds?: number;
  readonly firstChunkSeconds?: number;
  readonly firstAudioSeconds?: number;
  readonly firstTranscriptSeconds?: number;
  readonly inputTokens?: number;
  readonly cachedInputTokens?: number;
  readonly outputTokens?: number;
  readonly reasoningOutputTokens?: number;
  readonly characters?: number;
  readonly audioSeconds?: number;
  readonly sentAudioSeconds?: number;
  readonly billedAudioSeconds?: number;
  readonly finishReasons?: readonly string[];
  readonly toolCalls?: readonly string[];
  readonly acquireSeconds?: number;
  readonly connectionReused?: boolean;
  readonly connectionAgeSeconds?: number;
  readonly closeCode?: number;
  readonly reconnects?: number;
  readonly e2eSeconds?: number;
  readonly e2eSource?: string;
  readonly interrupted?: boolean;
  readonly turnKind?: string;
  readonly turnClock?: string;
  readonly turnOutcome?: string;
  readonly transcriptionDelaySeconds?: number;
  readonly endOfTurnDelaySeconds?: number;
  readonly turnCompletedDelaySeconds?: number;
  readonly eouProbability?: number;
  readonly eouSource?: string;
  readonly node?: string;
  readonly useCase?: string;
  readonly callSite?: string;
  readonly toolName?: string;
  readonly latency?: Readonly<Partial<Record<LatencyPart, number>>>;
}

/** A span as the timeline needs it. */
export interface SpanRow {
  readonly spanId: string;
  readonly parentId?: string;
  readonly name: string;
  readonly role: SpanRole;
  readonly operation?: AttemptOperation;
  readonly startMs: number;
  readonly durationSeconds: number;
  readonly failed: boolean;
  readonly facts: SpanFacts;
}

/** A value of an attribute as JSON has it. */
export type PlainValue =
  | string
  | number
  | boolean
  | null
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue };

/** Attributes by name. */
export type PlainAttributes = Readonly<Record<string, PlainValue>>;

/** All that is known of a span. */
export interface SpanDetail extends SpanRow {
  readonly traceId: string;
  readonly kind: string;
  readonly statusMessage?: string;
  readonly attributes: PlainAttributes;
  readonly resource: PlainAttributes;
  readonly scope: string;
  readonly events: readonly {
    readonly name: string;
    readonly timeMs: number;
    readonly attributes: PlainAttributes;
  }[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** Attributes, events and links that the sender says it dropped. */
  readonly droppedCount: number;
}
