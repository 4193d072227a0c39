/** The table in code, the folder, the fixtures, the names in the types and the README say the same. */

import assert from "node:assert/strict";
import { providers } from "../../src/providers/mod.ts";
import { fixtureProviders } from "../support/fixtures.ts";
import { withProviderTable } from "./provider_table.ts";
import { projectFile, projectFolder } from "./source.ts";

const names = providers.map(({ name }) => name);

Deno.test("every provider has a file of its name, and every file is in the list", () => {
  const files = projectFolder("src/providers").filter((file) => file !== "mod.ts");
  assert.deepEqual(names.map((name) => `${name}.ts`), files);
});

Deno.test("every provider is an entry point of its own, so that a bundle can have it alone", () => {
  const exported = Object.entries<string>(JSON.parse(projectFile("deno.json")).exports)
    .filter(([name]) => name.startsWith("./providers/"));
  assert.deepEqual(exported, names.map((name) => [`./providers/${name}`, `./src/providers/${name}.ts`]));
});

Deno.test("every provider's name is known to the types", () => {
  const [, union] = /export type KnownProviderName =([^;]*);/.exec(projectFile("src/provider_name.ts"))!;
  assert.deepEqual([...union!.matchAll(/"(\w+)"/g)].map(([, name]) => name), names);
});

Deno.test("every provider has fixtures", () => {
  assert.deepEqual(fixtureProviders, names);
});

Deno.test("the README's table of providers is that of the code", () => {
  const readme = projectFile("README.md");
  // the formatter aligns columns
  const normal = (text: string): string => text.replace(/ +\|/g, " |").replace(/-+/g, "-");
  assert.equal(normal(withProviderTable(readme, providers)), normal(readme), "Run deno task table");
});

Deno.test("every provider names a page as evidence", () => {
  for (const { name, evidence } of providers) assert.ok(URL.canParse(evidence), name);
});
