/** The table in code, the folder, the fixtures, the names in the types and the README say the same. */

import assert from "node:assert/strict";
import { providers } from "../../src/providers/mod.ts";
import { fixtures } from "../support/fixtures.ts";
import { projectFile, projectFolder } from "./source.ts";

const names = providers.map(({ name }) => name);

Deno.test("every provider has a file of its name, and every file is in the list", () => {
  const files = projectFolder("src/providers").filter((file) => file !== "mod.ts");
  assert.deepEqual(names.map((name) => `${name}.ts`), files);
});

Deno.test("every provider's name is known to the types", () => {
  const [, union] = /export type KnownProviderName =([^;]*);/.exec(projectFile("src/types.ts"))!;
  assert.deepEqual([...union!.matchAll(/"(\w+)"/g)].map(([, name]) => name), names);
});

Deno.test("every provider has fixtures", () => {
  assert.deepEqual([...new Set(fixtures.map(({ provider }) => provider))], names);
});

Deno.test("every provider has its row in the README, with its hosts, ids and name for GenAI", () => {
  const readme = projectFile("README.md");
  const rows = [...readme.matchAll(/^\| `(\w+)` +\| (.*) \|$/gm)].map(([, name, cells]) =>
    [name, cells!] as const
  );
  const table = new Map(rows.filter(([name]) => names.includes(name!)));
  assert.deepEqual([...table.keys()], names);
  for (const { name, genAiName = name, hosts, requestIdHeaders } of providers) {
    const cells = table.get(name)!;
    for (const fact of [genAiName, ...hosts, ...requestIdHeaders]) {
      assert.ok(cells.includes(`\`${fact}\``), `The README's row of ${name} lacks ${fact}`);
    }
  }
});

Deno.test("every provider names a page as evidence", () => {
  for (const { name, evidence } of providers) assert.ok(URL.canParse(evidence), name);
});
