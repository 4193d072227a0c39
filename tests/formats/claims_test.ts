/** Every recording belongs to a route, or there is a reason why not. */

import assert from "node:assert/strict";
import { wellKnownRoutes } from "../../src/compatible.ts";
import { createMatcher } from "../../src/match.ts";
import { providers } from "../../src/providers/mod.ts";
import { recordings } from "../support/recordings.ts";

/** Calls that are left alone, and why. */
const reasons: readonly (readonly [url: RegExp, reason: string])[] = [
  [
    /\/embeddings$|:batchEmbedContents$|feature-extraction$/,
    "an embedding: nobody waits for its first token",
  ],
  [/\/audio\/transcriptions$|\/v1\/listen\b|\/v1\/stt$/, "speech recognition has no routes yet"],
  [/\/rerank$/, "a ranking: no conversation"],
  [/\/v1\/files\b/, "a file is put or taken away, no model asked"],
  [/^https:\/\/huggingface\.co\/api\/models\//, "a model is looked up, not asked"],
];

const match = createMatcher(providers, wellKnownRoutes);

Deno.test({
  name: "every recording belongs to a route, or there is a reason why not",
  ignore: recordings.length === 0,
  fn() {
    const unclaimed = recordings.filter(({ method, url }) =>
      !url || match(method, new URL(url)) === undefined
    );
    const unexplained = unclaimed.filter(({ url }) => !reasons.some(([pattern]) => pattern.test(url)));
    assert.deepEqual(unexplained.map(({ name, method, url }) => `${method} ${url} (${name})`), []);
    for (const [pattern] of reasons) {
      assert.ok(
        unclaimed.some(({ url }) => pattern.test(url)),
        `No recording needs the reason for ${pattern}`,
      );
    }
  },
});
