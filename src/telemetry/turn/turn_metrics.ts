/**
 * Measurements of turns, taken when a turn ends, each under the model that made it.
 *
 * @module
 */

import type { Meter } from "@opentelemetry/api";
import { attr } from "../../semconv.ts";
import { metric } from "../../semconv_metrics.ts";
import type { AgentTurn } from "./agent_turn.ts";
import { createHistogram } from "../instruments.ts";
import { modelAttributes } from "../usage/usage_metrics.ts";
import type { Recognizer } from "./recognition.ts";

/** Creates the instruments; gives what measures a turn that ended. */
export function createTurnMetrics(meter: Meter): (turn: AgentTurn) => void {
  const e2e = createHistogram(meter, metric.e2eLatency);
  const ttft = createHistogram(meter, metric.llmTtft);
  const ttfb = createHistogram(meter, metric.ttsTtfb);
  const transcription = createHistogram(meter, metric.transcriptionDelay);
  const endOfTurn = createHistogram(meter, metric.endOfTurnDelay);
  const completed = createHistogram(meter, metric.userTurnCompletedDelay);
  return (turn) => {
    const latency = turn.latency();
    const { stt, llm, tts } = turn.models();
    const tenant = { [attr.tenantId]: turn.labels[attr.tenantId] };
    const record = (
      histogram: typeof e2e,
      seconds: number | undefined,
      model: Recognizer | undefined,
    ): void => {
      if (seconds !== undefined) {
        histogram.record(seconds, modelAttributes(model?.providerName, model?.model, tenant));
      }
    };
    record(e2e, latency.endToEnd, llm);
    record(ttft, latency.llmTtft, llm);
    record(ttfb, latency.ttsTtfb, tts);
    record(transcription, latency.transcriptionDelay, stt);
    record(endOfTurn, latency.endOfTurnDelay, stt);
    record(completed, latency.userTurnCompletedDelay, stt);
  };
}
