/**
 * How many cases are made up, and from which seed: `FUZZ_RUNS` and `FUZZ_SEED` say so. A failure prints its seed, and
 * the smallest case that fails.
 */

import fc from "fast-check";

/** The number that the environment gives. */
function numberIn(name: string): number | undefined {
  const text = Deno.env.get(name);
  return text === undefined ? undefined : Number(text);
}

/** Checks a property with that many cases, or those that the environment asks for. */
export async function check<T>(
  cases: number,
  arbitrary: fc.Arbitrary<T>,
  holds: (one: T) => Promise<void> | void,
): Promise<void> {
  const seed = numberIn("FUZZ_SEED");
  await fc.assert(fc.asyncProperty(arbitrary, async (one) => await holds(one)), {
    numRuns: numberIn("FUZZ_RUNS") ?? (Deno.args.includes("--long") ? 60_000 : cases),
    ...seed !== undefined && { seed },
  });
}
