/** The seven ways in which a call ends, over real connections. */

import { CALL, type Case, type World } from "./world.ts";

const HEADER_ID = "req_0f2c6b7d1e";
const BODY_ID = "chatcmpl-BfKt0aTeespan01";

/** The one span of a case, sent without being told to wait. */
async function onlySpan(
  { spans, assert }: World,
  telemetry: { flush(): Promise<{ complete: boolean }> },
) {
  const { complete } = await telemetry.flush();
  assert.equal(complete, true);
  const all = await spans(1);
  assert.equal(all.length, 1);
  return all[0]!;
}

/** What is asked where content is wanted. */
const QUESTION = {
  ...CALL,
  body: JSON.stringify({
    model: "gpt-5-mini",
    stream: true,
    messages: [{ role: "user", content: "What is a span — 何?" }],
  }),
};

/** What the provider says first, and all that it says. */
const FIRST_WORDS = "A span is a ";
const WORDS = `${FIRST_WORDS}measured piece of work — 一段。🙂`;

/** The ways in which an answer ends; each gives up its words up to there. */
const spokenEndings: readonly {
  readonly scenario: string;
  readonly words: string;
  readonly outcome: string;
  end(response: Response, controller: AbortController): Promise<unknown>;
}[] = [
  { scenario: "stream", words: WORDS, outcome: "success", end: (response) => response.text() },
  {
    scenario: "slow",
    words: WORDS,
    outcome: "success",
    end: ({ body }) => body!.pipeTo(new WritableStream()),
  },
  {
    scenario: "stall",
    words: FIRST_WORDS,
    outcome: "cancelled",
    end: async ({ body }) => await (await readFirstWords(body!)).cancel(),
  },
  {
    scenario: "stall",
    words: FIRST_WORDS,
    outcome: "cancelled",
    async end({ body }, controller) {
      const more = (await readFirstWords(body!)).read();
      controller.abort();
      await more.catch(() => {});
    },
  },
  {
    scenario: "cut",
    words: FIRST_WORDS,
    outcome: "error",
    end: (response) => response.text().catch(() => {}),
  },
  { scenario: "error_in_stream", words: FIRST_WORDS, outcome: "error", end: (response) => response.text() },
];

/** Reads until the provider has spoken. */
async function readFirstWords(
  body: ReadableStream<Uint8Array>,
): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (let text = ""; !text.includes(FIRST_WORDS);) {
    text += decoder.decode((await reader.read()).value, { stream: true });
  }
  return reader;
}

/** Runtimes whose garbage can be collected by order. */
const COLLECTABLE = [
  "deno",
  "bun",
  "node 20",
  "node 22",
  "node 24",
  "workerd",
  "workerd with nodejs_compat",
  "chromium",
];

