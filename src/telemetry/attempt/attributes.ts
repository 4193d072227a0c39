/**
 * Facts → span attributes.
 *
 * @module
 */

import type { Attributes } from "@opentelemetry/api";
import * as attr from "../../semconv_attributes.ts";
import { type AttemptOrigin, type AttemptState, earliestAnswer, firstChunk } from "./attempt_state.ts";
import { textsOf } from "./request_ids.ts";

/** What a span has from its start, so that samplers see it. */
export function startAttributes({ providerName, method, target }: AttemptOrigin): Attributes {
  return {
    [attr.providerName]: providerName,
    [attr.httpMethod]: method,
    [attr.serverAddress]: target?.address,
    [attr.serverPort]: target?.port,
    [attr.urlFull]: target?.url,
  };
}

/** What a span has at its end. What was not seen is absent. */
export function endAttributes(
  origin: AttemptOrigin,
  state: AttemptState,
  startedAt: number,
): Attributes {
  const { connection, facts, failure, firstOutputSeconds, requestIds, retry, status, unreadFrames } = state;
  const { operation } = origin;
  const isModel = operation === "llm" || operation === "realtime";
  const answered = facts.streamed && isModel ? earliestAnswer(firstOutputSeconds) : undefined;
  return {
    [attr.completionStartTime]: answered === undefined
      ? undefined
      : JSON.stringify(new Date(startedAt + answered * 1000).toISOString()),
    [attr.requestIds]: requestIds.length > 0 ? textsOf(requestIds) : undefined,
    [attr.retryCount]: facts.retryCount ?? retry?.count,
    [attr.retryDelay]: retry?.delaySeconds,
    [attr.retryReason]: retry?.reason,
    [attr.ttft]: answered,
    [attr.timeToFirstChunk]: firstChunk(origin, state),
    [attr.operationName]: facts.operationName,
    [attr.requestModel]: facts.requestModel,
    [attr.requestStream]: facts.streamed || undefined,
    [attr.responseId]: facts.responseId,
    [attr.responseModel]: facts.responseModel,
    [attr.finishReasons]: facts.finishReasons?.slice(),
    [attr.inputTokens]: facts.inputTokens,
    [attr.cachedInputTokens]: facts.cachedInputTokens,
    [attr.cacheWriteInputTokens]: facts.cacheWriteInputTokens,
    [attr.textInputTokens]: facts.textInputTokens,
    [attr.audioInputTokens]: facts.audioInputTokens,
    [attr.imageInputTokens]: facts.imageInputTokens,
    [attr.outputTokens]: facts.outputTokens,
    [attr.reasoningOutputTokens]: facts.reasoningOutputTokens,
    [attr.textOutputTokens]: facts.textOutputTokens,
    [attr.audioOutputTokens]: facts.audioOutputTokens,
    [attr.imageOutputTokens]: facts.imageOutputTokens,
    [attr.toolCalls]: facts.toolCalls?.slice(),
    [attr.serviceTier]: facts.serviceTier,
    [attr.ttfb]: firstOutputSeconds.audio,
    [attr.characters]: facts.characters,
    [attr.audioSeconds]: rounded(facts.audioSeconds),
    [attr.sentAudioSeconds]: rounded(facts.sentAudioSeconds),
    [attr.billedSeconds]: facts.billedSeconds,
    [attr.language]: facts.language,
    [attr.interrupted]: facts.interrupted,
    [attr.timeToFirstTranscript]: state.firstTranscript?.seconds,
    [attr.timeToFirstTranscriptSource]: state.firstTranscript?.source,
    [attr.timeToFirstAudio]: state.firstAudio?.seconds,
    [attr.timeToFirstAudioSource]: state.firstAudio?.source,
    [attr.reconnects]: connection?.resumed?.reconnects,
    [attr.audioOffset]: rounded(connection?.resumed?.audioOffsetSeconds),
    [attr.acquireTime]: connection?.acquireSeconds,
    [attr.connectionReused]: connection?.reused,
    [attr.connectionAge]: connection?.ageSeconds,
    [attr.closeCode]: connection?.closeCode,
    [attr.httpStatus]: status,
    [attr.errorType]: failure?.type,
    [attr.errorCode]: failure?.code,
    [attr.outcome]: state.outcome,
    [attr.unreadFrames]: unreadFrames || undefined,
  };
}

/** Sums of seconds without the dust of floating point. */
export function rounded<T extends number | undefined>(seconds: T): T {
  return (seconds && Math.round(seconds * 1e6) / 1e6) as T;
}

/** `{operation} {model}`, as the GenAI conventions name spans. */
export function conventionalName({ operation }: AttemptOrigin, { facts }: AttemptState): string {
  const { operationName = operation, requestModel } = facts;
  return requestModel === undefined ? operationName : `${operationName} ${requestModel}`;
}
