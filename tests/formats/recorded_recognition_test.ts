/** Speech that real providers recognized. */

import assert from "node:assert/strict";
import { createMatcher } from "../../src/match.ts";
import { providers } from "../../src/providers/mod.ts";
import { randomPieces } from "../support/cuts.ts";
import { recordings } from "../support/recordings.ts";
import { recordSink } from "../support/recording_sink.ts";

const match = createMatcher(providers);

/** What the recordings say, to be read from them with our own eyes. */
const truths: Readonly<Record<string, readonly [model: string | undefined, seconds: number]>> = {
  "https://api.deepgram.com": ["general-nova-3", 3.6999376],
  "https://api.x.ai": [undefined, 3.7],
};

Deno.test({
  name: "recorded recognition has text, length and the id of its header",
  ignore: recordings.length === 0,
  fn() {
    const heard = recordings.filter(({ method, url }) =>
      url && new URL(url).origin in truths && match(method, new URL(url))?.route.operation === "stt"
    );
    assert.equal(heard.length, Object.keys(truths).length);
    for (const { name, method, url, requestBody, status, headers, body } of heard) {
      const { provider, route } = match(method, new URL(url))!;
      const [model, seconds] = truths[new URL(url).origin]!;
      for (let seed = 1; seed <= 5; seed++) {
        const { record, sink } = recordSink();
        const request = { url: new URL(url), headers: new Headers(), json: requestBody };
        sink.note(route.format.request(request));
        const ids = provider.requestIdHeaders.map((header) => headers.get(header) ?? "").filter(Boolean);
        for (const id of ids) sink.noteRequestId(id);
        const reader = route.format.read({ status, headers }, sink, request);
        for (const piece of randomPieces(body, seed)) reader.push(piece);
        reader.end();
        assert.deepEqual(record.outputs, ["text"], name);
        assert.equal(record.failure, undefined, name);
        assert.equal(record.facts.responseModel, model, name);
        assert.equal(record.facts.sentAudioSeconds, seconds, name);
        // the one in the body is that of the header
        assert.equal(ids.length, 1, name);
        assert.deepEqual(record.requestIds, [[ids[0], "request"]], name);
      }
    }
  },
});
