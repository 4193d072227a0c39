/**
 * Events and summaries as lines that people read.
 *
 * @module
 */

import type { MetricsEvent } from "./metrics_events.ts";
import type { SessionSummary } from "../session/summary.ts";
import type { Distribution } from "../turn/turn_latency.ts";

/** Takes a line. */
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

/**
 * Logs the summary of a session as one line: turns, latency, usage, attempts, errors.
 *
 * @example At the end of a session
 * ```ts
 * import { logSummary, startTelemetry } from "@teespan/teespan";
 *
 * const telemetry = startTelemetry();
 * const session = telemetry.startSession({ id: "s-1" });
 * logSummary(session.end({ outcome: "success" }));
 * await telemetry.shutdown();
 * ```
 *
 * @param summary what `session.end()` or `session.summary()` gave
 * @param log takes the line; `console.info` unless given
 */
export function logSummary(summary: SessionSummary, log: LogLine = console.info): void {
  const { usage: { llm, tts, stt }, latency, attempts, errors } = summary;
  const parts = [
    `session ${summary.id}`,
    `${summary.durationSeconds.toFixed(1)} s`,
    `${latency.turns.length} turns`,
    spread("end to end", latency.endToEnd),
    spread("conversation", latency.conversation),
    spread("end of turn", latency.endOfTurn),
    spread("llm ttft", latency.llmTtft),
    spread("tts ttfb", latency.ttsTtfb),
    listed("llm", wordsOf({ ...llm, requests: undefined })),
    listed("tts", wordsOf({ ...tts, requests: undefined })),
    listed("stt", wordsOf({ ...stt, requests: undefined })),
    `${attempts.total} attempts`,
    attempts.error > 0 ? `${attempts.error} failed (${errorWords(errors)})` : undefined,
  ];
  log(parts.filter((part) => part !== undefined).join(" · "));
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

function spread(name: string, distribution: Distribution | undefined): string | undefined {
  if (distribution === undefined) return undefined;
  const { p50, p95, max } = distribution;
  return `${name} p50 ${p50.toFixed(3)} s, p95 ${p95.toFixed(3)} s, max ${max.toFixed(3)} s`;
}

function listed(name: string, words: readonly string[]): string | undefined {
  return words.length > 0 ? `${name} ${words.join(", ")}` : undefined;
}

function errorWords(errors: SessionSummary["errors"]): string {
  return errors.map(({ provider, errorType, count }) => `${provider} ${errorType} ×${count}`).join(", ");
}
