import type { ReceivedSpan } from "../../otlp_wire/received.ts";
import type { AttemptOperation, SpanDetail, SpanFacts, SpanRow } from "../api.ts";
import { plainAttributes } from "../plain_value.ts";
import { spanFacts, spanRole } from "../span_facts.ts";
import { known, type Row } from "./row.ts";
import { columnValues, SPAN_COLUMNS } from "./span_columns.ts";
import type { Database } from "./sqlite.ts";

/** The table of spans. */
export interface SpanTable {
  /** Writes spans. One that came before is replaced: exporters send again what they are not sure of. */
  add(spans: readonly ReceivedSpan[]): void;
  /** The spans of a trace, by start. */
  ofTrace(traceId: string): readonly SpanRow[];
  /** All that is known of a span. */
  detail(traceId: string, spanId: string): SpanDetail | undefined;
}

/** What `detail` holds of a span that has no column. */
type Detail = Pick<
  SpanDetail,
  "kind" | "statusMessage" | "attributes" | "resource" | "scope" | "events" | "links" | "droppedCount"
>;

/** Opens the table of spans. */
export function openSpanTable(db: Database): SpanTable {
  const columns = SPAN_COLUMNS.map(([name]) => name);
  const updates = columns.slice(2).map((column) => `${column} = excluded.${column}`).join(", ");
  const insert = db.prepare(
    `INSERT INTO spans (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})
     ON CONFLICT (trace_id, span_id) DO UPDATE SET ${updates} RETURNING row`,
  );
  const insertId = db.prepare("INSERT OR IGNORE INTO ids (value, row) VALUES (?, ?)");
  const deleteIds = db.prepare("DELETE FROM ids WHERE row = ?");
  const light = "span_id, parent_id, name, role, operation, start_us, duration_ns, failed, facts";
  const ofTrace = db.prepare(`SELECT ${light} FROM spans WHERE trace_id = ? ORDER BY start_us, row`);
  const one = db.prepare(`SELECT ${light}, detail FROM spans WHERE trace_id = ? AND span_id = ?`);

  function addOne(span: ReceivedSpan): void {
    const facts = spanFacts(span.attributes);
    const texts = { facts: JSON.stringify(facts), detail: JSON.stringify(detailOf(span)) };
    const understood = { span, facts, ...spanRole(span, facts), texts };
    const inserted = insert.get(...columnValues(understood)) as { row: number };
    deleteIds.run(inserted.row);
    for (const id of new Set([...facts.requestIds ?? [], ...facts.responseId ? [facts.responseId] : []])) {
      insertId.run(id, inserted.row);
    }
  }

  return {
    add: (spans) => spans.forEach(addOne),
    ofTrace: (traceId) => (ofTrace.all(traceId) as Row[]).map(spanRow),
    detail: (traceId, spanId) => {
      const row = one.get(traceId, spanId) as Row | undefined;
      return row && { traceId, ...spanRow(row), ...JSON.parse(String(row.detail)) as Detail };
    },
  };
}

function spanRow(row: Row): SpanRow {
  return {
    spanId: String(row.span_id),
    ...known({
      parentId: row.parent_id as string | null,
      operation: row.operation as AttemptOperation | null,
    }),
    name: String(row.name),
    role: row.role as SpanRow["role"],
    startMs: Number(row.start_us) / 1e3,
    durationSeconds: Number(row.duration_ns) / 1e9,
    failed: row.failed === 1,
    facts: JSON.parse(String(row.facts)) as SpanFacts,
  };
}

function detailOf(span: ReceivedSpan): Detail {
  return {
    kind: span.kind,
    ...span.status.message === undefined ? {} : { statusMessage: span.status.message },
    attributes: plainAttributes(span.attributes),
    resource: plainAttributes(span.resource),
    scope: [span.scope.name, span.scope.version].filter(Boolean).join(" "),
    events: span.events.map(({ name, timeUnixNano, attributes }) => ({
      name,
      timeMs: Number(timeUnixNano / 1000n) / 1e3,
      attributes: plainAttributes(attributes),
    })),
    links: span.links.map(({ traceId, spanId }) => ({ traceId, spanId })),
    droppedCount: span.droppedAttributesCount + span.droppedEventsCount + span.droppedLinksCount,
  };
}
