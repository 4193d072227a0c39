/** What is looked at in the spans of a conversation: the attempts, and the user's turns. */

import { attemptSpanNames, attr, spanName } from "../../src/semconv.ts";
import type { KeptSpan } from "../support/memory_exporter.ts";

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

const DELAYS = {
  first: attr.firstTranscriptDelay,
  transcription: attr.transcriptionDelay,
  end: attr.endOfTurnDelay,
};

/** Attempts in short, in order of their ends, then turns, likewise. */
export function summarizeRealtime(spans: readonly KeptSpan[]): RealtimeSummary[] {
  const attempts: readonly string[] = Object.values(attemptSpanNames);
  return [
    ...spans.filter(({ name }) => attempts.includes(name)),
    ...spans.filter(({ name }) => name === spanName.userTurn),
  ].map(summarize);
}

function summarize({ name, attributes, status, span }: KeptSpan): RealtimeSummary {
  if (JSON.stringify(attributes).includes("canary")) throw new Error("A span with a secret");
  if ((status.code === 2) !== (attributes[attr.errorType] !== undefined)) {
    throw new Error(`A span with status ${status.code} and ${attributes[attr.errorType]}`);
  }
  const [wholeSeconds, nanoseconds] = span.duration;
  const longest = wholeSeconds + (nanoseconds + 1) / 1e9;
  const isWithin = (seconds: unknown): true | undefined => {
    if (seconds === undefined) return undefined;
    if (typeof seconds === "number" && seconds >= 0 && seconds <= longest) return true;
    throw new RangeError(`${seconds} s does not lie within its span ${name} of ${longest} s`);
  };
  const input = attributes[attr.inputTokens];
  const isTurn = name === spanName.userTurn;
  const summary: Loose<RealtimeSummary> = {
    turn: attributes[attr.turnOutcome] as string | undefined,
    ids: attributes[attr.requestIds] as string[] | undefined,
    provider: attributes[attr.providerName] as string | undefined,
    model: isTurn ? undefined : attributes[attr.requestModel] as string | undefined,
    responseModel: attributes[attr.responseModel] as string | undefined,
    outcome: attributes[attr.outcome] as string | undefined,
    errorType: attributes[attr.errorType] as string | undefined,
    errorCode: attributes[attr.errorCode] as string | undefined,
    closeCode: attributes[attr.closeCode] as number | undefined,
    finish: attributes[attr.finishReasons] as string[] | undefined,
    tools: attributes[attr.toolCalls] as string[] | undefined,
    interrupted: attributes[attr.interrupted] as true | undefined,
    audio: attributes[attr.audioSeconds] as number | undefined,
    ttfb: isWithin(attributes[attr.ttfb]),
    ttft: isWithin(attributes[attr.ttft]),
    usage: input === undefined ? undefined : [input as number, attributes[attr.outputTokens] as number],
    reused: attributes[attr.connectionReused] as boolean | undefined,
    clock: attributes[attr.turnClock] as string | undefined,
    delays: isTurn
      ? Object.entries(DELAYS).filter(([, key]) => isDelay(attributes[key])).map(([short]) => short)
      : undefined,
  };
  return Object.fromEntries(
    Object.entries(summary).filter(([, value]) => value !== undefined),
  ) as RealtimeSummary;
}

type Loose<T> = { readonly [Member in keyof T]?: T[Member] | undefined };

function isDelay(seconds: unknown): boolean {
  if (seconds === undefined) return false;
  if (typeof seconds === "number" && seconds >= 0 && seconds < 10) return true;
  throw new RangeError(`A delay of ${seconds} s`);
}
