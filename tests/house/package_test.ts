/** The package says of itself what is true. */

import assert from "node:assert/strict";
import * as attr from "../../src/semconv_attributes.ts";
import { VERSION } from "../../src/version.ts";
import { projectFile, sourceFiles } from "./source.ts";

const manifest = JSON.parse(projectFile("deno.json"));

Deno.test("the version is the same everywhere", () => {
  assert.equal(VERSION, manifest.version);
  assert.match(projectFile("CHANGELOG.md"), new RegExp(`^## ${VERSION.replaceAll(".", "\\.")}`, "m"));
});

Deno.test("every entry point is there and begins with a module doc, or is a provider's row and its doc", () => {
  for (const [name, path] of Object.entries<string>(manifest.exports)) {
    const text = projectFile(path);
    if (name.startsWith("./providers/")) {
      assert.match(text, /\*\/\nexport const \w+: Provider = /, path);
      continue;
    }
    assert.match(text, /^\/\*\*/, path);
    assert.match(text, /@module/, path);
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
  assert.deepEqual(Object.values(attr).filter((name) => !readme.includes(`\`${name}\``)), []);
});

Deno.test("nothing is exported by default", () => {
  for (const { path, text } of sourceFiles("src")) assert.doesNotMatch(text, /^export default/m, path);
});
