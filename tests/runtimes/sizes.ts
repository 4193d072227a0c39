/** What entry points cost: bytes, packages, and what happens when they are imported. */

import assert from "node:assert/strict";
import { bundle } from "./host/bundle.ts";
import { binaries, FOLDER, run } from "./host/install.ts";
import { costs, loads, measure, packagesOf } from "./host/sizes.ts";

/** Longer than this an import in one file takes on no machine that is not broken. */
const IMPORT_MS = 250;

/** Registers the tests. */
export function testSizes(): void {
  for (const cost of costs) {
    Deno.test(`${cost.name} stays within ${cost.limit} bytes`, async () => {
      const bytes = await measure(cost);
      assert.ok(bytes <= cost.limit, `${bytes} bytes`);
    });
  }

  for (const [entry, packages] of Object.entries(loads)) {
    Deno.test(`@teespan/teespan${entry} loads the packages that it says`, async () => {
      assert.deepEqual(await packagesOf(entry), packages);
    });
  }

  Deno.test("an import takes milliseconds, changes no global, sets no timer and calls nobody", async () => {
    const bundled = await bundle({ entry: "entry_points.ts" });
    const runs: { readonly touched: string[]; readonly milliseconds: number }[] = [];
    for (let tries = 0; tries < 5; tries++) {
      runs.push(JSON.parse(await run(binaries["node 22"], ["entries/import_only.mjs", bundled], FOLDER)));
    }
    for (const { touched } of runs) assert.deepEqual(touched, []);
    const fastest = Math.min(...runs.map(({ milliseconds }) => milliseconds));
    assert.ok(fastest < IMPORT_MS, `${fastest} ms`);
  });
}
