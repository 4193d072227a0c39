import type { SpanDetail, SpanFacts } from "../api.ts";
import { formatCount, formatSeconds } from "./format.ts";

/** A group of facts with its heading. */
export type FactGroup = readonly [title: string, lines: readonly (readonly [name: string, text: string])[]];

/** What is known of a span beside ids, timing and errors, in words. What is not known has no line. */
export function factsOf({ facts, role }: SpanDetail): readonly FactGroup[] {
  const usage = lines([
    ["Input tokens", tokens(facts.inputTokens, facts.cachedInputTokens, "cached")],
    ["Output tokens", tokens(facts.outputTokens, facts.reasoningOutputTokens, "reasoning")],
    ["Characters", count(facts.characters)],
    ["Audio", seconds(facts.audioSeconds)],
    ["Audio sent", seconds(facts.sentAudioSeconds)],
    ["Audio billed", seconds(facts.billedAudioSeconds)],
    ["Service tier", facts.serviceTier],
  ]);
  const result = lines([
    ["Finished", facts.finishReasons?.join(", ")],
    ["Tools wanted", facts.toolCalls?.join(", ")],
    ["Language", facts.language],
    ["Streamed", yes(facts.streamed)],
    [
      "Try",
      facts.retryCount === undefined
        ? undefined
        : facts.retryCount === 0
        ? "first"
        : `retry ${facts.retryCount}`,
    ],
    ["Retried because of", facts.retryReason],
  ]);
  const connection = lines([
    [
      "Connection",
      facts.connectionReused === undefined ? undefined : facts.connectionReused ? "reused" : "new",
    ],
    ["Had been open for", seconds(facts.connectionAgeSeconds)],
    ["Close code", facts.closeCode === undefined ? undefined : String(facts.closeCode)],
    ["Reconnects", count(facts.reconnects)],
    ["Server", facts.server],
  ]);
  const turn = lines([
    ["Kind", facts.turnKind],
    ["Outcome", facts.turnOutcome],
    ["Barge-in", yes(facts.interrupted)],
    ["End of speech known by", facts.turnClock],
    ["Transcription delay", seconds(facts.transcriptionDelaySeconds)],
    ["End-of-turn delay", seconds(facts.endOfTurnDelaySeconds)],
    ["Turn-completed callback", seconds(facts.turnCompletedDelaySeconds)],
    ["End of turn found by", facts.eouSource],
    ["Its probability", facts.eouProbability?.toFixed(2)],
  ]);
  const product = lines([
    ["Use case", facts.useCase],
    ["Call site", facts.callSite],
    ["Tenant", facts.tenant],
    ["Outcome", facts.sessionOutcome],
  ]);
  const groups: readonly FactGroup[] = [
    ["Usage", usage],
    ["Result", role === "attempt" ? result : []],
    ["Connection", connection],
    ["Turn", turn],
    ["Product", product],
  ];
  return groups.filter(([, all]) => all.length > 0);
}

/** The model that was asked for, and the one that answered where that is another; empty when neither is known. */
export function modelOf({ model, responseModel }: SpanFacts): string {
  return [model, responseModel === model ? undefined : responseModel]
    .filter((one) => one !== undefined).join(" → ");
}

function lines(
  all: readonly (readonly [string, string | undefined])[],
): readonly (readonly [string, string])[] {
  return all.filter((line): line is readonly [string, string] => line[1] !== undefined && line[1] !== "");
}

function tokens(all: number | undefined, part: number | undefined, what: string): string | undefined {
  if (all === undefined) return undefined;
  return part === undefined || part === 0
    ? formatCount(all)
    : `${formatCount(all)} (${formatCount(part)} ${what})`;
}

function count(value: number | undefined): string | undefined {
  return value === undefined ? undefined : formatCount(value);
}

function seconds(value: number | undefined): string | undefined {
  return value === undefined ? undefined : formatSeconds(value);
}

function yes(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : value ? "yes" : "no";
}
