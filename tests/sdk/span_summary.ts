/** What is looked at in an attempt's span. */

import { attr } from "../../src/semconv.ts";
import type { HttpFixture } from "../support/fixtures.ts";
import type { KeptSpan } from "../support/memory_exporter.ts";

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
export function summarize({ attributes, name, status, span }: KeptSpan): SpanSummary {
  const seconds = attributes[attr.ttft];
  const [wholeSeconds, nanoseconds] = span.duration;
  // the span's start and end are rounded to whole nanoseconds, the time to first token is not
  const longest = wholeSeconds + (nanoseconds + 1) / 1e9;
  if (typeof seconds === "number" && !(seconds >= 0 && seconds <= longest)) {
    throw new RangeError(`A time to first token of ${seconds} s does not lie within its span`);
  }
  if (name !== "llm_request_run" || (status.code === 2) !== (attributes[attr.errorType] !== undefined)) {
    throw new Error(`A span ${name} with status ${status.code} and ${attributes[attr.errorType]}`);
  }
  const input = attributes[attr.inputTokens];
  return compact({
    ids: attributes[attr.requestIds] as string[] | undefined,
    status: attributes[attr.httpStatus] as number | undefined,
    outcome: attributes[attr.outcome] as string,
    retryCount: attributes[attr.retryCount] as number | undefined,
    errorType: attributes[attr.errorType] as string | undefined,
    errorCode: attributes[attr.errorCode] as string | undefined,
    finish: attributes[attr.finishReasons] as string[] | undefined,
    usage: input === undefined ? undefined : [input as number, attributes[attr.outputTokens] as number],
    ttft: seconds === undefined ? undefined : true,
    unread: attributes[attr.unreadFrames] as number | undefined,
  });
}

/** The span that a fixture's answer has to leave, when it is read to its end. */
export function spanOf({ expected, response }: HttpFixture, changes: Loose<SpanSummary> = {}): SpanSummary {
  const { facts, outputs, failure } = expected;
  const { inputTokens, outputTokens } = facts;
  const refused = response.status >= 400;
  return compact({
    ids: expected.requestIds.length > 0 ? expected.requestIds.map(([id]) => id) : undefined,
    status: response.status,
    outcome: failure === undefined ? "success" : "error",
    retryCount: 0,
    errorType: refused ? String(response.status) : failure?.type,
    errorCode: failure?.code ?? (refused ? failure?.type : undefined),
    finish: facts.finishReasons,
    usage: inputTokens === undefined ? undefined : [inputTokens, outputTokens ?? 0],
    ttft: facts.streamed && outputs.some((kind) => kind !== "reasoning") ? true : undefined,
    ...changes,
  });
}

type Loose<T> = { readonly [Member in keyof T]?: T[Member] | undefined };

function compact(summary: Loose<SpanSummary>): SpanSummary {
  return Object.fromEntries(
    Object.entries(summary).filter(([, value]) => value !== undefined),
  ) as SpanSummary;
}
