import { Mistral } from "@mistralai/mistralai";
import { HTTPClient } from "@mistralai/mistralai/lib/http";
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

const stream = fixture("mistral", "chat_stream");
const agent = fixture("mistral", "agents_stream");
const fim = fixture("mistral", "fim_json");
const limited = fixture("mistral", "chat_error_429");

/** The SDK hands a whole `Request` to its `fetch`, and says nothing of its tries. */
const mistralClient = (fetch: typeof globalThis.fetch): Mistral =>
  new Mistral({ apiKey: "test", httpClient: new HTTPClient({ fetcher: fetch }) });

const question = {
  model: "magistral-small-latest",
  messages: [{ role: "user" as const, content: "Grüezi, what is a span?" }],
};
const lookup = {
  type: "function" as const,
  function: { name: "get_span", parameters: { type: "object", properties: { q: { type: "string" } } } },
};

/** A tool call at once. */
const called = {
  id: "cmpl-9f8e7d",
  object: "chat.completion",
  created: 1790000000,
  model: "mistral-medium-2601",
  choices: [{
    index: 0,
    message: {
      role: "assistant",
      content: "",
      prefix: false,
      tool_calls: [{ id: "aB3dE6gH9", function: { name: "get_span", arguments: '{"q":"é"}' }, index: 0 }],
    },
    finish_reason: "tool_calls",
  }],
  usage: { prompt_tokens: 90, completion_tokens: 12, total_tokens: 102 },
};

/** A refusal with its own id. */
const refusal = (status: number, body: unknown): EmulatedResponse => ({
  status,
  headers: { "content-type": "application/json", "mistral-correlation-id": `id_${status}` },
  body: JSON.stringify(body),
});
const refused = (status: number): SpanSummary => ({
  ids: [`id_${status}`],
  status,
  outcome: "error",
  errorType: `${status}`,
});

const NO_COUNT = { retryCount: undefined };
const CORRELATION_ID = "019a2b3c-4d5e-7f60-8192-a3b4c5d6e7f8";
const firstEvents: SpanSummary = {
  ids: [CORRELATION_ID, "0a1b2c3d4e5f60718293a4b5c6d7e8f9"],
  status: 200,
  ttft: true,
};
/** Up to the text. */
const UP_TO_TEXT = 3;

type Run = Scenario<Mistral>["run"];

const iterate: Run = async (client, stage) => logAll(await client.chat.stream(question), stage);

const reads: Scenario<Mistral>[] = [
  {
    name: "chat.complete() of a tool call",
    respond: {
      headers: { "content-type": "application/json", "mistral-correlation-id": "id_call" },
      body: JSON.stringify(called),
      chunkBytes: 64,
    },
    run: (client) => client.chat.complete({ ...question, tools: [lookup] }),
    answers: ["complete"],
    spans: [{
      ids: ["id_call", "cmpl-9f8e7d"],
      status: 200,
      outcome: "success",
      finish: ["tool_calls"],
      usage: [90, 12],
    }],
  },
  {
    name: "fim.complete()",
    respond: answer(fim),
    run: (client) => client.fim.complete({ model: "codestral-latest", prompt: "A span is", suffix: "}" }),
    answers: ["complete"],
    spans: [spanOf(fim, NO_COUNT)],
  },
  ...[64, 7].map((chunkBytes): Scenario<Mistral> => ({
    name: `chat.stream() in pieces of ${chunkBytes} bytes`,
    respond: answer(stream, { chunkBytes }),
    run: iterate,
    answers: ["complete"],
    spans: [spanOf(stream, NO_COUNT)],
  })),
  {
    name: "agents.stream() of a tool call",
    respond: answer(agent, { chunkBytes: 64 }),
    run: async (client, stage) =>
      logAll(await client.agents.stream({ agentId: "ag_01", messages: question.messages }), stage),
    answers: ["complete"],
    spans: [spanOf(agent, NO_COUNT)],
  },
];

const failures: Scenario<Mistral>[] = [
  {
    name: "a provider that is down, then a stream",
    respond: [refusal(503, { detail: "Try again" }), answer(stream)],
    run: async (client, stage) => {
      const retries = { strategy: "backoff" as const, retryConnectionErrors: true };
      return await logAll(await client.chat.stream(question, { retries }), stage);
    },
    answers: ["complete", "complete"],
    // the SDK leaves the body of the refusal unread, so that its attempt ends with the session
    openAttempts: 1,
    spans: [spanOf(stream, NO_COUNT), refused(503)],
  },
  {
    name: "a wrong key",
    respond: refusal(401, { detail: "Unauthorized" }),
    run: iterate,
    throws: "SDKError",
    answers: ["complete"],
    spans: [refused(401)],
  },
  {
    name: "a capacity that is exceeded",
    respond: answer(limited),
    run: iterate,
    throws: "SDKError",
    answers: ["complete"],
    spans: [spanOf(limited, NO_COUNT)],
  },
  {
    name: "a request that does not fit its schema",
    respond: refusal(422, { detail: [{ type: "missing", loc: ["body", "model"], msg: "Field required" }] }),
    run: (client) => client.chat.complete(question),
    throws: "HTTPValidationError",
    answers: ["complete"],
    spans: [refused(422)],
  },
  {
    name: "a piece of a stream that is no chunk",
    respond: answer(stream, { body: 'data: {"object":"chat.completion.chunk","choices":[]}\n\n' }),
    run: iterate,
    throws: "ZodError",
    answers: ["complete"],
    // the SDK cancels what it cannot read
    spans: [{ ids: [CORRELATION_ID], status: 200, outcome: "cancelled" }],
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

const stops: Scenario<Mistral>[] = [
  {
    name: "break at the first text",
    respond: stalledAnswer(stream, UP_TO_TEXT),
    run: async (client, stage) => {
      const events = await client.chat.stream(question);
      let count = 0;
      for await (const event of events) {
        stage.log(event);
        if (++count === UP_TO_TEXT) break;
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
      const events = await client.chat.stream(question, { signal: controller.signal });
      let count = 0;
      for await (const event of events) {
        stage.log(event);
        if (++count === UP_TO_TEXT) controller.abort(new Error("mine"));
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
      const completion = client.chat.complete(question, { signal: controller.signal });
      requestsSeen(emulator).then(() => controller.abort());
      return await completion;
    },
    throws: "RequestAbortedError",
    answers: ["cancelled"],
    spans: [{ outcome: "cancelled" }],
  },
];

testScenarios("mistral", mistralClient, [...reads, ...failures, ...stops]);
