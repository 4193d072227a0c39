import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type uPlot from "uplot";
import type { LatencyChart, ModelStats } from "../api.ts";
import { distributionOf } from "./distribution.ts";
import { formatCount, formatSeconds, visible } from "./format.ts";
import { axis, countAxis, Plot, timeAxis } from "./plot.tsx";
import { go } from "./route.ts";
import { resolveColor } from "./theme.tsx";

/** More lines than this tell nothing. */
const MAX_MODELS = 8;

/** One latency: each value over time, its distribution, and p50 and p95, all by model. */
export function LatencyPanel(
  { title, note, chart, colors }: {
    readonly title: string;
    readonly note: string;
    readonly chart: LatencyChart;
    readonly colors: ReadonlyMap<string, string>;
  },
): JSX.Element | null {
  const models = chart.models.slice(0, MAX_MODELS).map(({ model }) => model);
  const kind = `${title} ${JSON.stringify(models)}`;
  const overTime = useMemo(() => timeData(chart, models), [chart]);
  const distribution = useMemo(() => distributionOf(chart, models), [chart]);
  if (chart.points.length === 0) return null;
  const color = (model: string): string => resolveColor(colors.get(model) ?? "--muted");
  const longest = Math.max(...chart.models.map(({ p95 }) => p95));
  const open = (plot: uPlot): void => {
    const point = chart.points[plot.cursor.idx ?? -1];
    if (point !== undefined) go({ page: "trace", traceId: point.traceId, spanId: point.spanId });
  };
  return (
    <section class="panel">
      <h2>{title}</h2>
      <p class="muted">
        {note}
        {chart.total > chart.points.length &&
          `; the latest ${formatCount(chart.points.length)} of ${formatCount(chart.total)}`}
      </p>
      <div class="plots">
        <Plot
          label={`${title} over time, by model`}
          height={190}
          kind={kind}
          data={overTime}
          options={() => ({
            cursor: { y: false, points: { size: 9 }, drag: { x: true, y: false } },
            scales: { x: { time: true }, y: { range: (_, __, most) => [0, (most || 1) * 1.08] } },
            axes: [timeAxis(), axis(formatSeconds, { size: 62 })],
            series: [
              {},
              ...models.map((model): uPlot.Series => ({
                label: model,
                stroke: color(model),
                fill: color(model),
                paths: () => null,
                points: { show: true, size: 5, width: 0, fill: color(model) },
              })),
            ],
            hooks: {
              ready: [(plot) => plot.over.addEventListener("click", () => open(plot))],
            },
          })}
        />
        <Plot
          label={`${title}, distribution by model`}
          height={190}
          kind={kind}
          data={distribution}
          options={() => ({
            scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(1, most) * 1.08] } },
            axes: [
              axis(formatSeconds, { grid: { show: false }, space: 64 }),
              countAxis(),
            ],
            series: [
              {},
              ...models.map((model): uPlot.Series => ({
                label: model,
                stroke: color(model),
                fill: color(model).replace(/^rgb\((.*)\)$/, "rgba($1, 0.22)"),
                width: 1.5,
                points: { show: false },
                paths: stepped,
              })),
            ],
          })}
        />
      </div>
      <ul class="models">
        {chart.models.map((stats) => (
          <ModelLine key={stats.model} stats={stats} longest={longest} color={colors.get(stats.model)} />
        ))}
      </ul>
    </section>
  );
}

function ModelLine(
  { stats: { model, count, p50, p95 }, longest, color }: {
    readonly stats: ModelStats;
    readonly longest: number;
    readonly color: string | undefined;
  },
): JSX.Element {
  return (
    <li>
      <i class="swatch" style={{ background: `var(${color ?? "--muted"})` }} />
      <span class="mono">{visible(model)}</span>
      <span class="range" aria-hidden="true">
        <span
          style={{
            left: `${p50 / longest * 100}%`,
            width: `${(p95 - p50) / longest * 100}%`,
            background: `var(${color ?? "--muted"})`,
          }}
        />
      </span>
      <span>
        p50 <b>{formatSeconds(p50)}</b>
      </span>
      <span>
        p95 <b>{formatSeconds(p95)}</b>
      </span>
      <span class="muted">{formatCount(count)}</span>
    </li>
  );
}

/** One column for each value, in the row of its model. */
function timeData({ points }: LatencyChart, models: readonly string[]): uPlot.AlignedData {
  return [
    points.map(({ timeMs }) => timeMs / 1000),
    ...models.map((model) => points.map((point) => point.model === model ? point.seconds : null)),
  ];
}

/** Steps, as a histogram has them. */
const stepped: uPlot.Series.PathBuilder = (plot, index, from, to) => {
  const stroke = new Path2D();
  const [xs, ys] = [plot.data[0], plot.data[index]!];
  const y = (value: number): number => plot.valToPos(value, "y", true);
  const x = (value: number): number => plot.valToPos(value, "x", true);
  stroke.moveTo(x(xs[from]!), y(0));
  for (let at = from; at <= to; at++) {
    stroke.lineTo(x(xs[at]!), y(ys[at] ?? 0));
    stroke.lineTo(x(xs[at + 1] ?? xs[at]!), y(ys[at] ?? 0));
  }
  stroke.lineTo(x(xs[to]!), y(0));
  return { stroke, fill: stroke, flags: 0 } as uPlot.Series.Paths;
};
