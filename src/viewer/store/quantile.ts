/** A quantile by nearest rank: always a value that was measured. `sorted` ascends and is not empty. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

/** A quantile out of a histogram's buckets, in a straight line within the one it falls in. */
export function bucketQuantile(
  bounds: readonly number[],
  buckets: readonly number[],
  share: number,
): number | undefined {
  const count = buckets.reduce((sum, more) => sum + more, 0);
  if (count === 0) return undefined;
  let below = 0;
  for (const [index, inBucket] of buckets.entries()) {
    if (inBucket > 0 && below + inBucket >= count * share) {
      const lower = index === 0 ? Math.min(0, bounds[0] ?? 0) : bounds[index - 1] ?? 0;
      // What is above the last bound is known to be there, and no more.
      const upper = bounds[index] ?? lower;
      return lower + (upper - lower) * ((count * share - below) / inBucket);
    }
    below += inBucket;
  }
  return undefined;
}
