/** What is looked at in spans of any kind, and what all summaries of them are made of. */

import * as attr from "../../src/semconv_attributes.ts";
import type { HttpFixture } from "../support/fixtures.ts";
import type { KeptSpan } from "../support/memory_exporter.ts";

/** A summary in which what is not there may be `undefined`. */
export type Loose<Summary> = { readonly [Member in keyof Summary]?: Summary[Member] | undefined };

/** Leaves out what is `undefined`. */
export function compact<Summary>(summary: Loose<Summary>): Summary {
  return Object.fromEntries(
    Object.entries(summary).filter(([, value]) => value !== undefined),
  ) as Summary;
}

/** How a call ended, of what ids, for how many tokens. Throws where a span contradicts itself or has a secret. */
export function summarizeEnding({ name, attributes, status }: KeptSpan) {
  const errorType = attributes[attr.errorType] as string | undefined;
  if ((status.code === 2) !== (errorType !== undefined)) {
    throw new Error(`A span ${name} with status ${status.code} and ${errorType}`);
  }
  // keys and instructions have it, in headers, queries, subprotocols and frames
  if (JSON.stringify(attributes).includes("canary")) throw new Error(`A span ${name} with a secret`);
  const input = attributes[attr.inputTokens] as number | undefined;
  return {
    ids: attributes[attr.requestIds] as string[] | undefined,
    outcome: attributes[attr.outcome] as string | undefined,
    errorType,
    errorCode: attributes[attr.errorCode] as string | undefined,
    usage: input === undefined ? undefined : [input, attributes[attr.outputTokens] as number] as const,
  };
}

/** The ending that a fixture's answer has to leave, when it is read to its end. */
export function endingOf({ expected, response: { status } }: HttpFixture) {
  const { facts: { inputTokens, outputTokens }, failure, requestIds } = expected;
  const refused = status >= 400;
  return {
    ids: requestIds.length > 0 ? requestIds.map(([id]) => id) : undefined,
    status,
    outcome: failure === undefined ? "success" : "error",
    errorType: refused ? String(status) : failure?.type,
    errorCode: failure?.code ?? (refused ? failure?.type : undefined),
    usage: inputTokens === undefined ? undefined : [inputTokens, outputTokens ?? 0] as const,
  };
}

/** Whether a time is known. Throws where it does not lie within its span, but for so many nanoseconds. */
export function isWithin(
  { name, attributes, span }: KeptSpan,
  time: string,
  slackNanoseconds = 1,
): true | undefined {
  const seconds = attributes[time];
  if (seconds === undefined) return undefined;
  const [wholeSeconds, nanoseconds] = span.duration;
  // the span's start and end are rounded to whole nanoseconds, times within it are not
  const longest = wholeSeconds + (nanoseconds + slackNanoseconds) / 1e9;
  if (typeof seconds === "number" && seconds >= 0 && seconds <= longest) return true;
  throw new RangeError(`${time} of ${seconds} s does not lie within its span ${name} of ${longest} s`);
}

const DELAYS = {
  first: attr.firstTranscriptDelay,
  transcription: attr.transcriptionDelay,
  end: attr.endOfTurnDelay,
};

/** Which delays of a user's turn are known. Throws where one cannot be. */
export function delaysOf({ attributes }: KeptSpan): string[] {
  return Object.entries(DELAYS).filter(([, delay]) => isDelay(attributes[delay])).map(([short]) => short);
}

function isDelay(seconds: unknown): boolean {
  if (seconds === undefined) return false;
  if (typeof seconds === "number" && seconds >= 0 && seconds < 10) return true;
  throw new RangeError(`A delay of ${seconds} s`);
}
