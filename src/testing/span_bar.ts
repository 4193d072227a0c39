import type { ReceivedSpan } from "../otlp_wire/received.ts";
import { silentSeconds } from "./turn_details.ts";

/** When something began and ended, in nanoseconds since 1970. */
export interface Period {
  /** Its beginning. */
  readonly start: bigint;
  /** Its end. */
  readonly end: bigint;
}

/** A span's place in its trace, as pieces of one line. */
export interface SpanBar {
  /** Blank: before the span. */
  readonly before: string;
  /** Thin: from its start to its first output, if it has one. */
  readonly waiting: string;
  /** Thick: the rest of it. */
  readonly working: string;
  /** Blank: after the span. */
  readonly after: string;
}

/** Draws where a span lies in its trace. Even the shortest one can be seen. */
export function drawBar(span: ReceivedSpan, trace: Period, columns: number): SpanBar {
  const length = Number(trace.end - trace.start);
  const columnOf = (nanoseconds: number): number => Math.round((nanoseconds / length) * columns);
  const since = Number(span.startTimeUnixNano - trace.start);
  const start = Math.min(columnOf(since), columns - 1);
  const end = Math.max(columnOf(Number(span.endTimeUnixNano - trace.start)), start + 1);
  const seconds = silentSeconds(span.attributes) ?? span.attributes["lk.response.ttft"];
  const output = typeof seconds === "number" ? columnOf(since + seconds * 1e9) : start;
  const turn = Math.min(Math.max(output, start), end - 1);
  return {
    before: " ".repeat(start),
    waiting: "─".repeat(turn - start),
    working: "━".repeat(end - turn),
    after: " ".repeat(columns - end),
  };
}
