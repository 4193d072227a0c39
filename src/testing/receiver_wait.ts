import type { ReceivedSpan } from "../otlp_wire/received.ts";

/** How long to wait. */
export interface WaitOptions {
  /**
   * Longest wait in milliseconds.
   *
   * @default {5000}
   */
  readonly timeoutMs?: number | undefined;
}

/** What a receiver has, as far as waiting is concerned. */
export interface Arrived {
  readonly spans: readonly ReceivedSpan[];
  readonly requests: number;
  readonly rejected: number;
}

/** Those who wait for spans. */
export interface Waits {
  /** Waits for a number of spans, or until a test of them is met. */
  wait(
    wanted: number | ((spans: readonly ReceivedSpan[]) => boolean),
    options?: WaitOptions,
  ): Promise<readonly ReceivedSpan[]>;
  /** Looks again, as there are new spans. */
  check(): void;
  /** Ends all waits, and those still to come. */
  close(): void;
}

/** Makes the waiting room of one receiver. */
export function createWaits(arrived: () => Arrived): Waits {
  const waiting = new Set<{ check: () => void; fail: (why: string) => void }>();
  let closed = false;
  return {
    wait: (wanted, { timeoutMs = 5000 } = {}) =>
      new Promise((resolve, reject) => {
        const met = typeof wanted === "function"
          ? wanted
          : (spans: readonly unknown[]) => spans.length >= wanted;
        const settle = (act: () => void) => {
          clearTimeout(timer);
          waiting.delete(entry);
          act();
        };
        const entry = {
          check: () => {
            const { spans } = arrived();
            try {
              if (met(spans)) settle(() => resolve([...spans]));
            } catch (error) {
              settle(() => reject(error));
            }
          },
          fail: (why: string) => settle(() => reject(new Error(explain(wanted, why, arrived())))),
        };
        const timer = setTimeout(() => entry.fail(`within ${timeoutMs} ms`), timeoutMs);
        waiting.add(entry);
        entry.check();
        if (closed) entry.fail("as the receiver is closed");
      }),
    check: () => {
      for (const entry of waiting) entry.check();
    },
    close: () => {
      closed = true;
      for (const entry of waiting) entry.fail("before the receiver was closed");
    },
  };
}

function explain(
  wanted: number | ((spans: readonly ReceivedSpan[]) => boolean),
  why: string,
  has: Arrived,
): string {
  const goal = typeof wanted === "number" ? `receive ${wanted} spans` : "receive the spans asked for";
  const names = has.spans.map((span) => span.name);
  const shown = names.length > 20 ? [...names.slice(0, 20), `and ${names.length - 20} more`] : names;
  return `Cannot ${goal} ${why}: got ${names.length}${names.length > 0 ? ` (${shown.join(", ")})` : ""}, ` +
    `requests taken: ${has.requests}, requests rejected: ${has.rejected}`;
}
