/**
 * Attempts, connections and turns → metrics events.
 *
 * @module
 */

import type { Acquire, ConnectedTime } from "../attempt/attempt_metrics.ts";
import { earliestAnswer, type EndedAttempt, type Used } from "../attempt/attempt_state.ts";
import type {
  ConnectionMetrics,
  EOUMetrics,
  MetricsEvent,
  RealtimeModelMetrics,
  STTMetrics,
} from "./metrics_events.ts";
import type { RequestIds } from "../attempt/request_ids.ts";
import type { Operation } from "../../types.ts";
import type { UserTurn } from "../turn/user_turn.ts";

/** The event of an attempt that ended. */
export function attemptEvent(end: EndedAttempt): MetricsEvent {
  const { start: { operation, providerName }, state, startedAt, endedAt, speechId } = end;
  const { facts, firstOutputSeconds, requestIds, outcome, failure } = state;
  const duration = (endedAt - startedAt) / 1000;
  const base = {
    timestamp: endedAt / 1000,
    metadata: { modelName: facts.requestModel ?? facts.responseModel, modelProvider: providerName },
    requestId: firstIdOf(operation, requestIds),
    duration,
    cancelled: outcome === "cancelled",
    errorType: failure?.type,
    speechId,
  };
  const { inputTokens, outputTokens, audioSeconds } = facts;
  const tokensPerSecond = outputTokens && duration > 0 ? outputTokens / duration : undefined;
  const totalTokens = inputTokens === undefined || outputTokens === undefined
    ? undefined
    : inputTokens + outputTokens;
  switch (operation) {
    case "llm":
      return known({
        type: "llm_metrics",
        ...base,
        ttft: facts.streamed ? earliestAnswer(firstOutputSeconds) : undefined,
        promptTokens: inputTokens,
        promptCachedTokens: facts.cachedInputTokens,
        cacheCreationTokens: facts.cacheWriteInputTokens,
        completionTokens: outputTokens,
        totalTokens,
        tokensPerSecond,
      });
    case "stt":
      return known({
        type: "stt_metrics",
        ...base,
        audioDuration: facts.sentAudioSeconds,
        billedDuration: facts.billedSeconds,
        timeToFirstTranscript: state.firstTranscript?.seconds,
        streamed: facts.streamed === true,
        inputTokens,
        outputTokens,
      });
    case "tts":
      return known({
        type: "tts_metrics",
        ...base,
        ttfb: firstOutputSeconds.audio,
        audioDuration: audioSeconds,
        charactersCount: facts.characters,
        streamed: facts.streamed === true,
        inputTokens,
        outputTokens,
      });
    case "realtime":
      return known({
        type: "realtime_model_metrics",
        ...base,
        ttft: firstOutputSeconds.audio,
        inputTokens,
        outputTokens,
        totalTokens,
        tokensPerSecond,
        inputTokenDetails: details({
          audioTokens: facts.audioInputTokens,
          textTokens: facts.textInputTokens,
          imageTokens: facts.imageInputTokens,
          cachedTokens: facts.cachedInputTokens,
          cachedTokensDetails: details({
            audioTokens: facts.cachedAudioInputTokens,
            textTokens: facts.cachedTextInputTokens,
            imageTokens: facts.cachedImageInputTokens,
          }),
        }),
        outputTokenDetails: details({
          audioTokens: facts.audioOutputTokens,
          textTokens: facts.textOutputTokens,
          imageTokens: facts.imageOutputTokens,
        }),
      });
  }
}

/** The id that support asks for first; of the responses on one connection it is their own. */
function firstIdOf(operation: Operation, ids: RequestIds): string | undefined {
  const own = operation === "realtime" ? ids.find(({ kind }) => kind === "response") : undefined;
  return (own ?? ids[0])?.id;
}

/** The event of a transcription beside a conversation. */
export function transcriptionEvent(
  { start: { providerName }, state: { facts } }: Used,
  now: number,
): STTMetrics {
  return known({
    type: "stt_metrics",
    timestamp: now / 1000,
    metadata: { modelName: facts.requestModel, modelProvider: providerName },
    cancelled: false,
    billedDuration: facts.billedSeconds,
    streamed: true,
    inputTokens: facts.inputTokens,
    outputTokens: facts.outputTokens,
  });
}

/** The event of a connection whose time is billed. */
export function connectedEvent(
  { providerName, model, seconds }: ConnectedTime,
  now: number,
): RealtimeModelMetrics {
  return known({
    type: "realtime_model_metrics",
    timestamp: now / 1000,
    metadata: { modelName: model, modelProvider: providerName },
    cancelled: false,
    sessionDuration: seconds,
  });
}

/** The event of a connection that was acquired, or could not be. */
export function connectionEvent(acquire: Acquire, now: number): ConnectionMetrics {
  const { providerName, model, seconds, reused, errorType } = acquire;
  return known({
    type: "connection_metrics",
    timestamp: now / 1000,
    metadata: { modelName: model, modelProvider: providerName },
    acquireTime: seconds,
    connectionReused: reused,
    errorType,
  });
}

/** The event of the end of a turn of the user. */
export function endOfUtteranceEvent(
  { figures, recognizer }: UserTurn,
  now: number,
  { speechId, hookSeconds }: { speechId?: string | undefined; hookSeconds?: number | undefined } = {},
): EOUMetrics {
  return known({
    type: "eou_metrics",
    timestamp: now / 1000,
    metadata: { modelName: recognizer?.model, modelProvider: recognizer?.providerName ?? "unknown" },
    endOfUtteranceDelay: figures.endOfTurnDelay,
    transcriptionDelay: figures.transcriptionDelay,
    onUserTurnCompletedDelay: hookSeconds,
    speechId,
  });
}

/** The event without what is not known. Frozen, as listeners share it. */
function known<T extends object>(event: T): T {
  return Object.freeze(
    Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined)),
  ) as T;
}

function details<T extends object>(fields: T): T | undefined {
  const some = known(fields);
  return Object.keys(some).length > 0 ? some : undefined;
}
