/**
 * The measured section of `RESULTS.md`. What stands around it is written by hand.
 *
 * @module
 */

import { availableParallelism, cpus } from "node:os";

const FILE = new URL("./RESULTS.md", import.meta.url);

/** Replaces what lies between the two marks of a part; `versions` says of what. */
export async function writeResults(
  part: string,
  sections: readonly string[],
  versions: readonly string[] = [],
): Promise<void> {
  const [beginMark, endMark] = ["begin", "end"].map((side) => `<!-- ${part}: ${side} -->`) as [
    string,
    string,
  ];
  const text = await Deno.readTextFile(FILE);
  const [begin, end] = [text.indexOf(beginMark), text.indexOf(endMark)];
  if (begin === -1 || end < begin) {
    throw new Error(
      `Cannot write results as RESULTS.md must have the lines ${beginMark} and ${endMark}, in this order`,
    );
  }
  const measured = [beginMark, describeRun(versions), ...sections, endMark].join("\n\n");
  await Deno.writeTextFile(FILE, text.slice(0, begin) + measured + text.slice(end + endMark.length));
}

/** When, with what and on what. */
function describeRun(versions: readonly string[]): string {
  const date = new Date().toISOString().slice(0, 10);
  const model = cpus()[0]?.model.trim() ?? "unknown CPU";
  const what = [`Deno ${Deno.version.deno}`, ...versions].join(", ");
  return `${date}, ${Deno.build.os}, ${model}, ${availableParallelism()} cores; ${what}.`;
}
