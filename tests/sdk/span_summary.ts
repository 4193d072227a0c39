/** What is looked at in an attempt's span. */

import * as attr from "../../src/semconv_attributes.ts";
import type { HttpFixture } from "../support/fixtures.ts";
import type { KeptSpan } from "../support/memory_exporter.ts";
import { compact, endingOf, isWithin, type Loose, summarizeEnding } from "./summary.ts";

/** A span in short; what it does not have is absent. */
export interface SpanSummary {
  readonly ids?: readonly string[];
  readonly status?: number;
  readonly outcome?: string;
  readonly retryCount?: number;
  readonly errorType?: string;
  readonly errorCode?: string;
  readonly finish?: readonly string[];
  /** Input and output tokens. */
  readonly usage?: readonly [number, number];
  /** Whether there is a time to first token. */
  readonly ttft?: true;
  /** Frames that were not understood. */
  readonly unread?: number;
}

/** A span in short. */
export function summarize(kept: KeptSpan): SpanSummary {
  const { attributes, name } = kept;
  if (name !== "llm_request_run") throw new Error(`A span ${name}`);
  return compact<SpanSummary>({
    ...summarizeEnding(kept),
    status: attributes[attr.httpStatus] as number | undefined,
    retryCount: attributes[attr.retryCount] as number | undefined,
    finish: attributes[attr.finishReasons] as string[] | undefined,
    ttft: isWithin(kept, attr.ttft),
    unread: attributes[attr.unreadFrames] as number | undefined,
  });
}

/** The span that a fixture's answer has to leave, when it is read to its end. */
export function spanOf(fixture: HttpFixture, changes: Loose<SpanSummary> = {}): SpanSummary {
  const { facts, outputs } = fixture.expected;
  return compact<SpanSummary>({
    ...endingOf(fixture),
    retryCount: 0,
    finish: facts.finishReasons,
    ttft: facts.streamed && outputs.some((kind) => kind !== "reasoning") ? true : undefined,
    ...changes,
  });
}
