import type { ReceivedSpan } from "../../otlp_wire/received.ts";
import type { AttemptOperation, SpanFacts, SpanRole } from "../api.ts";

/** A span with what is understood of it. */
export interface UnderstoodSpan {
  readonly span: ReceivedSpan;
  readonly facts: SpanFacts;
  readonly role: SpanRole;
  readonly operation?: AttemptOperation | undefined;
  /** The facts, and what has no column of its own, as JSON. */
  readonly texts: { readonly facts: string; readonly detail: string };
}

/** A column of the table of spans: its name, its type, and what a span has there. */
export type SpanColumn = readonly [
  name: string,
  type: string,
  value: (span: UnderstoodSpan) => string | number | boolean | undefined,
];

/** Room that a span takes beside its texts: columns, indexes. */
const BYTES_PER_SPAN = 600;

/** The columns, in their order. Another layout of them wants another number of it in `database.ts`. */
export const SPAN_COLUMNS: readonly SpanColumn[] = [
  ["trace_id", "TEXT NOT NULL", ({ span }) => span.traceId],
  ["span_id", "TEXT NOT NULL", ({ span }) => span.spanId],
  ["parent_id", "TEXT", ({ span }) => span.parentSpanId],
  ["name", "TEXT NOT NULL", ({ span }) => span.name],
  ["role", "TEXT NOT NULL", ({ role }) => role],
  ["operation", "TEXT", ({ operation }) => operation],
  ["start_us", "INTEGER NOT NULL", ({ span }) => Number(span.startTimeUnixNano / 1000n)],
  ["duration_ns", "INTEGER NOT NULL", ({ span }) => Number(span.endTimeUnixNano - span.startTimeUnixNano)],
  [
    "failed",
    "INTEGER NOT NULL",
    ({ span, facts }) => span.status.code === "ERROR" || facts.outcome === "error",
  ],
  ["provider", "TEXT", ({ facts }) => facts.provider],
  ["model", "TEXT", ({ facts }) => facts.model ?? facts.responseModel],
  ["retry", "INTEGER", ({ facts }) => facts.retryCount],
  ["ttft", "REAL", ({ facts }) => facts.ttftSeconds ?? facts.firstChunkSeconds],
  ["ttfb", "REAL", ({ facts }) => facts.ttfbSeconds],
  ["e2e", "REAL", ({ facts }) => facts.e2eSeconds],
  ["interrupted", "INTEGER", ({ facts }) => facts.interrupted],
  ["input_tokens", "INTEGER", ({ facts }) => facts.inputTokens],
  ["cached_tokens", "INTEGER", ({ facts }) => facts.cachedInputTokens],
  ["output_tokens", "INTEGER", ({ facts }) => facts.outputTokens],
  ["characters", "INTEGER", ({ facts }) => facts.characters],
  ["audio", "REAL", ({ facts }) => facts.billedAudioSeconds ?? facts.audioSeconds ?? facts.sentAudioSeconds],
  ["reused", "INTEGER", ({ facts }) => facts.connectionReused],
  ["conversation_id", "TEXT", ({ facts }) => facts.conversationId],
  ["service", "TEXT", ({ span }) => serviceOf(span)],
  ["bytes", "INTEGER NOT NULL", ({ texts }) => texts.facts.length + texts.detail.length + BYTES_PER_SPAN],
  ["facts", "TEXT NOT NULL", ({ texts }) => texts.facts],
  ["detail", "TEXT NOT NULL", ({ texts }) => texts.detail],
];

/** What stands in the columns of a span. */
export function columnValues(span: UnderstoodSpan): (string | number | null)[] {
  return SPAN_COLUMNS.map(([, , value]) => {
    const found = value(span);
    return typeof found === "boolean" ? Number(found) : found ?? null;
  });
}

function serviceOf({ resource }: ReceivedSpan): string | undefined {
  const service = resource["service.name"];
  return typeof service === "string" ? service : undefined;
}
