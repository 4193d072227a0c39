/** What the viewer serves is what its source says. */

import assert from "node:assert/strict";
import { projectFile } from "./source.ts";
import { BUNDLE, bundleViewer } from "./viewer_bundle.ts";

Deno.test({
  name: "the viewer's page is bundled from its source as it is now",
  // esbuild's own process ends a moment after it was told to
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    assert.ok(await bundleViewer() === projectFile(BUNDLE), "Run deno task bundle");
  },
});

Deno.test("the viewer's bundle is small, and loads nothing from elsewhere", () => {
  const text = projectFile(BUNDLE);
  assert.ok(text.length < 220_000, `${text.length} bytes`);
  const hosts = new Set([...text.matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host]) => host));
  assert.deepEqual([...hosts].filter((host) => host !== "www.w3.org"), []);
});
