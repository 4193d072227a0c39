import { CohereClientV2 } from "cohere-ai";
import type { EmulatedResponse } from "../../src/testing/mod.ts";
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
import { spanOf, type SpanSummary } from "./span_summary.ts";

const json = fixture("cohere", "chat_json");
const stream = fixture("cohere", "chat_stream");
const toolsJson = fixture("cohere", "tools_json");
const tools = fixture("cohere", "tools_stream");
const refused = fixture("cohere", "error_400");
const failed = fixture("cohere", "error_in_stream");

/** A client that retries only where a scenario says so. The SDK does not say in its requests which try they are. */
const cohereClient = (fetch: typeof globalThis.fetch): CohereClientV2 =>
  new CohereClientV2({ token: "test", fetch, maxRetries: 0 });

const question = {
  model: "command-a-plus-05-2026",
  messages: [{ role: "user" as const, content: "Grüezi, what is a span?" }],
};
const lookup = {
  type: "function" as const,
  function: { name: "lookup", parameters: { type: "object", properties: { q: { type: "string" } } } },
};

const NO_COUNT = { retryCount: undefined };
const firstEvents: SpanSummary = {
  ids: ["c0ffee01teespan", "7b4baae1-3fac-4977-85fd-teespan00001"],
  status: 200,
  ttft: true,
};
/** Up to the first text. */
const UP_TO_TEXT = 6;

/** Too many requests, with its own id. */
const limited: EmulatedResponse = {
  status: 429,
  headers: { "content-type": "application/json", "x-debug-trace-id": "id_429" },
  body: '{"id":"id_body","message":"Too many requests"}',
};

type Run = Scenario<CohereClientV2>["run"];

const iterate: Run = async (client, stage) => logAll(await client.chatStream(question), stage);

const reads: Scenario<CohereClientV2>[] = [
  {
    name: "chat()",
    respond: answer(json, { chunkBytes: 50 }),
    run: (client) => client.chat(question),
    answers: ["complete"],
    spans: [spanOf(json, NO_COUNT)],
  },
  {
    name: "chat() of a tool call, with its raw response",
    respond: answer(toolsJson),
    run: (client) => client.chat({ ...question, tools: [lookup] }).withRawResponse(),
    answers: ["complete"],
    spans: [spanOf(toolsJson, NO_COUNT)],
  },
  {
    name: "chatStream()",
    respond: answer(stream),
    run: iterate,
    answers: ["complete"],
    spans: [spanOf(stream, NO_COUNT)],
  },
  {
    name: "chatStream() in pieces of 7 bytes",
    respond: answer(stream, { chunkBytes: 7 }),
    run: iterate,
    answers: ["complete"],
    spans: [spanOf(stream, NO_COUNT)],
  },
  {
    name: "chatStream() of tool calls",
    respond: answer(tools, { chunkBytes: 64 }),
    run: async (client, stage) => logAll(await client.chatStream({ ...question, tools: [lookup] }), stage),
    answers: ["complete"],
    spans: [spanOf(tools, NO_COUNT)],
  },
];

const failures: Scenario<CohereClientV2>[] = [
  {
    name: "a refusal for the rate, then a stream",
    respond: [limited, answer(stream)],
    run: async (client, stage) => logAll(await client.chatStream(question, { maxRetries: 1 }), stage),
    answers: ["complete", "complete"],
    // the SDK leaves the body of the refusal unread, so that its attempt ends with the session
    openAttempts: 1,
    spans: [
      spanOf(stream, NO_COUNT),
      { ids: ["id_429"], status: 429, outcome: "error", errorType: "429" },
    ],
  },
  ...[{ how: "chat()", run: (client: CohereClientV2) => client.chat(question) }, {
    how: "chatStream()",
    run: iterate,
  }].map(({ how, run }): Scenario<CohereClientV2> => ({
    name: `${how} that is refused`,
    respond: answer(refused),
    run,
    throws: "BadRequestError",
    answers: ["complete"],
    spans: [spanOf(refused, NO_COUNT)],
  })),
  {
    name: "a stream that ends in an error",
    respond: answer(failed, { chunkBytes: 64 }),
    run: iterate,
    answers: ["complete"],
    spans: [spanOf(failed, NO_COUNT)],
  },
  {
    name: "a message of garbage",
    respond: answer(json, { body: "{]" }),
    run: (client) => client.chat(question),
    answers: ["complete"],
    spans: [{
      ids: ["c0ffee02teespan"],
      status: 200,
      outcome: "error",
      errorType: "unreadable",
      unread: 1,
    }],
  },
  {
    name: "a reset in the middle of a stream",
    respond: answer(stream, { fault: { kind: "reset", afterBytes: endOfEvent(stream, UP_TO_TEXT) + 9 } }),
    run: iterate,
    throws: "TypeError",
    answers: ["fault"],
    spans: [{ ...firstEvents, outcome: "error", errorType: "TypeError" }],
  },
];

const stops: Scenario<CohereClientV2>[] = [
  {
    name: "break at the first text",
    respond: stalledAnswer(stream, UP_TO_TEXT),
    run: async (client, stage) => {
      for await (const event of await client.chatStream(question)) {
        stage.log(event);
        if (event.type === "content-delta" && event.delta?.message?.content?.text) break;
      }
    },
    answers: ["cancelled"],
    spans: [{ ...firstEvents, outcome: "cancelled" }],
  },
  {
    name: "a signal that is aborted in the middle of a stream",
    respond: stalledAnswer(stream, UP_TO_TEXT),
    run: async (client, stage) => {
      const controller = new AbortController();
      for await (const event of await client.chatStream(question, { abortSignal: controller.signal })) {
        stage.log(event);
        if (event.type === "content-delta" && event.delta?.message?.content?.text) {
          controller.abort(new Error("mine"));
        }
      }
    },
    throws: "Error",
    answers: ["cancelled"],
    spans: [{ ...firstEvents, outcome: "cancelled" }],
  },
  {
    name: "a signal that is aborted before the headers",
    respond: { fault: { kind: "stall", beforeHeaders: true } },
    run: async (client, { emulator }) => {
      const controller = new AbortController();
      const message = client.chat(question, { abortSignal: controller.signal, timeoutInSeconds: 0.25 });
      requestsSeen(emulator).then(() => controller.abort(new Error("mine")));
      try {
        return await message;
      } finally {
        // the SDK's own timer runs on
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    },
    throws: "CohereError",
    answers: ["cancelled"],
    spans: [{ outcome: "cancelled" }],
  },
  {
    name: "the SDK's own timeout",
    respond: answer(json, { delayMs: 60_000 }),
    run: (client) => client.chat(question, { timeoutInSeconds: 0.04 }),
    throws: "CohereError",
    answers: ["cancelled"],
    spans: [{ outcome: "cancelled" }],
  },
];

testScenarios("cohere", cohereClient, [...reads, ...failures, ...stops]);
