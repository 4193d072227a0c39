/** The README's table of examples: all there are, with the tasks and permissions that they are tested with. */

import assert from "node:assert/strict";
import { projectFile, projectFolder } from "./source.ts";

const tasks: Readonly<Record<string, { readonly command: string }>> =
  JSON.parse(projectFile("deno.json")).tasks;

/** A row of the table. */
interface Row {
  readonly folder: string;
  readonly task: string;
  readonly permissions: string;
}

const rows: readonly Row[] = [
  ...projectFile("README.md").matchAll(
    /^\| \[`(\w+)`\]\(examples\/\1\) +\| `deno task ([\w-]+)` +\| .*? \| `([^`]*)` +\|$/gm,
  ),
].map(([, folder, task, permissions]) => ({ folder: folder!, task: task!, permissions: permissions! }));

Deno.test("every example stands in the README with its task", () => {
  assert.deepEqual(rows.map(({ folder }) => folder).sort(), projectFolder("examples"));
});

for (const { folder, task, permissions } of rows) {
  Deno.test(`deno task ${task} runs examples/${folder} with the permissions that the README has`, () => {
    const flags = tasks[task]!.command.split(" ").filter((word) => word.startsWith("--allow"));
    assert.equal(flags.join(" "), permissions);
  });
}
