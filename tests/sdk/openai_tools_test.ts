import { fixture } from "../support/fixtures.ts";
import { answer, logAll, logEvents, type Scenario, testScenarios } from "./compare.ts";
import { EVENTS, type OpenAI, openaiClient, question, RUNNER_EVENTS, streamed } from "./openai_client.ts";
import { spanOf } from "./span_summary.ts";

const stream = fixture("openai", "chat_stream");
const json = fixture("openai", "chat_json");
const tools = fixture("openai", "tools_stream");

const lookup = {
  type: "function",
  function: {
    name: "lookup",
    description: "Looks up",
    parameters: { type: "object", properties: { q: { type: "string" } } },
  },
} satisfies OpenAI.ChatCompletionTool;

/** The same tool with what it does. */
const running = {
  ...lookup,
  function: {
    ...lookup.function,
    parse: (text: string): { q: string } => JSON.parse(text),
    function: ({ q }: { q: string }) => `found ${q}`,
  },
} as const;

/** Asks for the tool once, with its arguments whole. */
const call = {
  id: "chatcmpl-call",
  object: "chat.completion",
  created: 1790000000,
  model: "gpt-5-mini",
  choices: [{
    index: 0,
    message: {
      role: "assistant",
      content: null,
      refusal: null,
      tool_calls: [{ id: "call_1", type: "function", function: { name: "lookup", arguments: '{"q":"é"}' } }],
    },
    finish_reason: "tool_calls",
  }],
};
const callBody = JSON.stringify(call);
const streamedCallBody = [
  {
    ...call,
    object: "chat.completion.chunk",
    choices: [{
      index: 0,
      delta: { role: "assistant", tool_calls: [{ index: 0, ...call.choices[0]?.message.tool_calls[0] }] },
      finish_reason: null,
    }],
  },
  {
    ...call,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }],
  },
].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("") + "data: [DONE]\n\n";

/** A completion that the SDK accepts as final. */
const final = answer(json, { body: new TextDecoder().decode(json.body).replace('"length"', '"stop"') });

const callSpan = {
  ids: ["req_call", "chatcmpl-call"],
  status: 200,
  outcome: "success",
  finish: ["tool_calls"],
  retryCount: 0,
} as const;

const scenarios: Scenario<OpenAI>[] = [
  {
    name: "a stream of tool calls",
    respond: answer(tools, { chunkBytes: 64 }),
    run: async (client, stage) =>
      logAll(await client.chat.completions.create({ ...streamed, tools: [lookup] }), stage),
    answers: ["complete"],
    spans: [spanOf(tools)],
  },
  {
    name: "stream() of tool calls, iterated",
    respond: answer(tools, { chunkBytes: 64 }),
    run: async (client, stage) => {
      const helper = client.chat.completions.stream({ ...question, tools: [lookup] });
      logEvents(helper, EVENTS, stage);
      return [await logAll(helper, stage), await helper.finalMessage()];
    },
    answers: ["complete"],
    spans: [spanOf(tools)],
  },
  {
    name: "runTools() calls the tool and asks again",
    respond: [answer(json, { headers: { "x-request-id": "req_call" }, body: callBody }), final],
    run: async (client, stage) => {
      const runner = client.chat.completions.runTools({ ...question, tools: [running] });
      logEvents(runner, RUNNER_EVENTS, stage);
      return [await runner.finalContent(), runner.messages, await runner.totalUsage()];
    },
    answers: ["complete", "complete"],
    spans: [callSpan, spanOf(json, { finish: ["stop", "stop"] })],
  },
  {
    name: "runTools() with streams",
    respond: [
      answer(stream, { headers: { "x-request-id": "req_call" }, body: streamedCallBody, chunkBytes: 64 }),
      answer(stream, { chunkBytes: 64 }),
    ],
    run: async (client, stage) => {
      const runner = client.chat.completions.runTools({ ...streamed, tools: [running] });
      logEvents(runner, [...RUNNER_EVENTS, "content", "chunk"], stage);
      return [await runner.finalContent(), runner.messages, await runner.totalUsage()];
    },
    answers: ["complete", "complete"],
    spans: [{ ...callSpan, ttft: true }, spanOf(stream)],
  },
  {
    name: "runTools() whose tool throws",
    respond: answer(json, { headers: { "x-request-id": "req_call" }, body: callBody }),
    run: async (client, stage) => {
      const broken = { ...running.function, function: () => Promise.reject(new RangeError("mine")) };
      const runner = client.chat.completions.runTools({
        ...question,
        tools: [{ ...running, function: broken }],
      });
      logEvents(runner, RUNNER_EVENTS, stage);
      return await runner.finalMessage();
    },
    throws: "OpenAIError",
    answers: ["complete"],
    spans: [callSpan],
  },
];

testScenarios("openai", openaiClient, scenarios);
