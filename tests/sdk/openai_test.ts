import { randomPieces } from "../support/cuts.ts";
import { fixture } from "../support/fixtures.ts";
import { answer, logAll, logEvents, type Scenario, stalledAnswer, testScenarios } from "./compare.ts";
import { EVENTS, iterate, type OpenAI, openaiClient, question, streamed } from "./openai_client.ts";
import { spanOf } from "./span_summary.ts";

const stream = fixture("openai", "chat_stream");
const json = fixture("openai", "chat_json");
const audio = fixture("openai", "audio_json");

/** One stream, in every shape in which it can arrive. */
const arrivals = [
  { how: "in one piece", respond: answer(stream) },
  { how: "in pieces of 7 bytes", respond: answer(stream, { chunkBytes: 7 }) },
  { how: "byte by byte", respond: answer(stream, { chunkBytes: 1 }) },
  { how: "slowly", respond: answer(stream, { chunkBytes: 300, paceMs: 5 }) },
  {
    how: "with CRLF",
    respond: answer(stream, {
      body: new TextDecoder().decode(stream.body).replaceAll("\n", "\r\n"),
      chunkBytes: 13,
    }),
  },
  {
    how: "with a content-length",
    respond: answer(stream, { headers: { "content-length": `${stream.body.length}` } }),
  },
  { how: "in random pieces, seed 1", respond: answer(stream, { body: randomPieces(stream.body, 1) }) },
  { how: "in random pieces, seed 2", respond: answer(stream, { body: randomPieces(stream.body, 2) }) },
  {
    how: "compressed",
    respond: answer(stream, { gzip: true, chunkBytes: 20 }),
    exceptHeaders: ["content-encoding", "content-length"],
  },
].map(({ how, ...scenario }): Scenario<OpenAI> => ({
  ...scenario,
  name: `a stream that arrives ${how}`,
  run: iterate,
  answers: ["complete"],
  spans: [spanOf(stream)],
}));

const whole: Scenario<OpenAI>[] = [
  {
    name: "create() without a stream",
    respond: answer(json),
    run: (client) => client.chat.completions.create({ ...question, n: 2 }),
    answers: ["complete"],
    spans: [spanOf(json)],
  },
  {
    name: "create() that speaks",
    respond: answer(audio, { chunkBytes: 100 }),
    run: (client) => client.chat.completions.create({ ...question, modalities: ["text", "audio"] }),
    answers: ["complete"],
    spans: [spanOf(audio)],
  },
  {
    name: "parse() of a completion that was cut for its length",
    respond: answer(json),
    run: (client) => client.chat.completions.parse(question),
    throws: "LengthFinishReasonError",
    answers: ["complete"],
    spans: [spanOf(json)],
  },
  {
    name: "withResponse() has the completion, the response and the request id",
    respond: answer(json, { headers: { "openai-organization": "acme", "set-cookie": ["a=1", "b=2"] } }),
    run: (client) => client.chat.completions.create(question).withResponse(),
    answers: ["complete"],
    spans: [spanOf(json)],
  },
  {
    name: "asResponse() can be cloned and read to its end",
    respond: answer(json, { chunkBytes: 50 }),
    run: async (client, { log }) => {
      const response = await client.chat.completions.create(question).asResponse();
      log(response, response instanceof Response);
      const clone = response.clone();
      const texts = await Promise.all([response.text(), clone.text()]);
      return [response, clone, texts];
    },
    answers: ["complete"],
    spans: [spanOf(json)],
  },
  {
    name: "asResponse() of a redirected call",
    respond: [{ status: 307, headers: { location: "/v1/chat/completions?again=1" } }, answer(json)],
    run: async (client) => {
      const response = await client.chat.completions.create(question).asResponse();
      return [response, await response.json()];
    },
    answers: ["complete", "complete"],
    spans: [spanOf(json)],
  },
  {
    name: "asResponse() gives the same bytes to a BYOB reader",
    respond: answer(stream, { chunkBytes: 40 }),
    run: async (client, { log }) => {
      const response = await client.chat.completions.create(streamed).asResponse();
      const reader = response.body!.getReader({ mode: "byob" });
      for (let view = new Uint8Array(33);;) {
        const { done, value } = await reader.read(view);
        log(done, value?.byteLength);
        if (done || value === undefined) return [response.bodyUsed, done, value?.buffer.byteLength];
        view = new Uint8Array(value.buffer);
      }
    },
    answers: ["complete"],
    spans: [spanOf(stream)],
  },
  {
    name: "asResponse() whose body nobody reads",
    respond: stalledAnswer(stream, 1),
    run: (client) => client.chat.completions.create(streamed).asResponse(),
    answers: ["cancelled"],
    openAttempts: 1,
    spans: [{ ids: ["req_0f2c6b7d1e"], status: 200, outcome: "abandoned", retryCount: 0 }],
  },
  {
    name: "a compressed completion",
    respond: answer(json, { gzip: true }),
    run: (client) => client.chat.completions.create(question).withResponse(),
    // a body that was decoded must not say that it is compressed, or it cannot be passed on
    exceptHeaders: ["content-encoding", "content-length"],
    answers: ["complete"],
    spans: [spanOf(json)],
  },
  {
    name: "a call that no provider is known for",
    respond: {
      headers: { "content-type": "application/json" },
      body: '{"object":"list","data":[{"id":"m"}]}',
    },
    run: (client) => client.models.list(),
    answers: ["complete"],
    spans: [],
  },
];

