/**
 * Events as lines that people read.
 *
 * @module
 */

import type { MetricsEvent } from "./metrics_events.ts";

/** Takes what is logged. */
export type LogLine = (line: string) => void;

/**
 * Logs an event as one line: what it is, whose, and every figure that is known and not 0.
 *
 * @example A line for each event
 * ```ts
 * import { logMetrics, startTelemetry } from "@teespan/teespan";
 *
 * const telemetry = startTelemetry();
 * const session = telemetry.startSession({ id: "s-1" });
 * session.on("metrics", (event) => logMetrics(event));
 * session.end();
 * await telemetry.shutdown();
 * ```
 *
 * @param event the event
 * @param log takes the line; `console.info` unless given
 */
export function logMetrics(event: MetricsEvent, log: LogLine = console.info): void {
  const { type, timestamp: _, metadata: { modelProvider, modelName }, ...fields } = event;
  const name = type.replace(/_metrics$/, "").replaceAll("_", " ");
  log([name, modelProvider, modelName, ...wordsOf(fields)].filter((word) => word !== undefined).join(" "));
}

/** `promptTokens: 12` becomes `prompt tokens 12`; times are given with their unit. */
function wordsOf(fields: object): string[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const words = name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
    if (typeof value === "object" && value !== null) return wordsOf(value).map((word) => `${words}: ${word}`);
    if (value === undefined || value === 0 || value === false || value === "") return [];
    if (value === true) return [words];
    return [`${words} ${typeof value === "number" ? figure(name, value) : String(value)}`];
  });
}

const TIMES = /duration|delay|time$|ttft|ttfb|transcript$/i;

function figure(name: string, value: number): string {
  if (TIMES.test(name)) return `${Number(value.toFixed(3))} s`;
  return String(Number(value.toFixed(1)));
}
