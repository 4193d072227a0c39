/** Every recording belongs to a route, or there is a reason why not. */

import assert from "node:assert/strict";
import { createMatcher } from "../../src/match.ts";
import { providers } from "../../src/providers/mod.ts";
import { wellKnownRoutes } from "../../src/well_known.ts";
import { randomPieces } from "../support/cuts.ts";
import { recordings } from "../support/recordings.ts";
import { recordSink } from "../support/recording_sink.ts";

/** Calls that are left alone, and why. */
const reasons: readonly (readonly [url: RegExp, reason: string])[] = [
  [
    /\/embeddings$|\/v2\/embed$|:batchEmbedContents$|feature-extraction$/,
    "an embedding: nobody waits for its first token",
  ],
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

Deno.test({
  name: "recorded transcripts are counted as their providers did",
  ignore: recordings.length === 0,
  fn() {
    const heard = recordings.filter(({ url }) => url.endsWith("/audio/transcriptions"));
    assert.ok(heard.length >= 3);
    for (const { name, method, url, status, headers, body, truth: { usage } } of heard) {
      const { route } = match(method, new URL(url))!;
      const { record, sink } = recordSink();
      const reader = route.format.read({ status, headers }, sink);
      for (const piece of randomPieces(body, 1)) reader.push(piece);
      reader.end();
      const output = usage.output_tokens ?? usage.completion_tokens;
      const details = usage.input_token_details ?? usage.prompt_tokens_details;
      assert.deepEqual(record.outputs, ["text"], name);
      assert.equal(record.failure, undefined, name);
      assert.equal(record.unread, undefined, name);
      assert.equal(record.facts.outputTokens, output, name);
      assert.equal(record.facts.inputTokens, output === undefined ? undefined : usage.total_tokens - output);
      assert.equal(record.facts.audioInputTokens, details?.audio_tokens, name);
      assert.equal(record.facts.billedSeconds, usage.seconds, name);
      assert.equal(record.facts.sentAudioSeconds, usage.prompt_audio_seconds, name);
    }
  },
});

Deno.test({
  name: "recorded speech is measured, and has the ids of its headers",
  ignore: recordings.length === 0,
  fn() {
    const spoken = recordings.filter(({ method, url }) =>
      url && match(method, new URL(url))?.route.operation === "tts"
    );
    assert.ok(spoken.length >= 3);
    for (const { name, method, url, requestBody, status, headers, body } of spoken) {
      const { route } = match(method, new URL(url))!;
      const { record, sink } = recordSink();
      const request = { url: new URL(url), headers: new Headers(), json: requestBody };
      sink.note(route.format.request(request));
      const reader = route.format.read({ status, headers }, sink, request);
      for (const piece of randomPieces(body, 1)) reader.push(piece);
      reader.end();
      assert.deepEqual(record.outputs, ["audio"], name);
      assert.equal(record.failure, undefined, name);
      assert.ok(record.audioSeconds! > 1 && record.audioSeconds! < 10, `${name}: ${record.audioSeconds} s`);
      assert.equal(record.facts.characters, 64, name);
    }
  },
});
