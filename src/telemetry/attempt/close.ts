/**
 * What the close of a connection means for what is open on it.
 *
 * @module
 */

import type { Failure } from "../../types.ts";
import type { Outcome } from "./attempt_state.ts";

/** Close codes that are no failure by themselves: a normal end, going away, and none given. */
const CALM_CODES = new Set([1000, 1001, 1005]);

/** Whether a close code is no failure by itself. */
export function isCalm(code: number): boolean {
  return CALM_CODES.has(code);
}

/** How an attempt ends that the close cuts short. */
export function outcomeOfClose(code: number, byCaller: boolean): readonly [Outcome, Failure?] {
  if (byCaller) return ["cancelled"];
  return ["error", { type: isCalm(code) ? "truncated" : `close_${code}` }];
}
