/** What is looked at in the span of an attempt at speech. */

import { attr } from "../../src/semconv.ts";
import type { HttpFixture } from "../support/fixtures.ts";
import type { KeptSpan } from "../support/memory_exporter.ts";

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

type Loose<T> = { readonly [Member in keyof T]?: T[Member] | undefined };

/** A span in short. */
export function summarizeSpeech({ attributes, status, span }: KeptSpan): SpeechSummary {
  const seconds = attributes[attr.ttfb];
  const [wholeSeconds, nanoseconds] = span.duration;
  if (typeof seconds === "number" && !(seconds >= 0 && seconds <= wholeSeconds + nanoseconds / 1e9)) {
    throw new RangeError(`A time to first byte of ${seconds} s does not lie within its span`);
  }
  if ((status.code === 2) !== (attributes[attr.errorType] !== undefined)) {
    throw new Error(`A span with status ${status.code} and ${attributes[attr.errorType]}`);
  }
  // keys and instructions have it, in headers, queries, subprotocols and frames
  if (JSON.stringify(attributes).includes("canary")) throw new Error("A span with a secret");
  const inputTokens = attributes[attr.inputTokens];
  return compact({
    ids: attributes[attr.requestIds] as string[] | undefined,
    provider: attributes[attr.providerName] as string,
    model: attributes[attr.requestModel] as string | undefined,
    status: attributes[attr.httpStatus] as number | undefined,
    outcome: attributes[attr.outcome] as string,
    retryCount: attributes[attr.retryCount] as number | undefined,
    errorType: attributes[attr.errorType] as string | undefined,
    errorCode: attributes[attr.errorCode] as string | undefined,
    closeCode: attributes[attr.closeCode] as number | undefined,
    characters: attributes[attr.characters] as number | undefined,
    audio: rounded(attributes[attr.audioSeconds] as number | undefined),
    ttfb: seconds === undefined ? undefined : true,
    usage: inputTokens === undefined
      ? undefined
      : [inputTokens as number, attributes[attr.outputTokens] as number],
    reused: attributes[attr.connectionReused] as boolean | undefined,
    unread: attributes[attr.unreadFrames] as number | undefined,
  });
}

/** The span that a fixture's answer has to leave, when it is read to its end. */
export function speechSpanOf(
  { provider, expected, response }: HttpFixture,
  changes: Loose<SpeechSummary> = {},
): SpeechSummary {
  const { facts, outputs, failure, requestIds } = expected;
  const { inputTokens, outputTokens } = facts;
  const refused = response.status >= 400;
  return compact({
    ids: requestIds.length > 0 ? requestIds.map(([id]) => id) : undefined,
    provider,
    model: facts.requestModel,
    status: response.status,
    outcome: failure === undefined ? "success" : "error",
    errorType: refused ? String(response.status) : failure?.type,
    errorCode: failure?.code ?? (refused ? failure?.type : undefined),
    characters: facts.characters,
    audio: facts.audioSeconds ?? expected.audioSeconds,
    ttfb: outputs.length > 0 ? true : undefined,
    usage: inputTokens === undefined ? undefined : [inputTokens, outputTokens ?? 0],
    ...changes,
  });
}

/** To the microsecond, as fixtures have it. */
function rounded(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1e6) / 1e6;
}

function compact(summary: Loose<SpeechSummary>): SpeechSummary {
  return Object.fromEntries(
    Object.entries(summary).filter(([, value]) => value !== undefined),
  ) as SpeechSummary;
}
