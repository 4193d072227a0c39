/** What a track shows: from when, and how much. */
export interface Scale {
  readonly startMs: number;
  readonly lengthMs: number;
}

/** Where a time stands on a track, in percent of it. */
export function percentAt({ startMs, lengthMs }: Scale, ms: number): number {
  return (ms - startMs) / lengthMs * 100;
}

/** How wide a duration is on a track, in percent of it. */
export function percentOf({ lengthMs }: Scale, seconds: number): number {
  return seconds * 1e5 / lengthMs;
}
