import { Fragment, type JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type uPlot from "uplot";
import type { MetricRow, MetricSeries } from "../api.ts";
import { formatSeconds, formatShort, plural, visible } from "./format.ts";
import { axis, Plot, timeAxis } from "./plot.tsx";
import { resolveColor } from "./theme.tsx";
import { useQuery } from "./use_query.ts";

/** The metrics that were sent, with their series. */
export function MetricsPage(): JSX.Element {
  const { data, error } = useQuery<{ metrics: readonly MetricRow[] }>(
    "/api/metrics",
    ({ metrics, traces }) => metrics || traces.length === 0,
  );
  return (
    <main class="page charts">
      {error !== undefined && <p class="trouble">{error}</p>}
      {data?.metrics.length === 0 && (
        <p class="none">
          No metrics came yet. They are sent once a minute, or by <code>telemetry.flush()</code>; set{" "}
          <code>OTEL_METRIC_EXPORT_INTERVAL=5000</code> to see them sooner.
        </p>
      )}
      {data?.metrics.map((metric) => <MetricPanel key={`${metric.type} ${metric.name}`} metric={metric} />)}
    </main>
  );
}

function MetricPanel({ metric }: { readonly metric: MetricRow }): JSX.Element {
  const [open, setOpen] = useState<number | undefined>();
  const format = formatOf(metric.unit);
  const common = commonOf(metric.series);
  const histogram = metric.series.some(({ count }) => count !== undefined);
  return (
    <section class="panel metric">
      <h2 class="mono">{visible(metric.name)}</h2>
      <p class="muted">
        {[
          visible(metric.description),
          metric.type,
          visible(metric.unit),
          plural(metric.series.length, "series", "series"),
        ]
          .filter(Boolean).join(" · ")}
      </p>
      {common.length > 0 && (
        <p class="muted">all with {common.map((pair) => <code key={pair} class="pair">{pair}</code>)}</p>
      )}
      <div class="scroll-x">
        <table class="usage">
          <thead>
            <tr>
              <th scope="col">Series</th>
              {histogram
                ? ["Count", "Mean", "p50, about", "p95, about"].map((name) => (
                  <th key={name} scope="col">{name}</th>
                ))
                : <th scope="col">{metric.type === "gauge" ? "Last" : "Total"}</th>}
            </tr>
          </thead>
          <tbody>
            {metric.series.slice(0, 100).map((series, index) => (
              <Fragment key={index}>
                <tr>
                  <th scope="row">
                    <button
                      type="button"
                      class="link"
                      aria-expanded={open === index}
                      onClick={() => setOpen(open === index ? undefined : index)}
                    >
                      {seriesName(series, common)}
                    </button>
                  </th>
                  {histogram
                    ? (
                      <>
                        <td>{series.count === undefined ? "" : formatShort(series.count)}</td>
                        {[series.mean, series.p50, series.p95].map((value, at) => (
                          <td key={at}>{value === undefined ? "" : format(value)}</td>
                        ))}
                      </>
                    )
                    : <td>{format(series.total)}</td>}
                </tr>
                {open === index && (
                  <tr>
                    <td colSpan={5}>
                      <SeriesPlot series={series} format={format} name={metric.name} />
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function SeriesPlot(
  { series, format, name }: {
    readonly series: MetricSeries;
    readonly format: (value: number) => string;
    readonly name: string;
  },
): JSX.Element {
  const data = useMemo((): uPlot.AlignedData => [
    series.points.map(({ timeMs }) => timeMs / 1000),
    series.points.map(({ value }) => value),
  ], [series]);
  return (
    <Plot
      label={`${name} over time`}
      height={130}
      kind={name}
      data={data}
      options={() => ({
        scales: {
          x: { time: true },
          y: { range: (_, least, most) => [Math.min(0, least), Math.max(most, 1e-9) * 1.08] },
        },
        axes: [timeAxis(), axis(format, { size: 62 })],
        series: [{}, {
          stroke: resolveColor("--llm"),
          width: 1.5,
          points: { show: true, size: 5, fill: resolveColor("--llm"), width: 0 },
        }],
      })}
    />
  );
}

/** What tells a series from the others. */
function seriesName(series: MetricSeries, common: readonly string[]): string {
  return pairsOf(series).filter((pair) => !common.includes(pair)).join("  ") || "all";
}

/** What all series have, so that it need not be said for each. */
function commonOf([first, ...others]: readonly MetricSeries[]): readonly string[] {
  if (first === undefined || others.length === 0) return [];
  const sets = others.map((series) => new Set(pairsOf(series)));
  return pairsOf(first).filter((pair) => sets.every((set) => set.has(pair)));
}

function pairsOf({ attributes, service }: MetricSeries): readonly string[] {
  const all: [string, unknown][] = [
    ...service === undefined ? [] : [["service", service] as [string, unknown]],
    ...Object.entries(attributes),
  ];
  return all.map(([name, value]) =>
    visible(`${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
  );
}

function formatOf(unit: string): (value: number) => string {
  if (unit === "s") return formatSeconds;
  if (unit === "ms") return (value) => formatSeconds(value / 1000);
  return formatShort;
}
