/**
 * Measurements of attempts and connections. They do not depend on whether a span is sampled, and failures count.
 *
 * @module
 */

import type { Attributes, Meter } from "@opentelemetry/api";
import * as attr from "../../semconv_attributes.ts";
import * as metric from "../../semconv_histograms.ts";
import { type EndedAttempt, firstChunk, type Used } from "./attempt_state.ts";
import { createHistogram, knownAttributes } from "../instruments.ts";
import type { MetersBySet } from "../metric_sets.ts";
import { createUsageMetrics } from "../usage/usage_metrics.ts";

/** Takes measurements. */
export interface AttemptMetrics {
  /** An attempt ended; `labels` are those of its node and session. */
  ended(end: EndedAttempt, labels: Attributes): void;
  /** Something was used beside attempts. */
  used(used: Used, labels: Attributes): void;
  /** A connection was acquired, or could not be. */
  acquired(acquire: Acquire): void;
  /** A connection closed whose time the provider bills. */
  connected(time: ConnectedTime, labels: Attributes): void;
}

/** One acquire of a connection. */
export interface Acquire {
  /** Whose it is. */
  readonly providerName: string;
  /** The host. */
  readonly serverAddress: string;
  /** The model that is asked for on it, as far as it is known. */
  readonly model?: string | undefined;
  /** Seconds from its making to its opening; 0 where it was open already. */
  readonly seconds: number;
  /** Whether it was open already. */
  readonly reused: boolean;
  /** Why it could not be had. */
  readonly errorType?: string | undefined;
}

/** The time of a connection that the provider bills. */
export interface ConnectedTime {
  /** Whose it is. */
  readonly providerName: string;
  /** The model. */
  readonly model?: string | undefined;
  /** How long it was open. */
  readonly seconds: number;
}

/** Creates what takes the measurements of a scope. */
export type MeasureAttempts = (meters: MetersBySet) => AttemptMetrics;

/** Measures attempts and connections: for {@linkcode InstrumentOptions.measureAttempts}. */
export function measureAttempts(meters: MetersBySet): AttemptMetrics {
  const usage = createUsageMetrics(meters);
  const timing = createTimingMetrics(meters.genai);
  const tokens = createTokenMetrics(meters.genai);
  const acquireTime = createHistogram(meters.connection, metric.acquireTime);
  const countUsed: AttemptMetrics["used"] = (used, labels) => {
    tokens(used);
    usage.used(used, labels);
  };
  return {
    ended(end, labels) {
      timing(end);
      countUsed(end, labels);
    },
    used: countUsed,
    acquired({ providerName, serverAddress, model, seconds, reused, errorType }) {
      acquireTime.record(
        seconds,
        knownAttributes({
          [attr.providerName]: providerName,
          [attr.serverAddress]: serverAddress,
          [attr.modelProvider]: providerName,
          [attr.modelName]: model,
          [attr.requestModel]: model,
          [attr.connectionReusedKey]: String(reused),
          [attr.errorType]: errorType,
        }),
      );
    },
    connected: (time, labels) => usage.connected(time, labels),
  };
}

/** The histograms of the GenAI conventions that are of attempts alone. */
function createTimingMetrics(meter: Meter): (end: EndedAttempt) => void {
  const duration = createHistogram(meter, metric.operationDuration);
  const timeToFirst = createHistogram(meter, metric.timeToFirstChunk);
  return (end) => {
    const { start, state, startedAt, endedAt } = end;
    const attributes = attemptAttributes(end);
    duration.record((endedAt - startedAt) / 1000, attributes);
    const first = firstChunk(start, state);
    if (first !== undefined) timeToFirst.record(first, attributes);
  };
}

/** The tokens, as the GenAI conventions count them. */
function createTokenMetrics(meter: Meter): (used: Used) => void {
  const tokens = createHistogram(meter, metric.tokenUsage);
  return (used) => {
    const { inputTokens, outputTokens } = used.state.facts;
    const attributes = attemptAttributes(used);
    if (inputTokens !== undefined) tokens.record(inputTokens, { ...attributes, [attr.tokenType]: "input" });
    if (outputTokens !== undefined) {
      tokens.record(outputTokens, { ...attributes, [attr.tokenType]: "output" });
    }
  };
}

function attemptAttributes({ start, state: { facts, failure } }: Used): Attributes {
  const { providerName, target, operation } = start;
  return knownAttributes({
    [attr.operationName]: facts.operationName ?? operation,
    [attr.providerName]: providerName,
    [attr.requestModel]: facts.requestModel,
    [attr.responseModel]: facts.responseModel,
    [attr.serverAddress]: target?.address,
    [attr.errorType]: failure?.type,
  });
}
