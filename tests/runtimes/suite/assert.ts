/** The suite's assertions, for runtimes without `node:assert`. */

import type { Assert } from "./world.ts";

/** Fails with both values as text. */
function fail(actual: unknown, expected: unknown, message = ""): never {
  throw new Error(
    `${message} actual ${show(actual)}, expected ${show(expected)}`,
  );
}

function show(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, member) => member === undefined ? "undefined" : member,
  ) ?? String(value);
}

/** Whether plain data holds the same. */
function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (
    typeof one !== "object" || typeof other !== "object" || one === null ||
    other === null
  ) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length &&
    names.every((name) =>
      name in other &&
      isSame(one[name as keyof typeof one], other[name as keyof typeof other])
    );
}

/** What the suite needs. */
export const assert: Assert = {
  ok(value, message) {
    if (!value) fail(value, true, message);
  },
  equal(actual, expected, message) {
    if (!Object.is(actual, expected)) fail(actual, expected, message);
  },
  deepEqual(actual, expected, message) {
    if (!isSame(actual, expected)) fail(actual, expected, message);
  },
  async rejects(promise, isExpected) {
    let caught: unknown;
    try {
      await promise;
    } catch (error) {
      caught = error;
      if (isExpected(error)) return;
    }
    fail(caught, "another rejection");
  },
};
