/**
 * Measurements of attempts and connections. They do not depend on whether a span is sampled, and failures count.
 *
 * @module
 */

import type { Attributes, Meter } from "@opentelemetry/api";
import { attr, metric } from "../semconv.ts";
import type { AttemptStart, AttemptState } from "./attempt_state.ts";
import { createHistogram, knownAttributes } from "./instruments.ts";

/** Takes measurements. */
export interface AttemptMetrics {
  /** An attempt ended, after so many seconds. */
  ended(start: AttemptStart, state: AttemptState, seconds: number): void;
  /** A connection was acquired, or could not be. */
  acquired(acquire: Acquire): void;
}

/** One acquire of a connection. */
export interface Acquire {
  /** Whose it is. */
  readonly providerName: string;
  /** The host. */
  readonly serverAddress: string;
  /** Seconds from its making to its opening; 0 where it was open already. */
  readonly seconds: number;
  /** Whether it was open already. */
  readonly reused: boolean;
  /** Why it could not be had. */
  readonly errorType?: string | undefined;
}

/** Creates the instruments. */
export function createAttemptMetrics(meter: Meter): AttemptMetrics {
  const duration = createHistogram(meter, metric.operationDuration);
  const firstChunk = createHistogram(meter, metric.timeToFirstChunk);
  const tokens = createHistogram(meter, metric.tokenUsage);
  const acquireTime = createHistogram(meter, metric.acquireTime);
  return {
    ended(start, state, seconds) {
      const attributes = attemptAttributes(start, state);
      duration.record(seconds, attributes);
      const first = Math.min(...state.firstOutputSeconds.values());
      if (state.facts.streamed && first !== Infinity) firstChunk.record(first, attributes);
      const { inputTokens, outputTokens } = state.facts;
      if (inputTokens !== undefined) tokens.record(inputTokens, { ...attributes, [attr.tokenType]: "input" });
      if (outputTokens !== undefined) {
        tokens.record(outputTokens, { ...attributes, [attr.tokenType]: "output" });
      }
    },
    acquired({ providerName, serverAddress, seconds, reused, errorType }) {
      acquireTime.record(seconds, {
        [attr.providerName]: providerName,
        [attr.serverAddress]: serverAddress,
        [attr.connectionReusedKey]: reused,
        ...errorType !== undefined && { [attr.errorType]: errorType },
      });
    },
  };
}

function attemptAttributes({ providerName, url, operation }: AttemptStart, state: AttemptState): Attributes {
  const { facts, failure } = state;
  return knownAttributes({
    [attr.operationName]: facts.operationName ?? operation,
    [attr.providerName]: providerName,
    [attr.requestModel]: facts.requestModel,
    [attr.responseModel]: facts.responseModel,
    [attr.serverAddress]: url?.hostname,
    [attr.errorType]: failure?.type,
  });
}
