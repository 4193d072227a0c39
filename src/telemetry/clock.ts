/**
 * Wall time that moves like a monotonic clock.
 *
 * @module
 */

import { type Context, createContextKey } from "@opentelemetry/api";

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

/**
 * A clock that never goes back: where the given one does, it goes on from where it was, at the same pace, until the
 * given one has caught up. What is no number is taken for no time at all.
 *
 * @param from what it tells at least
 */
export function steady(clock: Clock, from = -Infinity): Clock {
  return clock instanceof SteadyClock && from === -Infinity ? clock : new SteadyClock(clock, from);
}

class SteadyClock implements Clock {
  readonly #clock: Clock;
  #time: number;
  #before = Infinity;

  constructor(clock: Clock, from: number) {
    this.#clock = clock;
    this.#time = from;
  }

  now(): number {
    const reading = this.#clock.now();
    if (!Number.isFinite(reading)) return Number.isFinite(this.#time) ? this.#time : Date.now();
    this.#time = reading >= this.#time ? reading : this.#time + Math.max(reading - this.#before, 0);
    this.#before = reading;
    return this.#time;
  }
}

/** Where a context carries the clock of its trace. */
const CLOCK = createContextKey("teespan clock");

/** The context in which all is timed by one clock, so that children lie within their parents. */
export function withClock(parent: Context, clock: Clock): Context {
  return parent.setValue(CLOCK, clock);
}

/** The clock of what is made in that context; a steady one of its own where nothing above it has one. */
export function clockIn(parent: Context, clock: Clock): Clock {
  return (parent.getValue(CLOCK) as Clock | undefined) ?? steady(clock);
}

/** A moment that is past. */
export interface PastMoment {
  /**
   * How long ago it was, in seconds.
   *
   * @default 0
   */
  readonly secondsAgo?: number | undefined;
}

/** When that was, in milliseconds since the Unix epoch: never later than now. */
export function timeOf(clock: Clock, { secondsAgo = 0 }: PastMoment = {}): number {
  return clock.now() - (Number.isFinite(secondsAgo) ? Math.max(secondsAgo, 0) * 1000 : 0);
}
