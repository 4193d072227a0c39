/**
 * One task hands a chunk on and reads it. So whoever has read the end finds the span ended, complete, and can flush
 * at once. The same tests run against a version with a second task, which must fail them.
 */

import assert from "node:assert/strict";
import type { Attributes } from "@opentelemetry/api";
import { WebTracerProvider } from "@opentelemetry/sdk-trace-web";
import { instrumentFetch } from "../../src/core.ts";
import { openaiCompatible } from "../../src/compatible.ts";
import { EdgeSpanProcessor } from "../../src/otlp/edge_span_processor.ts";
import type { InstrumentOptions } from "../../src/instrument/options.ts";
import type { Provider } from "../../src/types.ts";
import { failLater, keepSpans } from "../support/memory_exporter.ts";
import { twoTaskFetch } from "../support/two_task_fetch.ts";

type Wrap = (fetch: typeof globalThis.fetch, options: InstrumentOptions) => typeof globalThis.fetch;

/** The chunks to serve for a URL. */
type Serve = (url: URL) => readonly string[];

interface Subject {
  readonly fetch: typeof globalThis.fetch;
  /** Flushes as a Worker would, and gives the attributes of what had been exported when the flush began. */
  flush(): Promise<readonly Attributes[]>;
}

const HOST = "https://api.acme.example/v1/chat/completions";
const acme = openaiCompatible({ name: "acme", host: "api.acme.example" });

function createSubject(wrap: Wrap, serve: Serve, provider: Provider = acme): Subject {
  const exporter = keepSpans();
  const processor = new EdgeSpanProcessor(exporter, {
    maxQueueSize: 10_000,
    maxBatchSize: 512,
    intervalMs: undefined,
    onError: failLater,
  });
  const fetch =
    ((input: string) => Promise.resolve(serveChunks(serve(new URL(input))))) as typeof globalThis.fetch;
  return {
    fetch: wrap(fetch, {
      providers: [provider],
      tracerProvider: new WebTracerProvider({ spanProcessors: [processor] }),
      onError: failLater,
    }),
    async flush() {
      await processor.flush(1000);
      return exporter.spans.map(({ attributes }) => attributes);
    },
  };
}

/** A response that is pulled chunk by chunk, each after a turn of the event loop. */
function serveChunks(chunks: readonly string[]): Response {
  let next = 0;
  const body = new ReadableStream({
    type: "bytes",
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (next < chunks.length) controller.enqueue(new TextEncoder().encode(chunks[next++]));
      else controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

const event = (id: string, more: object = {}): string =>
  `data: ${JSON.stringify({ id, choices: [], ...more })}\n\n`;

const finish = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };

async function readToEnd(response: Response): Promise<void> {
  const reader = response.body!.getReader();
  while (!(await reader.read()).done);
}

const ids = (attributes: Attributes | undefined): unknown => attributes?.["lk.provider_request_ids"];

const tests: Readonly<Record<string, (wrap: Wrap) => Promise<void>>> = {
  async "a flush right after the last read finds the span"(wrap) {
    const subject = createSubject(wrap, () => [event("a"), event("a", finish)]);
    await readToEnd(await subject.fetch(HOST, { method: "POST" }));
    const spans = await subject.flush();
    assert.equal(spans.length, 1);
    assert.deepEqual(ids(spans[0]), ["a"]);
  },

  async "an id that stands only in the last chunk is there"(wrap) {
    const subject = createSubject(wrap, () => [event(""), event("", finish), event("last")]);
    await readToEnd(await subject.fetch(HOST, { method: "POST" }));
    assert.deepEqual((await subject.flush()).map(ids), [["last"]]);
  },

  async "a stream of one chunk is complete"(wrap) {
    const subject = createSubject(wrap, () => [event("only", finish)]);
    await readToEnd(await subject.fetch(HOST, { method: "POST" }));
    assert.deepEqual((await subject.flush()).map(ids), [["only"]]);
  },

  async "an id that is cut between chunks is whole"(wrap) {
    const whole = event("chatcmpl-cut", finish);
    const cut = whole.indexOf("cmpl");
    const subject = createSubject(wrap, () => [whole.slice(0, cut), whole.slice(cut)]);
    await readToEnd(await subject.fetch(HOST, { method: "POST" }));
    assert.deepEqual((await subject.flush()).map(ids), [["chatcmpl-cut"]]);
  },

  async "500 streams at once each have their own id when they are done"(wrap) {
    const subject = createSubject(wrap, (url) => [event(""), event(url.search, finish)]);
    const spans: number[] = [];
    await Promise.all(Array.from({ length: 500 }, async (_, index) => {
      const response = await subject.fetch(`${HOST}?stream-${index}`, { method: "POST" });
      await readToEnd(response);
      spans.push((await subject.flush()).filter((span) => String(ids(span)) === `?stream-${index}`).length);
    }));
    assert.deepEqual(spans, Array(500).fill(1));
  },

  async "each chunk was read by the format in the pull that hands it over"(wrap) {
    let read = 0;
    const [route] = acme.routes;
    const counting: Provider = {
      ...acme,
      routes: [{
        ...route!,
        format: { ...route!.format, read: () => ({ push: () => void read++, end: () => void (read = -1) }) },
      }],
    };
    const subject = createSubject(wrap, () => ["1", "2", "3"], counting);
    const reader = (await subject.fetch(HOST, { method: "POST" })).body!.getReader();
    for (let chunks = 1; chunks <= 3; chunks++) {
      await reader.read();
      assert.equal(read, chunks);
    }
    assert.equal((await reader.read()).done, true);
    assert.equal(read, -1);
  },
};

for (const [name, test] of Object.entries(tests)) {
  Deno.test(`instrumentFetch(): ${name}`, () => test(instrumentFetch));
  Deno.test(`a version with two tasks does not pass "${name}"`, async () => {
    await assert.rejects(test(twoTaskFetch), assert.AssertionError);
    await new Promise((resolve) => setTimeout(resolve, 20)); // its second task reads on
  });
}
