/** What is wrapped against the runtime's own: whatever that does, right or not, the wrapped one does. */

import { createPeer, judge } from "../../conformance/judged.ts";
import { judged } from "../../conformance/mod.ts";
import { toyFormat, toyProvider } from "../../support/toy_format.ts";
import type { Case } from "./world.ts";

export const conformance: readonly Case[] = judged.map((one) => ({
  name: `as the platform: ${one.name}`,
  async run({ assert, addresses: { answers }, start }) {
    const { fetch, WebSocket } = globalThis;
    const telemetry = start({
      fetch,
      WebSocket,
      providers: [toyProvider(toyFormat, new URL(answers.sockets).host)],
    });
    const platform = createPeer({ fetch, WebSocket }, answers);
    assert.equal(await judge(one, platform, createPeer(telemetry, answers)), undefined);
  },
}));
