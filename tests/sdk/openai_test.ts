import { answer, logAll, logEvents, type Scenario, stalledAnswer, testScenarios } from "./compare.ts";
import { fixture } from "../support/fixtures.ts";
import { seededRandom } from "../support/cuts.ts";
import { OpenAI, openaiClient, question, streamed } from "./openai_client.ts";
import { spanOf } from "./span_summary.ts";

const stream = fixture("openai", "chat_stream");
const json = fixture("openai", "chat_json");
const tools = fixture("openai", "tools_stream");
const audio = fixture("openai", "audio_json");

const lookup = {
  type: "function",
  function: { name: "lookup", parameters: { type: "object", properties: { q: { type: "string" } } } },
} satisfies OpenAI.ChatCompletionTool;

/** All events that the helpers of Chat Completions have. */
const EVENTS = [
  "connect",
  "chunk",
  "content",
  "content.delta",
  "content.done",
  "refusal.delta",
  "tool_calls.function.arguments.delta",
  "tool_calls.function.arguments.done",
  "message",
  "chatCompletion",
  "functionToolCall",
  "functionToolCallResult",
  "finalContent",
  "finalMessage",
  "finalChatCompletion",
  "totalUsage",
  "error",
  "abort",
  "end",
] as const;

/** Offsets in growing seeded steps, so that events, lines and characters are cut. */
function randomCuts(length: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: 60 }, () => Math.floor(random() * length));
}

const readAll: Scenario<OpenAI>["run"] = async (client, stage) => {
  const chunks = await client.chat.completions.create(streamed);
  await logAll(chunks, stage);
  return chunks;
};

/** One stream, in every shape in which it can arrive. */
const arrivals: Scenario<OpenAI>[] = [
  ["in one piece", answer(stream)],
  ["in pieces of 7 bytes", answer(stream, { chunkBytes: 7 })],
  ["byte by byte", answer(stream, { chunkBytes: 1 })],
  ["slowly", answer(stream, { chunkBytes: 300, paceMs: 5 })],
  ["with CRLF", answer(stream, { body: new TextDecoder().decode(stream.body).replaceAll("\n", "\r\n") })],
  ["with a content-length", answer(stream, { headers: { "content-length": `${stream.body.length}` } })],
  ...[1, 2, 3].map((seed) =>
    [`cut at random, seed ${seed}`, answer(stream, { cutAt: randomCuts(stream.body.length, seed) })] as const
  ),
].map(([how, respond]) => ({
  name: `a stream that arrives ${how}`,
  respond,
  run: readAll,
  answers: ["complete"],
  spans: [spanOf(stream)],
} as Scenario<OpenAI>));

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
    name: "parse()",
    respond: answer(json),
    run: (client) => client.chat.completions.parse(question),
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
    run: async (client, { emulator }) => {
      const response = await client.chat.completions.create(streamed).asResponse();
      await emulator.close();
      return response;
    },
    answers: ["fault"],
    spans: [],
    openAttempts: 0,
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
    respond: { headers: { "content-type": "application/json" }, body: '{"object":"list","data":[{"id":"m"}]}' },
    run: (client) => client.models.list(),
    answers: ["complete"],
    spans: [],
  },
];

const streams: Scenario<OpenAI>[] = [
  {
    name: "a compressed stream",
    respond: answer(stream, { gzip: true, chunkBytes: 20 }),
    run: readAll,
    answers: ["complete"],
    spans: [spanOf(stream)],
  },
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
    name: "stream() iterated",
    respond: answer(tools, { chunkBytes: 64 }),
    run: async (client, stage) => {
      const helper = client.chat.completions.stream({ ...question, tools: [lookup] });
      return [await logAll(helper, stage), await helper.finalMessage()];
    },
    answers: ["complete"],
    spans: [spanOf(tools)],
  },
  {
    name: "a stream of tool calls",
    respond: answer(tools, { chunkBytes: 64 }),
    run: async (client, stage) =>
      logAll(await client.chat.completions.create({ ...streamed, tools: [lookup] }), stage),
    answers: ["complete"],
    spans: [spanOf(tools)],
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
