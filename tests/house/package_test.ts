/** The package says of itself what is true. */

import assert from "node:assert/strict";
import * as attr from "../../src/semconv_attributes.ts";
import * as contentAttr from "../../src/semconv_content.ts";
import { VERSION } from "../../src/version.ts";
import { projectFile, sourceFiles } from "./source.ts";

const manifest = JSON.parse(projectFile("deno.json"));

Deno.test("the version is the same everywhere", () => {
  assert.equal(VERSION, manifest.version);
  assert.match(projectFile("CHANGELOG.md"), new RegExp(`^## ${VERSION.replaceAll(".", "\\.")}`, "m"));
});

Deno.test("every provider's entry point is its row and the row's doc", () => {
  for (const [name, path] of Object.entries<string>(manifest.exports)) {
    if (!name.startsWith("./providers/")) continue;
    assert.match(projectFile(path), /\*\/\nexport const \w+: Provider = /, path);
  }
});

Deno.test("every npm package is pinned to one version", () => {
  for (const [name, target] of Object.entries<string>(manifest.imports)) {
    if (name === "cloudflare:workers") continue; // Workers' own: types for the examples
    assert.match(target, /^npm:(@[\w-]+\/)?[\w.-]+@\d+\.\d+\.\d+[\w.-]*(\/.*)?$/, name);
  }
});

Deno.test("no file of src does two things: none is near 300 lines", () => {
  const long = sourceFiles("src").filter(({ text }) => text.split("\n").length > 280).map(({ path }) => path);
  assert.deepEqual(long, []);
});

Deno.test("every attribute stands in the README", () => {
  const readme = projectFile("README.md");
  assert.deepEqual(
    Object.values({ ...attr, ...contentAttr }).filter((name) => !readme.includes(`\`${name}\``)),
    [],
  );
});

Deno.test("nothing is exported by default", () => {
  for (const { path, text } of sourceFiles("src")) assert.doesNotMatch(text, /^export default/m, path);
});
