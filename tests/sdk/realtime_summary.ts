/** What is looked at in the spans of a conversation: the attempts, and the user's turns. */

import { attemptSpanNames, spanName } from "../../src/semconv.ts";
import * as attr from "../../src/semconv_attributes.ts";
import type { KeptSpan } from "../support/memory_exporter.ts";
import { compact, delaysOf, isWithin, summarizeEnding } from "./summary.ts";

/** A span in short; what it does not have is absent. */
export interface RealtimeSummary {
  /** How a user's turn ended; absent for an attempt. */
  readonly turn?: string;
  readonly ids?: readonly string[];
  readonly provider?: string;
  readonly model?: string;
  readonly responseModel?: string;
  readonly outcome?: string;
  readonly errorType?: string;
  readonly errorCode?: string;
  readonly closeCode?: number;
  readonly finish?: readonly string[];
  readonly tools?: readonly string[];
  readonly interrupted?: true;
  /** Seconds of audio that came. */
  readonly audio?: number;
  /** Whether there is a time to first byte of audio, and to first output. */
  readonly ttfb?: true;
  readonly ttft?: true;
  /** Input and output tokens. */
  readonly usage?: readonly [number, number];
  readonly reused?: boolean;
  /** How the end of speech is known. */
  readonly clock?: string;
  /** Which delays of a turn are known. */
  readonly delays?: readonly string[];
}

/** Attempts in short, in order of their ends, then turns, likewise. */
export function summarizeRealtime(spans: readonly KeptSpan[]): RealtimeSummary[] {
  const attempts: readonly string[] = Object.values(attemptSpanNames);
  return [
    ...spans.filter(({ name }) => attempts.includes(name)),
    ...spans.filter(({ name }) => name === spanName.userTurn),
  ].map(summarize);
}

function summarize(kept: KeptSpan): RealtimeSummary {
  const { name, attributes } = kept;
  const isTurn = name === spanName.userTurn;
  return compact<RealtimeSummary>({
    ...summarizeEnding(kept),
    turn: attributes[attr.turnOutcome] as string | undefined,
    provider: attributes[attr.providerName] as string | undefined,
    model: isTurn ? undefined : attributes[attr.requestModel] as string | undefined,
    responseModel: attributes[attr.responseModel] as string | undefined,
    closeCode: attributes[attr.closeCode] as number | undefined,
    finish: attributes[attr.finishReasons] as string[] | undefined,
    tools: attributes[attr.toolCalls] as string[] | undefined,
    interrupted: attributes[attr.interrupted] as true | undefined,
    audio: attributes[attr.audioSeconds] as number | undefined,
    ttfb: isWithin(kept, attr.ttfb),
    ttft: isWithin(kept, attr.ttft),
    reused: attributes[attr.connectionReused] as boolean | undefined,
    clock: attributes[attr.turnClock] as string | undefined,
    delays: isTurn ? delaysOf(kept) : undefined,
  });
}
