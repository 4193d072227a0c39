/**
 * Counters of a session: the product's own, and those that only the caller can count.
 *
 * @module
 */

import type { Attributes } from "@opentelemetry/api";
import { counter } from "../../semconv_counters.ts";
import { createCounter, knownAttributes } from "../instruments.ts";
import type { MetersBySet } from "../metric_sets.ts";
import { modelAttributes } from "../usage/usage_metrics.ts";

/** Counts. */
export interface SessionCounters {
  /** Adds to a counter of the product's own, such as `voice.greetings.delivered`. */
  count(name: string, value?: number, attributes?: Attributes): void;
  /** Counts requests to a model that tells interruptions from assent: `lk.agents.usage.interruption_num_requests`. */
  countInterruptionRequests(
    requests: number,
    model: { readonly provider: string; readonly model?: string | undefined },
  ): void;
}

/** The counters of a session with those labels. */
export function countersOf({ session, usage }: MetersBySet, labels: Attributes): SessionCounters {
  return {
    count(name, value = 1, attributes = {}) {
      const shape = { name, unit: "1", description: "Counted in a session" };
      createCounter(session, shape).add(value, knownAttributes({ ...labels, ...attributes }));
    },
    countInterruptionRequests(requests, { provider, model }) {
      createCounter(usage, counter.interruptionRequests)
        .add(requests, modelAttributes(provider, model, labels));
    },
  };
}
