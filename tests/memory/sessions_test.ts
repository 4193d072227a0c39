/** What sessions leave behind when they have ended: nothing. */

import assert from "node:assert/strict";
import { runProgram } from "../support/run_program.ts";

const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[all.length >> 1]!;

Deno.test("the heap is as large after 2,000 sessions as after 500", async () => {
  const { code, stdout, stderr } = await runProgram("many_sessions", {
    flags: ["--allow-read", "--v8-flags=--expose-gc"],
    args: ["2000"],
  });
  assert.equal(code, 0, stderr);
  const { heaps, stats } = JSON.parse(stdout) as {
    heaps: number[];
    stats: { openAttempts: number; pendingSpans: number; endedAttempts: number };
  };
  assert.equal(stats.openAttempts, 0);
  assert.equal(stats.pendingSpans, 0);
  assert.ok(stats.endedAttempts >= 2000 * 9);
  const quarter = heaps.length / 4;
  const [second, last] = [median(heaps.slice(quarter, 2 * quarter)), median(heaps.slice(3 * quarter))];
  // 1,000 sessions lie between the two: a hundred bytes of each would be seen
  assert.ok(
    last - second < 100_000,
    `${last - second} bytes more: ${heaps.map((heap) => Math.round(heap / 1000))}`,
  );
});
