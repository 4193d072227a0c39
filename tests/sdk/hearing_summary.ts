/** What is looked at in the spans of speech that was heard: the attempts, and the user's turns. */

import { attemptSpanNames, spanName } from "../../src/semconv.ts";
import * as attr from "../../src/semconv_attributes.ts";
import type { HttpFixture } from "../support/fixtures.ts";
import type { KeptSpan } from "../support/memory_exporter.ts";
import { compact, delaysOf, endingOf, isWithin, type Loose, summarizeEnding } from "./summary.ts";

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

/** Attempts and turns in short, in order of their ends. */
export function summarizeHearing(spans: readonly KeptSpan[]): HearingSummary[] {
  const names: readonly string[] = [attemptSpanNames.stt, spanName.userTurn];
  return spans.filter(({ name }) => names.includes(name)).map(summarize);
}

function summarize(kept: KeptSpan): HearingSummary {
  const { attributes } = kept;
  const turn = attributes[attr.turnOutcome] as string | undefined;
  return compact<HearingSummary>({
    ...summarizeEnding(kept),
    turn,
    provider: attributes[attr.providerName] as string | undefined,
    model: attributes[attr.requestModel] as string | undefined,
    language: attributes[attr.language] as string | undefined,
    status: attributes[attr.httpStatus] as number | undefined,
    retryCount: attributes[attr.retryCount] as number | undefined,
    closeCode: attributes[attr.closeCode] as number | undefined,
    sent: attributes[attr.sentAudioSeconds] as number | undefined,
    billed: attributes[attr.billedSeconds] as number | undefined,
    first: isWithin(kept, attr.timeToFirstChunk) ?? isWithin(kept, attr.timeToFirstTranscript),
    clock: attributes[attr.turnClock] as string | undefined,
    delays: turn === undefined ? undefined : delaysOf(kept),
    confidence: attributes[attr.transcriptConfidence] as number | undefined,
  });
}

/** A span in short, from what it has and, as `undefined`, what it has not. */
export function heard(summary: Loose<HearingSummary>): HearingSummary {
  return compact(summary);
}

/** The span that a fixture's answer has to leave, when it is read to its end. */
export function hearingSpanOf(
  fixture: HttpFixture,
  changes: Loose<HearingSummary> = {},
): HearingSummary {
  const { facts } = fixture.expected;
  return compact<HearingSummary>({
    ...endingOf(fixture),
    model: facts.requestModel,
    language: facts.language,
    sent: facts.sentAudioSeconds,
    billed: facts.billedSeconds,
    first: facts.streamed ? true : undefined,
    ...changes,
  });
}
