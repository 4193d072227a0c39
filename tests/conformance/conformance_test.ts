/** A wrapped `fetch` and a wrapped `WebSocket` against the platform's own, here in Deno. */

import assert from "node:assert/strict";
import { startKept } from "../support/memory_exporter.ts";
import { toyFormat, toyProvider } from "../support/toy_format.ts";
import { startAnswers } from "./answers.ts";
import { createPeer, judge } from "./judged.ts";
import { judged } from "./mod.ts";

/** Where the wrapped one differs, and why that is so. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  "the guard of headers":
    "a response whose body is another is one that was made, not fetched: its headers can be changed",
};

// bodies that are locked, or left alone on purpose, stay open
const leaky = { sanitizeOps: false, sanitizeResources: false };

Deno.test("a wrapped fetch and a wrapped WebSocket do what the platform's do", leaky, async (t) => {
  await using servers = await startAnswers();
  const telemetry = startKept({ providers: [toyProvider(toyFormat, new URL(servers.sockets).host)] });
  const [platform, wrapped] = [createPeer(globalThis, servers), createPeer(telemetry, servers)];
  for (const one of judged) {
    await t.step({
      name: one.name,
      ...leaky,
      fn: async () => {
        const difference = await judge(one, platform, wrapped);
        if (one.name in DIFFERENCES) assert.notEqual(difference, undefined);
        else assert.equal(difference, undefined);
      },
    });
  }
  await telemetry.shutdown();
  assert.ok(telemetry.spans.length >= judged.length);
  assert.equal(telemetry.stats().openAttempts, 0);
});
