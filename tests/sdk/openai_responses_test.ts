import type { EmulatedResponse } from "../../src/testing/mod.ts";
import { fixture } from "../support/fixtures.ts";
import {
  answer,
  endOfEvent,
  logAll,
  logEvents,
  requestsSeen,
  type Scenario,
  stalledAnswer,
  testScenarios,
} from "./compare.ts";
import { type OpenAI, openaiClient } from "./openai_client.ts";
import { spanOf } from "./span_summary.ts";

const stream = fixture("openai", "responses_stream");
const json = fixture("openai", "responses_json");
const tools = fixture("openai", "responses_tools_stream");
const failed = fixture("openai", "responses_failed");
const errorEvent = fixture("openai", "responses_error_event");
const refused = fixture("openai", "responses_error_400");

const question = { model: "gpt-5.2", input: "Grüezi, what is a span?" };
const streamed = { ...question, stream: true } as const;
const lookup = {
  type: "function",
  name: "get_span",
  strict: false,
  parameters: { type: "object", properties: { id: { type: "number" } } },
} satisfies OpenAI.Responses.FunctionTool;

/** Events of `stream()`. */
const EVENTS = [
  "connect",
  "event",
  "response.created",
  "response.output_text.delta",
  "response.function_call_arguments.delta",
  "response.completed",
  "error",
  "abort",
  "end",
] as const;

/** How many events `responses_stream` has up to the first text. */
const UP_TO_TEXT = 9;

/** What is known of it when it was read that far. */
const firstEvents = {
  ids: ["req_5a6b7c8d9e", "resp_0a1b2c3d4e5f60718293a4b5"],
  status: 200,
  retryCount: 0,
  ttft: true,
} as const;

/** The provider is down, and says so. */
const down: EmulatedResponse = {
  status: 503,
  headers: { "content-type": "application/json", "x-request-id": "req_1", "retry-after-ms": "1" },
  body: '{"error":{"message":"Try again","type":"server_error","code":null}}',
};
const downSpan = { ids: ["req_1"], status: 503, outcome: "error", errorType: "503", retryCount: 0 } as const;

type Run = Scenario<OpenAI>["run"];

const iterate: Run = async (client, stage) => logAll(await client.responses.create(streamed), stage);

/** All of the helper: its events and what it makes of them. */
const helped: Run = async (client, stage) => {
  const helper = client.responses.stream({ ...question, tools: [lookup] });
  logEvents(helper, EVENTS, stage);
  return await helper.finalResponse();
};

const reads: Scenario<OpenAI>[] = [
  {
    name: "create() without a stream",
    respond: answer(json, { chunkBytes: 50 }),
    run: (client) => client.responses.create(question).withResponse(),
    answers: ["complete"],
    spans: [spanOf(json)],
  },
  ...[64, 7].map((chunkBytes): Scenario<OpenAI> => ({
    name: `create() with a stream in pieces of ${chunkBytes} bytes`,
    respond: answer(stream, { chunkBytes }),
    run: iterate,
    answers: ["complete"],
    spans: [spanOf(stream)],
  })),
  {
    name: "create() with a stream of tool calls",
    respond: answer(tools, { chunkBytes: 64 }),
    run: async (client, stage) =>
      logAll(await client.responses.create({ ...streamed, tools: [lookup] }), stage),
    answers: ["complete"],
    spans: [spanOf(tools)],
  },
  {
    name: "parse() of a format",
    respond: answer(json),
    run: (client) => client.responses.parse({ ...question, text: { format: { type: "text" } } }),
    answers: ["complete"],
    spans: [spanOf(json)],
  },
  {
    name: "stream() emits its events in order",
    respond: answer(stream, { chunkBytes: 64 }),
    run: helped,
    answers: ["complete"],
    spans: [spanOf(stream)],
  },
  {
    name: "stream() of tool calls, iterated",
    respond: answer(tools, { chunkBytes: 64 }),
    run: async (client, stage) => {
      const helper = client.responses.stream({ ...question, tools: [lookup] });
      return [await logAll(helper, stage), await helper.finalResponse()];
    },
    answers: ["complete"],
    spans: [spanOf(tools)],
  },
];

const failures: Scenario<OpenAI>[] = [
  {
    name: "a provider that is down, then a stream",
    respond: [down, answer(stream)],
    run: (client, stage) => iterate(client.withOptions({ maxRetries: 2 }), stage),
    answers: ["complete", "complete"],
    spans: [downSpan, spanOf(stream, { retryCount: 1 })],
  },
  {
    name: "stream() of a provider that is down, then is not",
    respond: [down, answer(stream)],
    run: (client, stage) => helped(client.withOptions({ maxRetries: 2 }), stage),
    answers: ["complete", "complete"],
    spans: [downSpan, spanOf(stream, { retryCount: 1 })],
  },
  {
    name: "create() with a response that failed",
    respond: answer(failed),
    run: iterate,
    throws: "APIError",
    answers: ["complete"],
    spans: [spanOf(failed)],
  },
  ...[{ how: "create()", run: iterate }, { how: "stream()", run: helped }].flatMap(
    ({ how, run }): Scenario<OpenAI>[] => [
      {
        name: `${how} that is refused`,
        respond: answer(refused),
        run,
        throws: "BadRequestError",
        answers: ["complete"],
        spans: [spanOf(refused)],
      },
      {
        name: `${how} with an error event`,
        respond: answer(errorEvent, { chunkBytes: 64 }),
        run,
        throws: "APIError",
        answers: ["complete"],
        spans: [spanOf(errorEvent)],
      },
      {
        name: `${how} with a reset in its middle`,
        respond: answer(stream, { fault: { kind: "reset", afterBytes: endOfEvent(stream, UP_TO_TEXT) + 9 } }),
        run,
        throws: how === "create()" ? "TypeError" : "OpenAIError",
        answers: ["fault"],
        spans: [{ ...firstEvents, outcome: "error", errorType: "TypeError" }],
      },
    ],
  ),
];

const stops: Scenario<OpenAI>[] = [
  {
    name: "break at the first text",
    respond: stalledAnswer(stream, UP_TO_TEXT),
    run: async (client, stage) => {
      const events = await client.responses.create(streamed);
      for await (const event of events) {
        stage.log(event);
        if (event.type === "response.output_text.delta") break;
      }
      return events;
    },
    answers: ["cancelled"],
    spans: [{ ...firstEvents, outcome: "cancelled" }],
  },
  {
    name: "abort() of stream() at the first text",
    respond: stalledAnswer(stream, UP_TO_TEXT),
    run: async (client, stage) => {
      const helper = client.responses.stream(question);
      logEvents(helper, EVENTS, stage);
      helper.on("response.output_text.delta", () => helper.abort());
      return await helper.finalResponse();
    },
    throws: "APIUserAbortError",
    answers: ["cancelled"],
    spans: [{ ...firstEvents, outcome: "cancelled" }],
  },
  {
    name: "a signal that is aborted before the headers",
    respond: { fault: { kind: "stall", beforeHeaders: true } },
    run: async (client, { emulator }) => {
      const controller = new AbortController();
      const response = client.responses.create(question, { signal: controller.signal });
      requestsSeen(emulator).then(() => controller.abort(new Error("mine")));
      return await response;
    },
    throws: "APIUserAbortError",
    answers: ["cancelled"],
    spans: [{ outcome: "cancelled", retryCount: 0 }],
  },
];

testScenarios("openai responses", openaiClient, [...reads, ...failures, ...stops]);
