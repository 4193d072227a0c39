/**
 * Sending what has ended.
 *
 * @module
 */

import type { Attempt } from "./telemetry/attempt/attempt.ts";

/** How far a flush came. */
export interface FlushResult {
  /** Whether nothing was left when it returned. */
  readonly complete: boolean;
  /** Spans that the collector took, since the start. */
  readonly exportedSpans: number;
  /** Spans lost, since the start: queue full, collector down or refusing. */
  readonly droppedSpans: number;
}

/** Ends those of `open` that were refused and that nobody reads, and sends all. Never rejects. */
export type Flush = (open: Iterable<Attempt>, deadlineMs?: number) => Promise<FlushResult>;

/**
 * A flush of which at most one runs and one waits: who asks meanwhile shares the one that waits. For isolates that
 * live on and serve many requests at once; on Workers a request must not wait for the work of another.
 */
export function shareFlushes(flush: Flush): Flush {
  let running: Promise<FlushResult> | undefined;
  let waiting: Promise<FlushResult> | undefined;

  function run(deadlineMs: number | undefined): Promise<FlushResult> {
    const flushed = flush([], deadlineMs).finally(() => {
      if (running === flushed) running = undefined;
    });
    return running = flushed;
  }

  return (open, deadlineMs) => {
    endRefused(open);
    if (running === undefined) return run(deadlineMs);
    return waiting ??= running.then(() => {
      waiting = undefined;
      return run(deadlineMs);
    });
  };
}

/** A refusal whose body nobody reads has told all it will tell. */
export function endRefused(open: Iterable<Attempt>): void {
  for (const attempt of open) if (attempt.refused) attempt.end("abandoned");
}
