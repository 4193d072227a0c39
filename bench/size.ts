/** Prints the README's table of sizes. Run by `deno task size`. */

import { bundle } from "../tests/runtimes/host/bundle.ts";
import { binaries, FOLDER, installPacked, run } from "../tests/runtimes/host/install.ts";
import { costs, measure } from "../tests/runtimes/host/sizes.ts";

await installPacked();
console.log("| what | minified and compressed |\n| --- | --- |");
for (const cost of costs) {
  console.log(`| ${cost.name} | ${((await measure(cost)) / 1000).toFixed(1)} KB |`);
}
const bundled = await bundle({ entry: "entry_points.ts" });
const times: number[] = [];
for (let tries = 0; tries < 15; tries++) {
  times.push(
    JSON.parse(await run(binaries["node 22"], ["entries/import_only.mjs", bundled], FOLDER)).milliseconds,
  );
}
console.log(`\nImport of one bundled file in Node 22: ${Math.min(...times).toFixed(1)} ms.`);
