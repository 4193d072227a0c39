import assert from "node:assert/strict";
import { createClock } from "../../src/telemetry/clock.ts";

/** Runs `test` with clocks that it sets. */
function withClocks(test: (clocks: { wall: number; monotonic: number }) => void): void {
  const { now: wallNow } = Date;
  const { now: monotonicNow } = performance;
  const clocks = { wall: 1_790_000_000_000, monotonic: 500 };
  Date.now = () => clocks.wall;
  performance.now = () => clocks.monotonic;
  try {
    test(clocks);
  } finally {
    Date.now = wallNow;
    performance.now = monotonicNow;
  }
}

Deno.test("createClock() is wall time with the steps of the monotonic clock", () =>
  withClocks((clocks) => {
    const clock = createClock();
    assert.equal(clock.now(), clocks.wall);
    clocks.monotonic += 0.25;
    assert.equal(clock.now(), clocks.wall + 0.25);
  }));

Deno.test("createClock() does not go back when the wall clock is set back a little", () =>
  withClocks((clocks) => {
    const clock = createClock();
    const before = clock.now();
    clocks.wall -= 900;
    clocks.monotonic += 10;
    assert.equal(clock.now(), before + 10);
  }));

Deno.test("createClock() follows the wall clock after a sleep, or from zero", () =>
  withClocks((clocks) => {
    clocks.wall = 0;
    clocks.monotonic = 0;
    const clock = createClock();
    assert.equal(clock.now(), 0);
    clocks.wall = 1_790_000_000_000;
    clocks.monotonic = 3;
    assert.equal(clock.now(), 1_790_000_000_000);
  }));
