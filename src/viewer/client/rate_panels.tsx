import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import uPlot from "uplot";
import type { Charts, RateSlice } from "../api.ts";
import { Figure } from "./figure.tsx";
import { formatCount, formatSeconds, formatShare } from "./format.ts";
import { axis, countAxis, Plot, timeAxis } from "./plot.tsx";
import { resolveColor } from "./theme.tsx";

/** How many attempts failed, how many were retries, how many found their connection open: in all, and over time. */
export function RatePanels(
  { charts: { rates, sliceSeconds } }: { readonly charts: Charts },
): JSX.Element | null {
  const sum = (read: (slice: RateSlice) => number): number =>
    rates.reduce((total, slice) => total + read(slice), 0);
  const times = useMemo(() => rates.map(({ timeMs }) => timeMs / 1000 + sliceSeconds / 2), [rates]);
  const tried = useMemo((): uPlot.AlignedData => [
    times,
    rates.map(({ attempts }) => attempts),
    rates.map(({ errors, retries }) => errors + retries),
    rates.map(({ errors }) => errors),
  ], [rates]);
  const reuse = useMemo((): uPlot.AlignedData => [
    times,
    rates.map(({ connections, reusedConnections }) =>
      connections === 0 ? null : reusedConnections / connections * 100
    ),
  ], [rates]);
  if (rates.length === 0) return null;
  const attempts = sum((slice) => slice.attempts);
  const connections = sum((slice) => slice.connections);
  const bars = uPlot.paths.bars!({ size: [0.8, 40, 2] });
  const pad = sliceSeconds;
  const range = (_: uPlot, least: number, most: number): uPlot.Range.MinMax => [least - pad, most + pad];
  return (
    <div class="panels">
      <section class="panel">
        <h2>Errors and retries</h2>
        <p class="muted">attempts per {formatSeconds(sliceSeconds)}</p>
        <dl class="figures">
          <Share name="Errors" part={sum(({ errors }) => errors)} whole={attempts} kind="bad" />
          <Share name="Retries" part={sum(({ retries }) => retries)} whole={attempts} kind="warn" />
        </dl>
        <Plot
          label="Attempts, retries and errors over time"
          height={150}
          kind={`rates ${sliceSeconds}`}
          data={tried}
          options={() => ({
            scales: {
              x: { time: true, range },
              y: { range: (_, __, most) => [0, Math.max(1, most) * 1.08] },
            },
            axes: [timeAxis(), countAxis()],
            series: [
              {},
              ...["--bar", "--warn", "--bad"].map((name): uPlot.Series => ({
                fill: resolveColor(name),
                stroke: resolveColor(name),
                width: 0,
                paths: bars,
                points: { show: false },
              })),
            ],
          })}
        />
      </section>
      {connections > 0 && (
        <section class="panel">
          <h2>Connection reuse</h2>
          <p class="muted">attempts on sockets that were open already</p>
          <dl class="figures">
            <Share
              name="Reused"
              part={sum(({ reusedConnections }) => reusedConnections)}
              whole={connections}
              kind=""
            />
          </dl>
          <Plot
            label="Share of connections that were reused, over time"
            height={150}
            kind={`reuse ${sliceSeconds}`}
            data={reuse}
            options={() => ({
              scales: { x: { time: true, range }, y: { range: [0, 105] } },
              axes: [timeAxis(), axis((value) => `${value} %`, { size: 50 })],
              series: [{}, {
                stroke: resolveColor("--tts"),
                width: 2,
                spanGaps: true,
                points: { show: true, size: 5, fill: resolveColor("--tts"), width: 0 },
              }],
            })}
          />
        </section>
      )}
    </div>
  );
}

function Share(
  { name, part, whole, kind }: {
    readonly name: string;
    readonly part: number;
    readonly whole: number;
    readonly kind: "" | "bad" | "warn";
  },
): JSX.Element {
  return (
    <Figure
      name={name}
      value={formatShare(part, whole)}
      detail={`${formatCount(part)} of ${formatCount(whole)}`}
      kind={kind}
    />
  );
}
