/**
 * The figures of a turn of the agent → span attributes.
 *
 * @module
 */

import type { Attributes } from "@opentelemetry/api";
import { attr } from "../../semconv.ts";
import { knownAttributes } from "../instruments.ts";
import type { TurnLatency } from "./turn_latency.ts";
import type { Recognizer } from "./recognition.ts";

/** What its span says at its end. */
export function turnAttributes(latency: TurnLatency, llm: Recognizer | undefined): Attributes {
  const { parts = {} } = latency;
  return knownAttributes({
    [attr.providerName]: llm?.providerName,
    [attr.requestModel]: llm?.model,
    [attr.interrupted]: latency.interrupted,
    [attr.transcriptionDelay]: latency.transcriptionDelay,
    [attr.endOfTurnDelay]: latency.endOfTurnDelay,
    [attr.userTurnCompletedDelay]: latency.userTurnCompletedDelay,
    [attr.ttft]: latency.llmTtft,
    [attr.ttfb]: latency.ttsTtfb,
    [attr.e2eLatency]: latency.endToEnd,
    [attr.e2eSource]: latency.endToEndSource,
    [attr.latencyTranscription]: parts.transcription,
    [attr.latencyEndOfTurn]: parts.endOfTurn,
    [attr.latencyReply]: parts.reply,
    [attr.latencyLlmTtft]: parts.llmTtft,
    [attr.latencySpeechWait]: parts.speechWait,
    [attr.latencyTtsTtfb]: parts.ttsTtfb,
    [attr.latencyPlayback]: parts.playback,
  });
}
