/** What the caller's stream is: the platform's, but for one who looks on. */

import { CALL, type Case, type World } from "./world.ts";

const CHUNK = new TextEncoder().encode(
  'data: {"id":"chatcmpl-1","choices":[{"delta":{"content":"a"}}]}\n\n',
);

/** Telemetry whose provider is a stream in this process, which counts how often it is pulled. */
function counted({ start, url }: World, chunks: number) {
  const seen = { pulls: 0, cancelled: undefined as unknown };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      seen.pulls++;
      if (seen.pulls > chunks) controller.close();
      else controller.enqueue(CHUNK.slice());
    },
    cancel(reason) {
      seen.cancelled = reason;
    },
  }, { highWaterMark: 0 });
  const headers = { "content-type": "text/event-stream" };
  const telemetry = start({
    fetch: () => Promise.resolve(new Response(body, { headers })),
  });
  return { seen, telemetry, ask: () => telemetry.fetch(url("stream"), CALL) };
}

/** Long enough for anything that wants to read ahead. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

export const streams: readonly Case[] = [
  {
    name: "no read-ahead: at most one chunk beyond the reader",
    async run(world) {
      const { seen, ask } = counted(world, 100);
      const reader = (await ask()).body!.getReader();
      await turns();
      world.assert.ok(
        seen.pulls <= 1,
        `${seen.pulls} pulls before the first read`,
      );
      for (let reads = 1; reads <= 10; reads++) {
        await reader.read();
        if (reads % 5 === 0) await turns();
        world.assert.ok(
          seen.pulls <= reads + 1,
          `${seen.pulls} pulls after ${reads} reads`,
        );
      }
      await reader.cancel();
    },
  },
  {
    name: "a cancel reaches the source in the same task, with its reason",
    async run(world) {
      const { seen, ask, telemetry } = counted(world, 100);
      const reader = (await ask()).body!.getReader();
      await reader.read();
      const cancelled = reader.cancel("enough");
      world.assert.equal(seen.cancelled, "enough");
      world.assert.equal(telemetry.stats().openAttempts, 0);
      await cancelled;
    },
  },
  {
    name: "pipes and async iteration read the same bytes",
    async run(world) {
      const { assert } = world;
      const one = counted(world, 3);
      assert.equal(
        (await new Response((await one.ask()).body).arrayBuffer()).byteLength,
        3 * CHUNK.length,
      );
      const two = counted(world, 3);
      const sizes: number[] = [];
      await (await two.ask()).body!.pipeTo(
        new WritableStream({
          write: (chunk: Uint8Array) => void sizes.push(chunk.byteLength),
        }),
      );
      assert.deepEqual(sizes, [CHUNK.length, CHUNK.length, CHUNK.length]);
      const three = counted(world, 3);
      let bytes = 0;
      for await (const chunk of (await three.ask()).body!) {
        bytes += chunk.byteLength;
      }
      assert.equal(bytes, 3 * CHUNK.length);
      for (const { telemetry } of [one, two, three]) {
        assert.equal(telemetry.stats().endedAttempts, 1);
      }
    },
  },
  {
    name: "a body is read with a BYOB reader where the platform's is",
    async run(world) {
      const { assert, fetch, start, url } = world;
      const isByob = (body: ReadableStream) => {
        try {
          body.getReader({ mode: "byob" }).releaseLock();
          return true;
        } catch {
          return false;
        }
      };
      const plain = (await fetch(url("stream"), CALL)).body!;
      const observed = (await start().fetch(url("stream"), CALL)).body!;
      assert.equal(isByob(observed), isByob(plain));
      await plain.cancel();
      if (!isByob(observed)) return await observed.cancel();
      const reader = observed.getReader({ mode: "byob" });
      let bytes = 0;
      for (;;) {
        const { done, value } = await reader.read(new Uint8Array(64));
        if (done) break;
        bytes += value.byteLength;
      }
      assert.ok(bytes > 1000, String(bytes));
    },
  },
  {
    name: "the response is the platform's: status, headers, url, type, and its clones",
    async run(world) {
      const { assert, fetch, start, url } = world;
      const told = (
        { status, statusText, ok, url, redirected, type, headers, bodyUsed }: Response,
      ) => ({
        status,
        statusText,
        ok,
        url,
        redirected,
        type,
        bodyUsed,
        headers: [...headers].filter(([name]) => name !== "date"),
      });
      const plain = await fetch(url("stream"), CALL);
      const observed = await start().fetch(url("stream"), CALL);
      assert.deepEqual(told(observed), told(plain));
      assert.ok(observed instanceof Response);
      const clone = observed.clone();
      assert.deepEqual(told(clone), told(plain));
      assert.equal(await observed.text(), await plain.text());
      assert.ok((await clone.text()).length > 1000);
    },
  },
  {
    name: "a compressed answer is read as the platform decodes it",
    async run(world) {
      const { assert, spans, start, url } = world;
      const telemetry = start();
      const text = await (await telemetry.fetch(url("gzip"), CALL)).text();
      assert.ok(text.endsWith("data: [DONE]\n\n"));
      await telemetry.flush();
      const [span] = await spans(1);
      assert.equal(span!.attributes["gen_ai.usage.output_tokens"], 6);
    },
  },
  {
    name: "an error before the answer is the very one that was thrown",
    async run(world) {
      const { assert, spans, start, url } = world;
      const error = new TypeError("no route to the provider");
      const telemetry = start({ fetch: () => Promise.reject(error) });
      await assert.rejects(
        telemetry.fetch(url("stream"), CALL),
        (caught) => caught === error,
      );
      await telemetry.flush();
      assert.equal((await spans(1))[0]!.attributes["error.type"], "TypeError");
    },
  },
];
