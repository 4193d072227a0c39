/**
 * What charts and the list of metrics show.
 *
 * @module
 */

import type { PlainAttributes } from "./span.ts";

/** One measured value, for a chart. */
export interface ChartPoint {
  readonly timeMs: number;
  readonly seconds: number;
  readonly model: string;
  readonly traceId: string;
  readonly spanId: string;
}

/** Values of one kind, as a model's figures. */
export interface ModelStats {
  readonly model: string;
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
}

/** One of the latencies. */
export interface LatencyChart {
  readonly points: readonly ChartPoint[];
  readonly models: readonly ModelStats[];
  /** How many there are in all, when the points are the latest of them. */
  readonly total: number;
}

/** What a provider's model took and gave. */
export interface ModelUsage {
  readonly provider: string;
  readonly model: string;
  readonly operation: string;
  readonly attempts: number;
  readonly errors: number;
  readonly retries: number;
  readonly inputTokens?: number;
  readonly cachedInputTokens?: number;
  readonly outputTokens?: number;
  readonly characters?: number;
  readonly audioSeconds?: number;
  /** Attempts of which it is known whether their connection was reused, and those whose was. */
  readonly connections: number;
  readonly reusedConnections: number;
}

/** Attempts within one slice of time. */
export interface RateSlice {
  readonly timeMs: number;
  readonly attempts: number;
  readonly errors: number;
  readonly retries: number;
  readonly connections: number;
  readonly reusedConnections: number;
}

/** All that the charts show. */
export interface Charts {
  readonly ttft: LatencyChart;
  readonly ttfb: LatencyChart;
  readonly e2e: LatencyChart;
  readonly usage: readonly ModelUsage[];
  readonly rates: readonly RateSlice[];
  readonly sliceSeconds: number;
}

/** One series of a metric: a set of attributes, and what was measured with it. */
export interface MetricSeries {
  readonly attributes: PlainAttributes;
  readonly service?: string;
  readonly points: readonly { readonly timeMs: number; readonly value: number; readonly count?: number }[];
  /** Of histograms: all measurements; of sums: the total; of gauges: the last value. */
  readonly total: number;
  readonly count?: number;
  readonly mean?: number;
  readonly p50?: number;
  readonly p95?: number;
}

/** A metric that was received. */
export interface MetricRow {
  readonly name: string;
  readonly unit: string;
  readonly type: string;
  readonly description: string;
  readonly series: readonly MetricSeries[];
}
