/**
 * What a session came to, as people read it at hang-up.
 *
 * @module
 */

import type { ErrorTally, SessionSummary } from "../session/summary.ts";
import type { Distribution } from "../turn/turn_latency.ts";
import type { LogLine } from "./log_metrics.ts";
import type { ModelUsage } from "./usage.ts";

/**
 * Logs the summary of a session: who spoke, what the user waited for, what was used of which model, how attempts ended,
 * and ids of those that failed. One text of several lines, so that those of two sessions do not mix. What is not known
 * is left out.
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
 * @param log takes the text; `console.info` unless given
 */
export function logSummary(summary: SessionSummary, log: LogLine = console.info): void {
  const { id, durationSeconds, turns, usage, latency, attempts, errors } = summary;
  const waits = [
    ["end to end", latency.endToEnd],
    // stands for the first where it is not known when the agent could be heard
    ["conversation", latency.endToEnd ? undefined : latency.conversation],
    ["end of turn", latency.endOfTurn],
    ["llm ttft", latency.llmTtft],
    ["tts ttfb", latency.ttsTtfb],
  ] as const;
  log([
    `session ${id}, ${durationSeconds.toFixed(1)} s`,
    `${count(turns.user, "user turn")}, ${
      count(turns.agent, "agent turn")
    }, ${turns.interrupted} interrupted`,
    ...columns(waits.flatMap(([name, wait]) => wait === undefined ? [] : [[name, ...waitWords(wait)]])),
    ...columns(usage.models.map(usageWords)),
    attemptWords(attempts),
    ...columns(errors.map(errorWords)),
  ].join("\n"));
}

function waitWords({ count: known, p50, p95, max }: Distribution): string[] {
  const seconds = (value: number): string => `${value.toFixed(3)} s`;
  return [`p50 ${seconds(p50)}`, `p95 ${seconds(p95)}`, `max ${seconds(max)}`, `of ${known}`];
}

function usageWords(row: ModelUsage): string[] {
  const input = partWords([
    [row.inputCachedTokens, "cached"],
    [row.inputCacheCreationTokens, "written to cache"],
    [row.inputAudioTokens, "audio"],
    [row.inputTextTokens, "text"],
    [row.inputImageTokens, "image"],
  ]);
  const output = partWords([
    [row.outputAudioTokens, "audio"],
    [row.outputTextTokens, "text"],
    [row.outputImageTokens, "image"],
  ]);
  const used = [
    count(row.requests, "request"),
    row.inputTokens && `${count(row.inputTokens, "token")} in${input}`,
    row.outputTokens && `${row.outputTokens} out${output}`,
    row.charactersCount && count(row.charactersCount, "character"),
    row.audioDuration && `${row.audioDuration.toFixed(1)} s of audio`,
    row.sessionDuration && `${row.sessionDuration.toFixed(1)} s connected`,
  ];
  return [row.operation, row.provider, row.model ?? "", used.filter(Boolean).join(", ")];
}

function partWords(parts: readonly (readonly [number | undefined, string])[]): string {
  const words = parts.flatMap(([value, name]) => value ? [`${value} ${name}`] : []);
  return words.length > 0 ? ` (${words.join(", ")})` : "";
}

function attemptWords(
  { total, success, error, cancelled, abandoned, retried }: SessionSummary["attempts"],
): string {
  const ends = [[success, "succeeded"], [error, "failed"], [cancelled, "cancelled"], [
    abandoned,
    "abandoned",
  ]] as const;
  const words = ends.flatMap(([value, name]) => value > 0 ? [`${value} ${name}`] : []);
  const tries = retried > 0 ? [count(retried, "retry", "retries")] : [];
  return [count(total, "attempt"), ...words, ...tries].join(", ");
}

function errorWords({ provider, errorType, count: times, requestIds }: ErrorTally): string[] {
  return [provider, errorType, `${times}×`, requestIds.join(", ")];
}

function count(value: number, one: string, many = `${one}s`): string {
  return `${value} ${value === 1 ? one : many}`;
}

/** Rows with their cells below each other, set in. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")}`.trimEnd());
}
