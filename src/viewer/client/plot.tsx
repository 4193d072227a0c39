import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { colorsChanged, resolveColor } from "./theme.tsx";

/** A chart: its options but for size, made anew when the colors change, and its data. */
interface PlotProps {
  /** For those who do not see it. */
  readonly label: string;
  readonly height: number;
  readonly data: uPlot.AlignedData;
  /** Makes the options; another `kind` means another chart, the same one only gets new data. */
  readonly options: () => Omit<uPlot.Options, "width" | "height">;
  readonly kind: string;
}

/** What stands beside a chart says what a legend would; most have nothing to point at. */
const BARE = { legend: { show: false }, cursor: { show: false } } as const;

/** A chart by uPlot, as wide as there is room. */
export function Plot({ label, height, data, options, kind }: PlotProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const latest = useRef(data);
  latest.current = data;
  const colors = colorsChanged.value;

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const size = (): { width: number; height: number } => ({
      width: Math.max(200, element.clientWidth),
      height,
    });
    const made = new uPlot({ ...BARE, ...options(), ...size() }, latest.current, element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize(size()));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [kind, colors, height]);
  useEffect(() => plot.current?.setData(data), [data]);

  return <div class="plot" ref={place} role="img" aria-label={label} />;
}

/** An axis in the page's own colors. */
export function axis(format: (value: number) => string, more: uPlot.Axis = {}): uPlot.Axis {
  return {
    stroke: resolveColor("--muted"),
    font: "11px system-ui, sans-serif",
    grid: { stroke: resolveColor("--line"), width: 1 },
    ticks: { show: false },
    size: 28,
    gap: 4,
    values: (_, splits) => splits.map((value) => format(value)),
    ...more,
  };
}

/** The axis of what is counted: whole numbers only. */
export function countAxis(): uPlot.Axis {
  return axis((value) => Number.isInteger(value) ? String(value) : "", { size: 38 });
}

/** The axis of time. */
export function timeAxis(): uPlot.Axis {
  const { values: _, ...plain } = axis(String);
  return {
    ...plain,
    grid: { show: false },
    space: 70,
    values: [
      [86400, "{D}. {MMM}", null, null, null, null, null, null, 1],
      [3600, "{HH}:{mm}", null, null, null, null, null, null, 1],
      [60, "{HH}:{mm}", null, null, null, null, null, null, 1],
      [1, "{HH}:{mm}:{ss}", null, null, null, null, null, null, 1],
      [0.001, ":{ss}.{fff}", null, null, null, null, null, null, 1],
    ],
  };
}
