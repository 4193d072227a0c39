/**
 * Figures → tables in Markdown, which read well in a terminal too.
 *
 * @module
 */

import { type Comparison, measureSpread, quantile, type ReadCost, type Spread } from "./compare.ts";

/** Draws CPU and wall time for each of the `count` units of a cost. */
export function drawComparison(
  comparisons: readonly Comparison[],
  unit: string,
  count: number,
): string {
  const measureEach = (costs: readonly ReadCost[], by: (cost: ReadCost) => number): string =>
    formatNumber(measureSpread(costs.map((cost) => by(cost) / count)).median);
  return drawTable(
    ["way", `CPU, µs per ${unit}`, "CPU against raw", `time, µs per ${unit}`, "time against raw"],
    comparisons.map(({ name, costs, cpuRatio, timeRatio }, index) => [
      name,
      measureEach(costs, (cost) => cost.cpuMilliseconds * 1000),
      index === 0 ? "1" : formatSpread(cpuRatio),
      measureEach(costs, (cost) => cost.milliseconds * 1000),
      index === 0 ? "1" : formatSpread(timeRatio),
    ]),
  );
}

/** Draws CPU time of the ways, a column for each runtime: that of raw for each unit, those of the others against it. */
export function drawByRuntime(
  byRuntime: ReadonlyMap<string, readonly Comparison[]>,
  unit: string,
  count: number,
): string {
  const [names = []] = [...byRuntime.values()].map((comparisons) => comparisons.map(({ name }) => name));
  const quietOf = ({ costs }: Comparison): number =>
    quantile(costs.map((cost) => cost.cpuMilliseconds * 1000 / count), 0.1);
  const cellOf = (all: readonly Comparison[], row: number): string =>
    row === 0
      ? `${formatNumber(quietOf(all[0]!))} µs`
      : `${(quietOf(all[row]!) / quietOf(all[0]!)).toFixed(2)}, median ${
        all[row]!.cpuRatio.median.toFixed(2)
      }`;
  return drawTable(
    [`CPU per ${unit}, quiet; against raw`, ...byRuntime.keys()],
    names.map((name, row) => [name, ...[...byRuntime.values()].map((all) => cellOf(all, row))]),
  );
}

/** A median, and the middle half around it. */
export function formatSpread({ median, low, high }: Spread): string {
  return `${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/** A figure, with no more digits than it deserves. */
export function formatNumber(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0);
}

/** Draws a table as `deno fmt` leaves it. */
export function drawTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)));
  const drawRow = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  return [drawRow(head), drawRow(widths.map((width) => "-".repeat(width))), ...rows.map(drawRow)].join("\n");
}
