import type { ReceivedMetric, ReceivedPoint } from "../../otlp_wire/received.ts";
import type { MetricRow, MetricSeries, PlainAttributes } from "../api.ts";
import { plainAttributes } from "../plain_value.ts";
import { bucketQuantile } from "./quantile.ts";
import { known, type Row } from "./row.ts";
import type { Database } from "./sqlite.ts";

/** The table of the points of metrics. */
export interface PointTable {
  /** Writes the points of metrics. */
  add(metrics: readonly ReceivedMetric[]): void;
  /** All metrics with their series. */
  all(): readonly MetricRow[];
}

/** Points of one series that are drawn: the latest. */
const MAX_DRAWN = 500;

/** Opens the table of points. */
export function openPointTable(db: Database): PointTable {
  const insert = db.prepare(
    `INSERT INTO points (name, unit, type, description, cumulative, service, attributes, start_us, time_us, value, count,
       sum, min, max, bounds, buckets, bytes) VALUES (${Array(17).fill("?").join(", ")})`,
  );
  const all = db.prepare("SELECT * FROM points ORDER BY name, row");

  function addPoint(metric: ReceivedMetric, point: ReceivedPoint): void {
    const service = metric.resource["service.name"];
    const pairs = Object.entries(plainAttributes(point.attributes)).sort(([a], [b]) => a < b ? -1 : 1);
    const attributes = JSON.stringify(Object.fromEntries(pairs));
    const buckets = point.bucketCounts && JSON.stringify(point.bucketCounts);
    insert.run(
      metric.name,
      metric.unit,
      metric.type,
      metric.description,
      metric.temporality === "CUMULATIVE" ? 1 : 0,
      typeof service === "string" ? service : null,
      attributes,
      Number(point.startTimeUnixNano / 1000n),
      Number(point.timeUnixNano / 1000n),
      finite(point.value),
      point.count ?? null,
      finite(point.sum),
      finite(point.min),
      finite(point.max),
      point.explicitBounds === undefined ? null : JSON.stringify(point.explicitBounds),
      buckets ?? null,
      attributes.length + (buckets?.length ?? 0) + 300,
    );
  }

  return {
    add: (metrics) => metrics.forEach((metric) => metric.points.forEach((point) => addPoint(metric, point))),
    all: () =>
      [...Map.groupBy(all.all() as Row[], ({ name, type }) => `${type} ${name}`).values()].map((rows) => ({
        name: String(rows[0]!.name),
        unit: String(rows[0]!.unit),
        type: String(rows[0]!.type),
        description: String(rows[0]!.description),
        series: [...Map.groupBy(rows, ({ service, attributes }) => `${service} ${attributes}`).values()].map(
          metricSeries,
        ),
      })),
  };
}

function metricSeries(rows: readonly Row[]): MetricSeries {
  const last = rows.at(-1)!;
  const measured = rows.map(measuredOf);
  const deltas = last.cumulative === 1 ? differences(rows, measured) : measured;
  const counted = last.count !== null;
  const sum = (pick: (row: Measured) => number): number =>
    deltas.reduce((total, row) => total + pick(row), 0);
  const count = sum((row) => row.count);
  const total = last.type === "gauge" ? Number(last.value) : sum((row) => counted ? row.sum : row.value);
  const bounds = JSON.parse(String(last.bounds ?? "[]")) as number[];
  const buckets = deltas.reduce<number[]>((all, row) => row.buckets.map((n, i) => n + (all[i] ?? 0)), []);
  // What a bucket leaves open, the smallest and the largest that were measured may say.
  const least = rows.reduce((all, { min }) => min === null ? all : Math.min(all, Number(min)), Infinity);
  const most = rows.reduce((all, { max }) => max === null ? all : Math.max(all, Number(max)), -Infinity);
  const within = (value: number | undefined): number | undefined =>
    value === undefined || least > most ? value : Math.min(most, Math.max(least, value));
  return {
    attributes: JSON.parse(String(last.attributes)) as PlainAttributes,
    ...known({ service: last.service as string | null }),
    points: deltas.slice(-MAX_DRAWN).map(({ timeMs, value, count, sum }) =>
      counted ? { timeMs, value: count === 0 ? 0 : sum / count, count } : { timeMs, value }
    ),
    total,
    ...counted
      ? known({
        count,
        mean: count === 0 ? undefined : total / count,
        p50: within(bucketQuantile(bounds, buckets, 0.5)),
        p95: within(bucketQuantile(bounds, buckets, 0.95)),
      })
      : {},
  };
}

/** What a point measured since the one before it. */
interface Measured {
  readonly timeMs: number;
  readonly value: number;
  readonly count: number;
  readonly sum: number;
  readonly buckets: readonly number[];
}

function measuredOf(row: Row): Measured {
  return {
    timeMs: Number(row.time_us) / 1e3,
    value: Number(row.value),
    count: Number(row.count),
    sum: Number(row.sum),
    buckets: JSON.parse(String(row.buckets ?? "[]")) as number[],
  };
}

/** What grew from point to point, of sums since a start. A new start, or a fall, begins at zero again. */
function differences(rows: readonly Row[], measured: readonly Measured[]): readonly Measured[] {
  return measured.map((now, index) => {
    const row = rows[index]!;
    const then = measured[index - 1];
    if (then === undefined || rows[index - 1]!.start_us !== row.start_us) return now;
    if (now.count < then.count || (row.count === null && now.value < then.value && row.type === "sum")) {
      return now;
    }
    return {
      timeMs: now.timeMs,
      value: now.value - then.value,
      count: now.count - then.count,
      sum: now.sum - then.sum,
      buckets: now.buckets.map((n, i) => n - (then.buckets[i] ?? 0)),
    };
  });
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