/** Collects what is no longer held, and lets registries tell of it. */
async function collect(): Promise<void> {
  const { gc } = globalThis as unknown as { gc(how: { readonly type: "minor" | "major" }): void };
  // engines drop the objects of streams that they hold themselves in minor ones only
  for (const type of ["minor", "minor", "major"] as const) gc({ type });
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

export const endings: readonly Case[] = [
  {
    name: "read to the end: ids, usage, first output, success",
    async run(world) {
      const { assert, start, url } = world;
      const telemetry = start();
      const response = await telemetry.fetch(url("stream"), CALL);
      assert.ok((await response.text()).endsWith("data: [DONE]\n\n"));
      assert.equal(telemetry.stats().openAttempts, 0);
      const { attributes, kind, durationSeconds } = await onlySpan(
        world,
        telemetry,
      );
      assert.equal(kind, "CLIENT");
      assert.deepEqual(attributes["lk.provider_request_ids"], [
        HEADER_ID,
        BODY_ID,
      ]);
      assert.equal(attributes["gen_ai.usage.input_tokens"], 19);
      assert.equal(attributes["gen_ai.usage.output_tokens"], 6);
      assert.deepEqual(attributes["gen_ai.response.finish_reasons"], ["stop"]);
      assert.equal(attributes["gen_ai.request.model"], "gpt-5-mini");
      assert.equal(attributes["teespan.outcome"], "success");
      const ttft = attributes["lk.response.ttft"] as number;
      assert.ok(
        ttft > 0 && ttft <= durationSeconds + 1e-6,
        `${ttft} of ${durationSeconds}`,
      );
    },
  },
  {
    name: "read chunk by chunk: the same",
    async run(world) {
      const { assert, start, url } = world;
      const telemetry = start();
      const reader = (await telemetry.fetch(url("stream"), CALL)).body!
        .getReader();
      let bytes = 0;
      for (
        let read = await reader.read();
        !read.done;
        read = await reader.read()
      ) {
        bytes += read.value.byteLength;
      }
      assert.ok(bytes > 1000);
      const { attributes } = await onlySpan(world, telemetry);
      assert.deepEqual(attributes["lk.provider_request_ids"], [
        HEADER_ID,
        BODY_ID,
      ]);
      assert.equal(attributes["teespan.outcome"], "success");
    },
  },
  {
    name: "whoever holds a reader and nothing else has not abandoned the body",
    only: COLLECTABLE,
    async run(world) {
      const { assert, start, url } = world;
      const telemetry = start();
      const reader = (await telemetry.fetch(url("slow"), CALL)).body!.getReader();
      while (!(await reader.read()).done) await collect();
      const { attributes } = await onlySpan(world, telemetry);
      assert.equal(attributes["teespan.outcome"], "success");
      assert.deepEqual(attributes["gen_ai.response.finish_reasons"], ["stop"]);
    },
  },
  {
    name: "a body that nobody can read any more is abandoned",
    only: COLLECTABLE,
    async run({ assert, spans, start, url }) {
      const telemetry = start();
      await (async () => {
        const response = await telemetry.fetch(url("whole"), CALL);
        assert.equal(response.status, 200);
      })();
      for (let tries = 0; tries < 200 && telemetry.stats().openAttempts > 0; tries++) await collect();
      assert.equal(telemetry.stats().openAttempts, 0);
      await telemetry.flush();
      assert.equal((await spans(1))[0]!.attributes["teespan.outcome"], "abandoned");
    },
  },
  {
    name: "cancelled: the span ends there with the ids so far, and the provider sees it",
    async run(world) {
      const { assert, call, start, url } = world;
      const telemetry = start();
      const reader = (await telemetry.fetch(url("stall"), CALL)).body!
        .getReader();
      await reader.read();
      const cancelled = reader.cancel("enough");
      assert.equal(telemetry.stats().openAttempts, 0);
      await cancelled;
      const { attributes, status } = await onlySpan(world, telemetry);
      assert.equal(attributes["teespan.outcome"], "cancelled");
      assert.deepEqual(attributes["lk.provider_request_ids"], [
        HEADER_ID,
        BODY_ID,
      ]);
      assert.equal(status.code, "UNSET");
      assert.equal((await call()).outcome, "cancelled");
    },
  },
  {
    name: "aborted: the span ends in the dispatch, and the caller gets the very reason",
    async run(world) {
      const { assert, call, start, url } = world;
      const telemetry = start();
      const controller = new AbortController();
      const reader = (await telemetry.fetch(url("stall"), {
        ...CALL,
        signal: controller.signal,
      })).body!
        .getReader();
      await reader.read();
      const next = reader.read();
      const reason = new Error("the user hung up");
      controller.abort(reason);
      assert.equal(telemetry.stats().openAttempts, 0);
      await assert.rejects(next, (error) => error === reason);
      const { attributes } = await onlySpan(world, telemetry);
      assert.equal(attributes["teespan.outcome"], "cancelled");
      assert.equal((await call()).outcome, "cancelled");
    },
  },
  {
    name: "aborted before the answer: one span, cancelled",
    async run(world) {
      const { assert, start, url } = world;
      const telemetry = start();
      const controller = new AbortController();
      const response = telemetry.fetch(url("silence"), {
        ...CALL,
        signal: controller.signal,
      });
      controller.abort();
      await assert.rejects(
        response,
        (error) => (error as Error).name === "AbortError",
      );
      const { attributes } = await onlySpan(world, telemetry);
      assert.equal(attributes["teespan.outcome"], "cancelled");
    },
  },
  {
    name: "an error inside a stream that began well: its type, and the ids",
    async run(world) {
      const { assert, start, url } = world;
      const telemetry = start();
      await (await telemetry.fetch(url("error_in_stream"), CALL)).text();
      const { attributes, status } = await onlySpan(world, telemetry);
      assert.equal(attributes["error.type"], "server_error");
      assert.equal(attributes["http.response.status_code"], 200);
      assert.equal(attributes["teespan.outcome"], "error");
      assert.deepEqual(attributes["lk.provider_request_ids"], [
        HEADER_ID,
        BODY_ID,
      ]);
      assert.equal(status.code, "ERROR");
    },
  },
  {
    name: "refused: status, code, and the id that support asks for",
    async run(world) {
      const { assert, start, url } = world;
      const telemetry = start();
      const response = await telemetry.fetch(url("refused"), CALL);
      assert.equal(response.status, 429);
      await response.text();
      const { attributes } = await onlySpan(world, telemetry);
      assert.equal(attributes["error.type"], "429");
      assert.equal(attributes["teespan.error.code"], "rate_limit_exceeded");
      assert.deepEqual(attributes["lk.provider_request_ids"], ["req_refused"]);
    },
  },
  {
    name: "cut off: the caller gets the platform's error, the span what was seen before",
    async run(world) {
      const { assert, start, url } = world;
      const telemetry = start();
      const response = await telemetry.fetch(url("cut"), CALL);
      await assert.rejects(response.text(), (error) => error instanceof Error);
      const { attributes } = await onlySpan(world, telemetry);
      assert.equal(attributes["teespan.outcome"], "error");
      assert.ok(attributes["error.type"]);
      assert.deepEqual(attributes["lk.provider_request_ids"], [
        HEADER_ID,
        BODY_ID,
      ]);
    },
  },
  {
    name: "never read: abandoned at the end, once",
    async run(world) {
      const { assert, spans, start, url } = world;
      const telemetry = start();
      const response = await telemetry.fetch(url("stream"), CALL);
      assert.equal(telemetry.stats().openAttempts, 1);
      await telemetry.shutdown();
      const [span] = await spans(1);
      assert.equal(span!.attributes["teespan.outcome"], "abandoned");
      assert.deepEqual(span!.attributes["lk.provider_request_ids"], [
        HEADER_ID,
      ]);
      await response.body!.cancel();
      assert.equal((await spans(1)).length, 1);
    },
  },
  {
    name: "where content is wanted, the words are on the span however the answer ends",
    async run({ assert, spans, start, url }) {
      const telemetry = start({ content: { prompts: true } });
      for (const { scenario, end } of spokenEndings) {
        const controller = new AbortController();
        const { signal } = controller;
        await end(await telemetry.fetch(url(scenario), { ...QUESTION, signal }), controller);
        assert.equal(telemetry.stats().openAttempts, 0, scenario);
      }
      await telemetry.flush();
      const told = (await spans(spokenEndings.length)).map(({ attributes }) => [
        attributes["teespan.outcome"],
        JSON.parse(String(attributes["gen_ai.input.messages"])),
        JSON.parse(String(attributes["gen_ai.output.messages"]))[0].parts,
      ]);
      assert.deepEqual(
        told,
        spokenEndings.map(({ outcome, words }) => [
          outcome,
          [{ role: "user", parts: [{ type: "text", content: "What is a span — 何?" }] }],
          [{ type: "text", content: words }],
        ]),
      );
    },
  },
];
