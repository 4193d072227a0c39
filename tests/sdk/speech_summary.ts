/** What is looked at in the span of an attempt at speech. */

import * as attr from "../../src/semconv_attributes.ts";
import type { HttpFixture } from "../support/fixtures.ts";
import type { KeptSpan } from "../support/memory_exporter.ts";
import { compact, endingOf, isWithin, type Loose, summarizeEnding } from "./summary.ts";

/** A span in short; what it does not have is absent. */
export interface SpeechSummary {
  readonly ids?: readonly string[];
  readonly provider?: string;
  readonly model?: string;
  readonly status?: number;
  readonly outcome?: string;
  readonly retryCount?: number;
  readonly errorType?: string;
  readonly errorCode?: string;
  readonly closeCode?: number;
  readonly characters?: number;
  /** Seconds of audio that came. */
  readonly audio?: number;
  /** Whether there is a time to first byte of audio. */
  readonly ttfb?: true;
  /** Input and output tokens. */
  readonly usage?: readonly [number, number];
  /** Whether an earlier attempt used the socket; absent over HTTP. */
  readonly reused?: boolean;
  /** Frames that were not understood. */
  readonly unread?: number;
}

/** A span in short. */
export function summarizeSpeech(kept: KeptSpan): SpeechSummary {
  const { attributes } = kept;
  return compact<SpeechSummary>({
    ...summarizeEnding(kept),
    provider: attributes[attr.providerName] as string,
    model: attributes[attr.requestModel] as string | undefined,
    status: attributes[attr.httpStatus] as number | undefined,
    retryCount: attributes[attr.retryCount] as number | undefined,
    closeCode: attributes[attr.closeCode] as number | undefined,
    characters: attributes[attr.characters] as number | undefined,
    audio: rounded(attributes[attr.audioSeconds] as number | undefined),
    ttfb: isWithin(kept, attr.ttfb, 0),
    reused: attributes[attr.connectionReused] as boolean | undefined,
    unread: attributes[attr.unreadFrames] as number | undefined,
  });
}

/** The span that a fixture's answer has to leave, when it is read to its end. */
export function speechSpanOf(fixture: HttpFixture, changes: Loose<SpeechSummary> = {}): SpeechSummary {
  const { provider, expected } = fixture;
  const { facts, outputs } = expected;
  return compact<SpeechSummary>({
    ...endingOf(fixture),
    provider,
    model: facts.requestModel,
    characters: facts.characters,
    audio: facts.audioSeconds ?? expected.audioSeconds,
    ttfb: outputs.length > 0 ? true : undefined,
    ...changes,
  });
}

/** To the microsecond, as fixtures have it. */
function rounded(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1e6) / 1e6;
}
