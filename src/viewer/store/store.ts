import type { ReceivedMetric, ReceivedSpan } from "../../otlp_wire/received.ts";
import type { Charts, MetricRow, SearchHit, SpanDetail, TraceDetail, TracePage } from "../api.ts";
import { openBounds, type StoreBounds, type StoreFill } from "./bounds.ts";
import { type ChartFilter, queryCharts } from "./charts.ts";
import { openDatabase } from "./database.ts";
import { openPointTable } from "./point_table.ts";
import type { Row } from "./row.ts";
import { search } from "./search.ts";
import { openSpanTable } from "./span_table.ts";
import { queryTraces, type TraceFilter } from "./trace_query.ts";
import { openTraceTable } from "./trace_table.ts";

/** What the viewer keeps: spans and the points of metrics, in SQLite. */
export interface Store extends Disposable {
  /** Keeps spans, all or none; says which traces changed. */
  addSpans(spans: readonly ReceivedSpan[]): readonly string[];
  /** Keeps the points of metrics, all or none. */
  addMetrics(metrics: readonly ReceivedMetric[]): void;
  /** A page of the list of traces. */
  traces(filter: TraceFilter): TracePage;
  /** A trace with its spans. */
  trace(traceId: string): TraceDetail | undefined;
  /** All about one span. */
  span(traceId: string, spanId: string): SpanDetail | undefined;
  /** What an id belongs to. */
  search(query: string): readonly SearchHit[];
  /** What the charts show. */
  charts(filter: ChartFilter): Charts;
  /** All metrics. */
  metrics(): readonly MetricRow[];
  /** How full it is. */
  fill(): StoreFill & { readonly traces: number; readonly providers: readonly string[] };
  /** Forgets everything, what was dropped included. */
  clear(): void;
  /** Closes the database; a second call does nothing. */
  close(): void;
}

/**
 * Opens the store.
 *
 * @param file where it is kept; `undefined` is memory
 * @param bounds how much of it
 * @throws {Error} when the file cannot be opened, or is something else
 */
export function openStore(file: string | undefined, bounds: StoreBounds): Store {
  const db = openDatabase(file);
  const spans = openSpanTable(db);
  const traces = openTraceTable(db);
  const points = openPointTable(db);
  const keeper = openBounds(db, bounds);
  const totals = db.prepare("SELECT count(*) AS traces FROM traces");
  const providers = db.prepare(
    "SELECT DISTINCT provider FROM spans WHERE provider IS NOT NULL ORDER BY 1 LIMIT 200",
  );

  const atOnce = <T>(work: () => T): T => {
    db.exec("BEGIN");
    try {
      const result = work();
      db.exec("COMMIT");
      return result;
    } catch (error) {
      db.exec("ROLLBACK");
      throw error;
    }
  };

  /** Drops what is too much; says which traces are gone or smaller. */
  const keepWithinBounds = (): readonly string[] => {
    const changed = keeper.keep();
    for (const traceId of changed) traces.refresh(traceId);
    return changed;
  };

  let open = true;
  const close = (): void => {
    if (open) db.close();
    open = false;
  };
  // A file from before may have been kept with wider bounds.
  atOnce(keepWithinBounds);

  return {
    addSpans: (received) =>
      atOnce(() => {
        spans.add(received);
        const changed = new Set(received.map(({ traceId }) => traceId));
        for (const traceId of changed) traces.refresh(traceId);
        return [...changed.union(new Set(keepWithinBounds()))];
      }),
    addMetrics: (received) =>
      atOnce(() => {
        points.add(received);
        keepWithinBounds();
      }),
    traces: (filter) => queryTraces(db, filter),
    trace: (traceId) => {
      const trace = traces.get(traceId);
      if (trace === undefined) return undefined;
      const related = trace.conversationId === undefined ? [] : traces.ofConversation(trace.conversationId);
      return {
        trace,
        spans: spans.ofTrace(trace.traceId),
        related: related.filter((other) => other.traceId !== trace.traceId),
      };
    },
    span: spans.detail,
    search: (query) => search(db, query),
    charts: (filter) => queryCharts(db, filter),
    metrics: points.all,
    fill: () => ({
      ...keeper.fill(),
      traces: Number((totals.get() as Row).traces),
      providers: (providers.all() as Row[]).map(({ provider }) => String(provider)),
    }),
    clear: () =>
      atOnce(() => {
        db.exec("DELETE FROM ids; DELETE FROM spans; DELETE FROM traces; DELETE FROM points");
        keeper.reset();
      }),
    close,
    [Symbol.dispose]: close,
  };
}
