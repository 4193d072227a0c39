/** Answers whose date is always the same, for SDKs that hand out headers as plain objects. */

import type { EmulatedResponse } from "../../src/testing/mod.ts";
import type { HttpFixture } from "../support/fixtures.ts";
import { answer } from "./compare.ts";

/** A header that the clock would decide. */
export const DATED = { date: "Thu, 01 Oct 2026 10:00:00 GMT" } as const;

/** A fixture's answer with that header. */
export function datedAnswer(fixture: HttpFixture, changes: EmulatedResponse = {}): EmulatedResponse {
  return answer(fixture, { ...changes, headers: { ...DATED, ...changes.headers } });
}
