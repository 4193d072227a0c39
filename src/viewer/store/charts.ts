import type { ChartPoint, Charts, LatencyChart, ModelUsage, RateSlice } from "../api.ts";
import { quantile } from "./quantile.ts";
import { known, type Row } from "./row.ts";
import { turnModels } from "./turn_models.ts";
import type { Database } from "./sqlite.ts";

/** What the charts are about. */
export interface ChartFilter {
  /** Only what began since then, in milliseconds since 1970. */
  readonly sinceMs?: number | undefined;
  /** Only attempts of this provider; turns are not filtered by it. */
  readonly provider?: string | undefined;
}

/** The latest values that are drawn: more cannot be told apart on a screen. */
const MAX_POINTS = 5000;
const SLICES = 48;
/** Widths of a slice that people can read, in seconds. */
const WIDTHS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];
const UNKNOWN = "unknown model";

/** All that the charts show. */
export function queryCharts(db: Database, filter: ChartFilter): Charts {
  const since = Math.max(0, Math.floor((filter.sinceMs ?? 0) * 1e3));
  const attempts = `role = 'attempt' AND start_us >= ?${
    filter.provider === undefined ? "" : " AND provider = ?"
  }`;
  const values = filter.provider === undefined ? [since] : [since, filter.provider];

  const measured = (column: "ttft" | "ttfb", extra: string): LatencyChart => {
    const where = `${attempts} AND ${column} IS NOT NULL ${extra}`;
    const points = db.prepare(
      `SELECT start_us, ${column} AS seconds, model, trace_id, span_id FROM spans WHERE ${where}
       ORDER BY start_us DESC LIMIT ${MAX_POINTS}`,
    ).all(...values) as Row[];
    return latencyChart(points.map((row) => chartPoint(row, row.model)), countRows(db, where, values));
  };

  const turnsWhere = "role = 'agent_turn' AND start_us >= ? AND e2e IS NOT NULL";
  const turns = db.prepare(
    `SELECT start_us, e2e AS seconds, trace_id, span_id FROM spans WHERE ${turnsWhere}
     ORDER BY start_us DESC LIMIT ${MAX_POINTS}`,
  ).all(since) as Row[];
  const models = turnModels(db, new Set(turns.map(({ trace_id }) => String(trace_id))));
  const e2e = latencyChart(
    turns.map((row) => chartPoint(row, models.get(`${row.trace_id}.${row.span_id}`) ?? null)),
    countRows(db, turnsWhere, [since]),
  );

  const { sliceSeconds, rates } = queryRates(db, attempts, values);
  return {
    ttft: measured("ttft", "AND operation IN ('llm', 'realtime')"),
    ttfb: measured("ttfb", "AND operation = 'tts'"),
    e2e,
    usage: queryUsage(db, attempts, values),
    rates,
    sliceSeconds,
  };
}

const SHARES = `count(*) AS attempts, sum(failed) AS errors, sum(coalesce(retry, 0) > 0) AS retries,
  count(reused) AS connections, coalesce(sum(reused), 0) AS reused`;

function queryUsage(
  db: Database,
  where: string,
  values: readonly (string | number)[],
): readonly ModelUsage[] {
  const rows = db.prepare(`
    SELECT coalesce(provider, '') AS provider, coalesce(model, '') AS model, coalesce(operation, '') AS operation, ${SHARES},
      sum(input_tokens) AS input_tokens, sum(cached_tokens) AS cached_tokens, sum(output_tokens) AS output_tokens,
      sum(characters) AS characters, sum(audio) AS audio
    FROM spans WHERE ${where} GROUP BY 1, 2, 3 ORDER BY attempts DESC, 1, 2 LIMIT 200`).all(
    ...values,
  ) as Row[];
  return rows.map((row) => ({
    provider: String(row.provider),
    model: String(row.model) || UNKNOWN,
    operation: String(row.operation),
    ...shares(row),
    ...known({
      inputTokens: row.input_tokens as number | null,
      cachedInputTokens: row.cached_tokens as number | null,
      outputTokens: row.output_tokens as number | null,
      characters: row.characters as number | null,
      audioSeconds: row.audio as number | null,
    }),
  }));
}

function queryRates(
  db: Database,
  where: string,
  values: readonly (string | number)[],
): { readonly sliceSeconds: number; readonly rates: readonly RateSlice[] } {
  const { first, last } = db.prepare(
    `SELECT min(start_us) AS first, max(start_us) AS last FROM spans WHERE ${where}`,
  ).get(...values) as Row;
  if (typeof first !== "number" || typeof last !== "number") return { sliceSeconds: 1, rates: [] };
  const wanted = (last - first) / 1e6 / SLICES;
  const sliceSeconds = WIDTHS.find((width) => width >= wanted) ?? Math.ceil(wanted / 86400) * 86400;
  const slice = sliceSeconds * 1e6;
  const rows = db.prepare(
    `SELECT start_us / ${slice} * ${slice} AS time, ${SHARES} FROM spans WHERE ${where} GROUP BY 1 ORDER BY 1`,
  ).all(...values) as Row[];
  return { sliceSeconds, rates: rows.map((row) => ({ timeMs: Number(row.time) / 1e3, ...shares(row) })) };
}

function shares(row: Row): Omit<RateSlice, "timeMs"> {
  return {
    attempts: Number(row.attempts),
    errors: Number(row.errors),
    retries: Number(row.retries),
    connections: Number(row.connections),
    reusedConnections: Number(row.reused),
  };
}

function countRows(db: Database, where: string, values: readonly (string | number)[]): number {
  return (db.prepare(`SELECT count(*) AS total FROM spans WHERE ${where}`).get(...values) as {
    total: number;
  }).total;
}

function chartPoint(row: Row, model: Row[string] | undefined): ChartPoint {
  return {
    timeMs: Number(row.start_us) / 1e3,
    seconds: Number(row.seconds),
    model: String(model ?? UNKNOWN),
    traceId: String(row.trace_id),
    spanId: String(row.span_id),
  };
}

function latencyChart(latestFirst: readonly ChartPoint[], total: number): LatencyChart {
  const models = [...Map.groupBy(latestFirst, ({ model }) => model)].map(([model, points]) => {
    const seconds = points.map((point) => point.seconds).sort((a, b) => a - b);
    return { model, count: seconds.length, p50: quantile(seconds, 0.5), p95: quantile(seconds, 0.95) };
  });
  return { points: latestFirst.toReversed(), models: models.sort((a, b) => b.count - a.count), total };
}
