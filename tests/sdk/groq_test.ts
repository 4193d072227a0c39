import { Groq } from "groq-sdk";
import { fixture } from "../support/fixtures.ts";
import {
  answer,
  endOfEvent,
  logAll,
  requestsSeen,
  type Scenario,
  stalledAnswer,
  testScenarios,
} from "./compare.ts";
import { spanOf } from "./span_summary.ts";

const stream = fixture("groq", "chat_stream");
const errorEvent = fixture("groq", "error_event");

/** A client that retries only where a scenario says so. */
const groqClient = (fetch: typeof globalThis.fetch): Groq =>
  new Groq({ apiKey: "gsk-test", fetch, maxRetries: 0, logLevel: "off" });

const question = {
  model: "openai/gpt-oss-20b",
  messages: [{ role: "user" as const, content: "Grüezi, what is a span?" }],
};
const streamed = { ...question, stream: true as const };
const lookup = {
  type: "function",
  function: { name: "lookup", parameters: { type: "object", properties: { q: { type: "string" } } } },
} satisfies Groq.Chat.ChatCompletionTool;

const JSON_TYPE = { "content-type": "application/json", "x-request-id": "req_01kjson" };
const usage = { prompt_tokens: 18, completion_tokens: 5, total_tokens: 23, total_time: 0.011 };
const call = { id: "fc_1", type: "function", function: { name: "lookup", arguments: '{"q":"é"}' } };

/** A completion at once, with reasoning and a tool call. */
const completion = {
  id: "chatcmpl-7f0a",
  object: "chat.completion",
  created: 1790000000,
  model: "openai/gpt-oss-20b",
  choices: [{
    index: 0,
    message: { role: "assistant", content: "Wörk.", reasoning: "Short.", tool_calls: [call] },
    logprobs: null,
    finish_reason: "tool_calls",
  }],
  usage,
  x_groq: { id: "req_01kjson" },
};

/** The same tool call as a stream, whole in one delta. */
const toolChunks = [
  { delta: { role: "assistant", content: null }, finish_reason: null },
  { delta: { tool_calls: [{ index: 0, ...call }] }, finish_reason: null },
  { delta: {}, finish_reason: "tool_calls" },
].map((choice, index) => ({
  ...completion,
  object: "chat.completion.chunk",
  choices: [{ index: 0, ...choice }],
  usage: index === 2 ? usage : undefined,
  x_groq: index === 1 ? undefined : { id: "req_01kjson", ...index === 2 && { usage } },
}));
const toolBody = [...toolChunks.map((chunk) => JSON.stringify(chunk)), "[DONE]"]
  .map((data) => `data: ${data}\n\n`).join("");

const called = {
  ids: ["req_01kjson", "chatcmpl-7f0a"],
  status: 200,
  outcome: "success",
  finish: ["tool_calls"],
  usage: [18, 5],
  retryCount: 0,
} as const;

/** A refusal with its own id. */
const refusal = (status: number, id: string, code: string) => ({
  status,
  headers: { ...JSON_TYPE, "x-request-id": id, "retry-after-ms": "1", "retry-after": "0" },
  body: JSON.stringify({ error: { message: "No", type: "invalid_request_error", code } }),
});
const firstEvents = {
  ids: ["req_01k9groq", "chatcmpl-2b0c7c52-5f0e-4a5e-9d55-1f6f0a1c2d3e"],
  status: 200,
  retryCount: 0,
  ttft: true,
} as const;

const iterate: Scenario<Groq>["run"] = async (client, stage) =>
  logAll(await client.chat.completions.create(streamed), stage);

const reads: Scenario<Groq>[] = [
  {
    name: "create() without a stream",
    respond: { headers: JSON_TYPE, body: JSON.stringify(completion) },
    run: (client) => client.chat.completions.create({ ...question, tools: [lookup] }).withResponse(),
    answers: ["complete"],
    spans: [called],
  },
  {
    name: "create() with a stream",
    respond: answer(stream),
    run: iterate,
    answers: ["complete"],
    spans: [spanOf(stream)],
  },
  {
    name: "create() with a stream in pieces of 7 bytes",
    respond: answer(stream, { chunkBytes: 7 }),
    run: iterate,
    answers: ["complete"],
    spans: [spanOf(stream)],
  },
  {
    name: "create() with a stream of a tool call",
    respond: {
      headers: { ...JSON_TYPE, "content-type": "text/event-stream" },
      body: toolBody,
      chunkBytes: 64,
    },
    run: async (client, stage) =>
      logAll(await client.chat.completions.create({ ...streamed, tools: [lookup] }), stage),
    answers: ["complete"],
    spans: [{ ...called, ttft: true }],
  },
];

const failures: Scenario<Groq>[] = [
  {
    name: "a refusal for the rate, then a stream",
    respond: [refusal(429, "req_1", "rate_limit_exceeded"), answer(stream)],
    run: (client, stage) => iterate(client.withOptions({ maxRetries: 2 }), stage),
    answers: ["complete", "complete"],
    spans: [
      { ids: ["req_1"], status: 429, outcome: "error", errorType: "429", retryCount: 0 },
      spanOf(stream, { retryCount: 1 }),
    ],
  },
  {
    name: "a call of a tool that did not fit its schema",
    respond: refusal(400, "req_1", "tool_use_failed"),
    run: iterate,
    throws: "BadRequestError",
    answers: ["complete"],
    spans: [{
      ids: ["req_1"],
      status: 400,
      outcome: "error",
      errorType: "400",
      errorCode: "tool_use_failed",
      retryCount: 0,
    }],
  },
  {
    name: "an error event in a stream",
    respond: answer(errorEvent),
    run: iterate,
    throws: "APIError",
    answers: ["complete"],
    spans: [spanOf(errorEvent)],
  },
  {
    name: "a reset in the middle of a stream",
    respond: answer(stream, { fault: { kind: "reset", afterBytes: endOfEvent(stream, 3) + 9 } }),
    run: iterate,
    throws: "TypeError",
    answers: ["fault"],
    spans: [{ ...firstEvents, outcome: "error", errorType: "TypeError" }],
  },
];

const stops: Scenario<Groq>[] = [
  {
    name: "break at the first text",
    respond: stalledAnswer(stream, 3),
    run: async (client, stage) => {
      const chunks = await client.chat.completions.create(streamed);
      for await (const chunk of chunks) {
        stage.log(chunk);
        if (chunk.choices[0]?.delta.content) break;
      }
      return chunks;
    },
    answers: ["cancelled"],
    spans: [{ ...firstEvents, outcome: "cancelled" }],
  },
  {
    name: "a signal that is aborted before the headers",
    respond: { fault: { kind: "stall", beforeHeaders: true } },
    run: async (client, { emulator }) => {
      const controller = new AbortController();
      const chunks = client.chat.completions.create(streamed, { signal: controller.signal });
      requestsSeen(emulator).then(() => controller.abort(new Error("mine")));
      return await chunks;
    },
    throws: "APIUserAbortError",
    answers: ["cancelled"],
    spans: [{ outcome: "cancelled", retryCount: 0 }],
  },
];

testScenarios("groq", groqClient, [...reads, ...failures, ...stops]);
