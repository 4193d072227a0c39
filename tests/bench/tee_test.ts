/** The comparison of ways: each reads all, and only the eager ones read ahead and hold on. Nothing here is timed. */

import assert from "node:assert/strict";
import { BULK_BYTES, startServer } from "../../bench/server.ts";
import { handle } from "../../bench/tee_program.ts";
import { ways } from "../../bench/ways.ts";

Deno.test("every way reads a stream whole; but for eager branches none reads ahead, and all cancel", async () => {
  const server = await startServer();
  const ask = async (scenario: string, way: string, count = 1): Promise<unknown> => {
    const query = new URLSearchParams({ way, origin: server.origin, count: String(count) });
    return await (await handle(new Request(`http://program/${scenario}?${query}`))).json();
  };
  const { bytes } = await ask("stream", "raw") as { bytes: number };
  assert.ok(bytes > 100_000);
  for (const { name } of ways) {
    const read = await ask("stream", name) as { bytes: number };
    assert.equal(read.bytes, bytes, name);
    const eager = name.endsWith("eager");
    const seen = await ask("cancel", name);
    assert.equal(seen === null, eager, `${name}: the cancel is ${seen === null ? "not " : ""}seen`);
    const pushed = await ask("pause", name, 50) as number;
    assert.ok(eager || pushed < BULK_BYTES / 2, `${name}: ${pushed} bytes were pushed`);
  }
  await server.stop();
});
