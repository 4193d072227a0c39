import type { LatencyChart } from "../api.ts";

const BINS = 40;

/** A histogram of each model: the lower bounds of bins of equal width, then the counts in them, model by model. */
export function distributionOf(
  { points }: Pick<LatencyChart, "points">,
  models: readonly string[],
): [number[], ...number[][]] {
  const sorted = points.map(({ seconds }) => seconds).sort((a, b) => a - b);
  // A few that took for ever would squeeze all others into one bin: they are counted in the last one.
  const most = Math.min(sorted.at(-1) ?? 1, 3 * (sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 1));
  const width = niceWidth(most / BINS);
  const bins = Math.max(2, Math.ceil(most / width) + 1);
  const counts = new Map(models.map((model) => [model, new Array<number>(bins + 1).fill(0)]));
  for (const { model, seconds } of points) {
    const own = counts.get(model);
    const bin = Math.min(bins - 1, Math.floor(seconds / width));
    if (own !== undefined) own[bin] = (own[bin] ?? 0) + 1;
  }
  return [Array.from({ length: bins + 1 }, (_, bin) => bin * width), ...counts.values()];
}

/** The next of 1, 2, 5 times a power of ten. */
function niceWidth(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1e-4)));
  return power * ([1, 2, 5].find((step) => step * power >= least) ?? 10);
}
