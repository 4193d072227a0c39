/**
 * The measured section of `RESULTS.md`. What stands around it is written by hand.
 *
 * @module
 */

import { availableParallelism, cpus } from "node:os";

const FILE = new URL("./RESULTS.md", import.meta.url);
const BEGIN = "<!-- measured: begin -->";
const END = "<!-- measured: end -->";

/** Replaces what lies between the two marks. */
export async function writeResults(sections: readonly string[]): Promise<void> {
  const text = await Deno.readTextFile(FILE);
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin === -1 || end < begin) {
    throw new Error(
      `Cannot write results as RESULTS.md must have the lines ${BEGIN} and ${END}, in this order`,
    );
  }
  const measured = [BEGIN, describeRun(), ...sections, END].join("\n\n");
  await Deno.writeTextFile(FILE, text.slice(0, begin) + measured + text.slice(end + END.length));
}

/** When and on what. */
function describeRun(): string {
  const date = new Date().toISOString().slice(0, 10);
  const model = cpus()[0]?.model.trim() ?? "unknown CPU";
  return `${date}, Deno ${Deno.version.deno} on ${Deno.build.os}, ${model}, ${availableParallelism()} cores.`;
}
