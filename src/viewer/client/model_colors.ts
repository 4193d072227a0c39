import type { Charts } from "../api.ts";

/** How many colors the style sheet has for series: `--series-0` and on. */
const COLORS = 8;

/** A color for each model, the same in all charts; those used most get theirs first. */
export function modelColors(charts: Charts | undefined): ReadonlyMap<string, string> {
  const models = new Set<string>();
  for (const chart of [charts?.e2e, charts?.ttft, charts?.ttfb]) {
    chart?.models.forEach(({ model }) => models.add(model));
  }
  charts?.usage.forEach(({ model }) => models.add(model));
  return new Map([...models].map((model, index) => [model, `--series-${index % COLORS}`]));
}
