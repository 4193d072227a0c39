/**
 * Figures → tables in Markdown, which read well in a terminal too.
 *
 * @module
 */

import { type Comparison, measureSpread, type Spread } from "./compare.ts";
import type { PauseCost, ReadCost } from "./scenarios.ts";

const MEGABYTE = 1024 * 1024;

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

/** Draws what pauses let through. */
export function drawPauses(
  pauses: readonly (readonly [name: string, costs: readonly PauseCost[]])[],
): string {
  const measureMegabytes = (costs: readonly PauseCost[], by: (cost: PauseCost) => number): string =>
    Math.max(0, measureSpread(costs.map(by)).median / MEGABYTE).toFixed(1);
  return drawTable(
    ["way", "pushed, MB", "RSS growth, MB"],
    pauses.map(([name, costs]) => [
      name,
      measureMegabytes(costs, (cost) => cost.pushedBytes),
      measureMegabytes(costs, (cost) => cost.rssBytes),
    ]),
  );
}

/** Draws how long cancels took. */
export function drawCancels(
  cancels: readonly (readonly [name: string, milliseconds: readonly number[]])[],
): string {
  return drawTable(
    ["way", "cancel seen after, ms"],
    cancels.map(([name, milliseconds]) => {
      const { median } = measureSpread(milliseconds);
      return [name, median === Infinity ? "never" : median.toFixed(1)];
    }),
  );
}

function formatSpread({ median, low, high }: Spread): string {
  return `${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

function formatNumber(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0);
}

/** As `deno fmt` leaves it. */
function drawTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)));
  const drawRow = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  return [drawRow(head), drawRow(widths.map((width) => "-".repeat(width))), ...rows.map(drawRow)].join("\n");
}
