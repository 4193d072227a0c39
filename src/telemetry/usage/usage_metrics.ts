/**
 * Usage, counted when an attempt ends. Never a price.
 *
 * @module
 */

import type { Attributes, Counter } from "@opentelemetry/api";
import * as attr from "../../semconv_attributes.ts";
import { counter } from "../../semconv_counters.ts";
import type { ConnectedTime } from "../attempt/attempt_metrics.ts";
import type { Used } from "../attempt/attempt_state.ts";
import { createCounter, knownAttributes } from "../instruments.ts";
import type { MetersBySet } from "../metric_sets.ts";

/** Counts usage. */
export interface UsageMetrics {
  /** An attempt ended, or something was used beside one; `labels` are those of its node and session. */
  used(used: Used, labels: Attributes): void;
  /** A connection closed whose time the provider bills. */
  connected(time: ConnectedTime, labels: Attributes): void;
}

type Count = Exclude<keyof typeof counter, "sessionsStarted" | "interruptionRequests">;

/** Creates the instruments. */
export function createUsageMetrics({ usage, tokens }: MetersBySet): UsageMetrics {
  const counters: Partial<Record<Count, Counter>> = {};
  const add = (count: Count, value: number | undefined, attributes: Attributes): void => {
    if (!value) return;
    counters[count] ??= createCounter(count.startsWith("tokens") ? tokens : usage, counter[count]);
    counters[count].add(value, attributes);
  };
  return {
    used({ start: { operation, providerName }, state: { facts, outcome } }, labels) {
      const model = facts.requestModel ?? facts.responseModel;
      const tenant = { [attr.tenantId]: labels[attr.tenantId] };
      const attributes = modelAttributes(providerName, model, tenant);
      if (operation === "tts") {
        add("ttsCharacters", facts.characters, attributes);
        add("ttsAudioDuration", facts.audioSeconds, attributes);
      } else if (operation === "stt") {
        add("sttAudioDuration", facts.sentAudioSeconds ?? facts.billedSeconds, attributes);
      } else {
        add("llmInputTokens", facts.inputTokens, attributes);
        add("llmInputCachedTokens", facts.cachedInputTokens, attributes);
        add("llmOutputTokens", facts.outputTokens, attributes);
        add("llmInputAudioTokens", facts.audioInputTokens, attributes);
        add("llmInputTextTokens", facts.textInputTokens, attributes);
        add("llmOutputAudioTokens", facts.audioOutputTokens, attributes);
        add("llmOutputTextTokens", facts.textOutputTokens, attributes);
        const used = knownAttributes({
          ...labels,
          [attr.providerName]: providerName,
          [attr.requestModel]: model,
          [attr.sessionOutcome]: outcome,
        });
        add("tokensInput", facts.inputTokens, used);
        add("tokensOutput", facts.outputTokens, used);
      }
    },
    connected({ providerName, model, seconds }, labels) {
      const tenant = { [attr.tenantId]: labels[attr.tenantId] };
      add("llmSessionDuration", seconds, modelAttributes(providerName, model, tenant));
    },
  };
}

/** LiveKit's names for model and provider, and those of the conventions beside them. */
export function modelAttributes(
  providerName: string | undefined,
  model: string | undefined,
  more: Attributes = {},
): Attributes {
  return knownAttributes({
    [attr.modelName]: model,
    [attr.modelProvider]: providerName,
    [attr.requestModel]: model,
    [attr.providerName]: providerName,
    ...more,
  });
}