const streams: Scenario<OpenAI>[] = [
  {
    name: "withResponse() of a stream",
    respond: answer(stream, { chunkBytes: 100 }),
    run: async (client, stage) => {
      const { data, response, request_id } = await client.chat.completions.create(streamed).withResponse();
      stage.log(response, request_id);
      return [await logAll(data, stage), response];
    },
    answers: ["complete"],
    spans: [spanOf(stream)],
  },
  {
    name: "stream() emits its events in order",
    respond: answer(stream, { chunkBytes: 64 }),
    run: async (client, stage) => {
      const helper = client.chat.completions.stream(streamed);
      logEvents(helper, EVENTS, stage);
      return [await helper.finalChatCompletion(), await helper.finalContent(), await helper.totalUsage()];
    },
    answers: ["complete"],
    spans: [spanOf(stream)],
  },
  {
    name: "calls side by side, each with its own ids",
    respond: ({ json }) => {
      const { model } = json() as { model: string };
      return answer(stream, { headers: { "x-request-id": `req_${model}` }, chunkBytes: 50, paceMs: 1 });
    },
    run: async (client) => {
      const lists = [1, 2, 3].map(async (model) => {
        // one after the other, so that the provider sees them in this order
        await new Promise((resolve) => setTimeout(resolve, 10 * model));
        const chunks = await client.chat.completions.create({ ...streamed, model: `${model}` });
        return await Array.fromAsync(chunks);
      });
      return await Promise.all(lists);
    },
    answers: ["complete", "complete", "complete"],
    spans: [1, 2, 3].map((model) => spanOf(stream, { ids: [`req_${model}`, "chatcmpl-BfKt0aTeespan01"] })),
  },
  {
    name: "tee() with a branch that lags behind",
    respond: answer(stream, { chunkBytes: 100 }),
    run: async (client, stage) => {
      const [left, right] = (await client.chat.completions.create(streamed)).tee();
      return [await logAll(left, stage), await logAll(right, stage)];
    },
    answers: ["complete"],
    spans: [spanOf(stream)],
  },
  {
    name: "toReadableStream() passed on and read by another client",
    respond: answer(stream, { chunkBytes: 100 }),
    run: async (client, stage) => {
      const { ChatCompletionStream } = await import("openai/lib/ChatCompletionStream");
      const chunks = await client.chat.completions.create(streamed);
      const passedOn = new Response(chunks.toReadableStream()).body!;
      const helper = ChatCompletionStream.fromReadableStream(passedOn);
      logEvents(helper, EVENTS, stage);
      return helper.finalChatCompletion();
    },
    answers: ["complete"],
    spans: [spanOf(stream)],
  },
];

testScenarios("openai", openaiClient, [...arrivals, ...whole, ...streams]);
