/**
 * What a contender recorded of a few calls, computed from the spans that it exported.
 *
 * @module
 */

import type { Collector, RecordedSpan } from "../collector.ts";
import { requestIdOf, said } from "../chat.ts";
import { RETRIES } from "../server.ts";
import type { Worker } from "../workers.ts";
import type { ConsumerName } from "./protocol.ts";

/** What was recorded. */
export interface Recorded {
  /** Spans of one call that was read to its end. */
  readonly spans: number;
  /** The id of the completion, which stands in each chunk. */
  readonly responseId: boolean;
  /** The id that support asks for, which stands in a header. */
  readonly requestId: boolean;
  /** Input and output tokens. */
  readonly usage: boolean;
  /** Those that were cached, and those of reasoning. */
  readonly usageDetails: boolean;
  /** When the first word came. */
  readonly firstWord: boolean;
  /** Whether a span lasts until the body's end. */
  readonly wholeBody: boolean;
  /** Spans of a call that is refused twice, and answered. */
  readonly retriedSpans: number;
  /** How many ids of its three tries are there. */
  readonly retriedIds: number;
  /** Whether the spans are ended soon after the caller left the loop, aborted, or was cut off. */
  readonly endedAfter: Readonly<Record<"break" | "abort" | "reset", boolean>>;
  /** Rejections that nobody handled: they end a process. */
  readonly rejections: number;
}

/** How soon a span must be there. */
const SOON_MS = 300;
const FIRST_WORD = /first_(chunk|token|content)|ttft|completion_start/i;

/** Has a worker make the calls. */
export async function record(
  worker: Worker,
  collector: Collector,
  consumer: ConsumerName,
): Promise<Recorded> {
  const take = async (): Promise<RecordedSpan[]> => {
    await new Promise((resolve) => setTimeout(resolve, SOON_MS));
    await worker.run({ do: "flush" });
    await new Promise((resolve) => setTimeout(resolve, SOON_MS));
    return collector.take();
  };
  await worker.run({ do: "read", kind: "short", consumer });
  await take();
  await worker.run({ do: "read", kind: "late", consumer });
  const whole = await take();
  await worker.run({ do: "read", kind: "retried", id: crypto.randomUUID(), consumer });
  const retried = await take();
  const endsAfter = async (kind: string, how: "break" | "abort" | "end"): Promise<boolean> => {
    await worker.run({ do: "open", kind, count: 1, id: crypto.randomUUID(), consumer });
    await worker.run({ do: "end", how });
    return whole.length > 0 && (await take()).length >= whole.length;
  };
  const endedAfter = {
    break: await endsAfter("drip", "break"),
    abort: await endsAfter("drip", "abort"),
    reset: await endsAfter("reset", "end"),
  };
  const { rejections = 0 } = await worker.run({ do: "flush" });
  return { ...readSpans(whole), ...readRetried(retried), endedAfter, rejections };
}

/** Looks for what the server said, under whatever name it was recorded. */
function readSpans(spans: readonly RecordedSpan[]) {
  const text = textOf(spans);
  const has = (...counts: number[]): boolean =>
    counts.some((count) => new RegExp(`\\b${count}\\b`).test(text));
  const { prompt_tokens, completion_tokens, prompt_tokens_details, completion_tokens_details } = said.usage;
  const { cached_tokens } = prompt_tokens_details;
  const { reasoning_tokens } = completion_tokens_details;
  const names = spans.flatMap(({ attributes, eventSeconds }) =>
    Object.keys({ ...attributes, ...eventSeconds })
  );
  return {
    spans: spans.length,
    responseId: text.includes(said.id),
    requestId: text.includes(said.requestId),
    // some subtract the parts
    usage: has(prompt_tokens, prompt_tokens - cached_tokens) &&
      has(completion_tokens, completion_tokens - reasoning_tokens),
    usageDetails: has(cached_tokens) && has(reasoning_tokens),
    firstWord: names.some((name) => FIRST_WORD.test(name)),
    wholeBody: spans.some(({ durationSeconds }) => durationSeconds * 1000 > said.firstWordMs * 0.95),
  };
}

function readRetried(spans: readonly RecordedSpan[]) {
  const text = textOf(spans);
  const ids = Array.from({ length: RETRIES + 1 }, (_, tried) => requestIdOf(tried));
  return { retriedSpans: spans.length, retriedIds: ids.filter((id) => text.includes(id)).length };
}

function textOf(spans: readonly RecordedSpan[]): string {
  return JSON.stringify(
    spans.map(({ attributes }) => attributes),
    (_, value) => typeof value === "bigint" ? Number(value) : value,
  );
}
