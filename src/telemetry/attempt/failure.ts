/**
 * What is thrown, as a class of failures.
 *
 * @module
 */

import type { Failure } from "../../types.ts";

/** `{type, code}` as it is; of anything else thrown its code and its name. */
export function failureOf(error: unknown): Failure {
  const { type, code, name } = Object(error) as { type?: unknown; code?: unknown; name?: unknown };
  const word = (value: unknown): string | undefined =>
    (typeof value === "string" || typeof value === "number") && /^[\w.:-]{1,64}$/.test(String(value))
      ? String(value)
      : undefined;
  return { type: word(type) ?? word(name) ?? "Error", code: word(code) };
}
