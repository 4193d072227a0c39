/**
 * Sums of what is told in parts.
 *
 * @module
 */

import type { Facts } from "../types.ts";

/** The sum of those that are known. */
export function addCounts(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined ? other : one + (other ?? 0);
}

/** One usage and another; what neither says stays unsaid. */
export function addUsage(before: Facts, more: Facts): Facts {
  const sums = Object.entries(more).filter(([, count]) => count !== undefined).map(([name, count]) =>
    [name, Number(Reflect.get(before, name) ?? 0) + Number(count)] as const
  );
  return { ...before, ...Object.fromEntries(sums) };
}
