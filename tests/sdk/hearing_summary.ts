/** What is looked at in the spans of speech that was heard: the attempts, and the user's turns. */

import { attemptSpanNames, attr, spanName } from "../../src/semconv.ts";
import type { HttpFixture } from "../support/fixtures.ts";
import type { KeptSpan } from "../support/memory_exporter.ts";

/** A span in short; what it does not have is absent. */
export interface HearingSummary {
  /** How a turn of the user ended; absent for an attempt. */
  readonly turn?: string;
  readonly ids?: readonly string[];
  readonly provider?: string;
  readonly model?: string;
  readonly language?: string;
  readonly status?: number;
  readonly outcome?: string;
  readonly retryCount?: number;
  readonly errorType?: string;
  readonly errorCode?: string;
  readonly closeCode?: number;
  /** Seconds of audio that were sent, and that are billed. */
  readonly sent?: number;
  readonly billed?: number;
  /** Input and output tokens. */
  readonly usage?: readonly [number, number];
  /** Whether a time to first text is known: of a stream to its first event, of a socket to its first transcript. */
  readonly first?: true;
  /** How the end of speech is known. */
  readonly clock?: string;
  /** Which delays of a turn are known. */
  readonly delays?: readonly string[];
  readonly confidence?: number;
}

const DELAYS = {
  first: attr.firstTranscriptDelay,
  transcription: attr.transcriptionDelay,
  end: attr.endOfTurnDelay,
};

/** Attempts and turns in short, in order of their ends. */
export function summarizeHearing(spans: readonly KeptSpan[]): HearingSummary[] {
  const names: readonly string[] = [attemptSpanNames.stt, spanName.userTurn];
  return spans.filter(({ name }) => names.includes(name)).map(summarize);
}

function summarize({ attributes, status, span }: KeptSpan): HearingSummary {
  if (JSON.stringify(attributes).includes("canary")) throw new Error("A span with a secret");
  if ((status.code === 2) !== (attributes[attr.errorType] !== undefined)) {
    throw new Error(`A span with status ${status.code} and ${attributes[attr.errorType]}`);
  }
  const [wholeSeconds, nanoseconds] = span.duration;
  const longest = wholeSeconds + (nanoseconds + 1) / 1e9;
  /** What waited for text, and for decisions, cannot have waited longer than all of it. */
  const isKnown = (name: string): boolean => {
    const seconds = attributes[name];
    if (seconds === undefined) return false;
    if (typeof seconds === "number" && seconds >= 0 && seconds <= longest) return true;
    throw new RangeError(`${name} of ${seconds} s does not lie within its span of ${longest} s`);
  };
  const input = attributes[attr.inputTokens];
  const outcome = attributes[attr.turnOutcome] as string | undefined;
  const delays = Object.entries(DELAYS).filter(([, name]) => attributes[name] !== undefined);
  return heard({
    turn: outcome,
    ids: attributes[attr.requestIds] as string[] | undefined,
    provider: attributes[attr.providerName] as string | undefined,
    model: attributes[attr.requestModel] as string | undefined,
    language: attributes[attr.language] as string | undefined,
    status: attributes[attr.httpStatus] as number | undefined,
    outcome: attributes[attr.outcome] as string | undefined,
    retryCount: attributes[attr.retryCount] as number | undefined,
    errorType: attributes[attr.errorType] as string | undefined,
    errorCode: attributes[attr.errorCode] as string | undefined,
    closeCode: attributes[attr.closeCode] as number | undefined,
    sent: attributes[attr.sentAudioSeconds] as number | undefined,
    billed: attributes[attr.billedSeconds] as number | undefined,
    usage: input === undefined ? undefined : [input as number, attributes[attr.outputTokens] as number],
    first: isKnown(attr.ttft) || isKnown(attr.timeToFirstTranscript) || undefined,
    clock: attributes[attr.turnClock] as string | undefined,
    delays: outcome === undefined ? undefined : delays.map(([name]) => name),
    confidence: attributes[attr.transcriptConfidence] as number | undefined,
  });
}

type Loose<T> = { readonly [Member in keyof T]?: T[Member] | undefined };

/** A span in short, from what it has and, as `undefined`, what it has not. */
export function heard(summary: Loose<HearingSummary>): HearingSummary {
  return Object.fromEntries(Object.entries(summary).filter(([, one]) => one !== undefined));
}

/** The span that a fixture's answer has to leave, when it is read to its end. */
export function hearingSpanOf(
  { expected: { facts, failure, requestIds }, response: { status } }: HttpFixture,
  changes: Loose<HearingSummary> = {},
): HearingSummary {
  const refused = status >= 400;
  const { inputTokens, outputTokens } = facts;
  return heard({
    ids: requestIds.length > 0 ? requestIds.map(([id]) => id) : undefined,
    model: facts.requestModel,
    language: facts.language,
    status,
    outcome: failure === undefined ? "success" : "error",
    errorType: refused ? String(status) : failure?.type,
    errorCode: failure?.code ?? (refused ? failure?.type : undefined),
    sent: facts.sentAudioSeconds,
    billed: facts.billedSeconds,
    usage: inputTokens === undefined ? undefined : [inputTokens, outputTokens ?? 0],
    first: facts.streamed ? true : undefined,
    ...changes,
  });
}
