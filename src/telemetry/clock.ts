/**
 * Wall time that moves like a monotonic clock.
 *
 * @module
 */

/** Where times come from. */
export interface Clock {
  /** Milliseconds since the Unix epoch, with fractions. Differences are durations. */
  now(): number;
}

/** Beyond this difference the wall clock was set, or the process slept. */
const DRIFT_MS = 1000;

/**
 * The platform's clocks as one: `performance.now()` on an anchor of wall time. The anchor is set anew when the two
 * have drifted apart: after a sleep, or in workerd, where both stand still at zero until the first request.
 */
export function createClock(): Clock {
  let anchor: number | undefined;
  return {
    now() {
      const elapsed = performance.now();
      const wall = Date.now();
      if (anchor === undefined || Math.abs(anchor + elapsed - wall) > DRIFT_MS) anchor = wall - elapsed;
      return anchor + elapsed;
    },
  };
}
