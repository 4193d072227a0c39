/**
 * Metrics come in sets that can be switched off one by one.
 *
 * @module
 */

import { createNoopMeter, type Meter } from "@opentelemetry/api";

/** A set of metrics: those of the GenAI conventions, of usage, of connections, of turns, of sessions, tokens by use. */
export type MetricSet = "genai" | "usage" | "connection" | "turn" | "session" | "tokens";

/** Whether a set is measured. Sets that are not named are. */
export type MetricSets = Readonly<Partial<Record<MetricSet, boolean | undefined>>>;

/** The meter of each set. */
export type MetersBySet = Readonly<Record<MetricSet, Meter>>;

const SETS: readonly MetricSet[] = ["genai", "usage", "connection", "turn", "session", "tokens"];

/** Gives each set its meter; that of a set that is off measures nothing. */
export function metersOf(meter: Meter, sets: MetricSets = {}): MetersBySet {
  const idle = createNoopMeter();
  const entries = SETS.map((set) => [set, sets[set] === false ? idle : meter] as const);
  return Object.fromEntries(entries) as Record<MetricSet, Meter>;
}

/**
 * Checks the names of sets.
 *
 * @throws {TypeError} when one is not known
 */
export function checkMetricSets(sets: MetricSets | undefined): void {
  const odd = Object.keys(sets ?? {}).find((name) => !SETS.includes(name as MetricSet));
  if (odd === undefined) return;
  throw new TypeError(
    `Cannot instrument as metrics must be named ${SETS.join(", ")}: current value is ${JSON.stringify(odd)}`,
  );
}
