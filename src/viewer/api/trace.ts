/**
 * Traces as the page gets them, and what a search finds.
 *
 * @module
 */

import type { SpanRow } from "./span.ts";

/** One agent turn in the strip of a list's row. */
export interface TurnMark {
  readonly seconds?: number;
  readonly failed: boolean;
  readonly interrupted: boolean;
}

/** A provider's part in a trace. */
export interface ProviderCount {
  readonly name: string;
  readonly attempts: number;
  readonly errors: number;
}

/** A trace as the list needs it. */
export interface TraceRow {
  readonly traceId: string;
  readonly name: string;
  readonly isSession: boolean;
  /** Whether its root has come: a conversation that goes on has none yet. */
  readonly complete: boolean;
  readonly conversationId?: string;
  readonly service?: string;
  readonly startMs: number;
  readonly durationSeconds: number;
  readonly spans: number;
  readonly userTurns: number;
  readonly agentTurns: number;
  readonly attempts: number;
  readonly errors: number;
  readonly retries: number;
  readonly interruptions: number;
  readonly e2eP50?: number;
  readonly e2eMax?: number;
  readonly turns: readonly TurnMark[];
  readonly providers: readonly ProviderCount[];
}

/** A page of the list. */
export interface TracePage {
  readonly rows: readonly TraceRow[];
  readonly total: number;
  /** What to ask the next page with; absent on the last. */
  readonly next?: string;
}

/** A trace with all its spans, by start. */
export interface TraceDetail {
  readonly trace: TraceRow;
  readonly spans: readonly SpanRow[];
  /** Other traces of the same conversation. */
  readonly related: readonly TraceRow[];
}

/** What was found by an id. */
export interface SearchHit {
  readonly traceId: string;
  /** Absent where the trace itself was found. */
  readonly spanId?: string;
  /** The id that matched, whole. */
  readonly matched: string;
  readonly what: "request id" | "trace id" | "span id" | "conversation id" | "name";
  readonly exact: boolean;
  readonly title: string;
  readonly startMs: number;
  readonly failed: boolean;
}
