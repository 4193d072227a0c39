import { fixture } from "../support/fixtures.ts";
import { answer, endOfEvent, logEvents, type Scenario, stalledAnswer, testScenarios } from "./compare.ts";
import {
  complete,
  firstEvents,
  iterate,
  iterateAt,
  type OpenAI,
  openaiClient,
  retrying,
  streamed,
} from "./openai_client.ts";
import { spanOf } from "./span_summary.ts";

const stream = fixture("openai", "chat_stream");
const json = fixture("openai", "chat_json");
const limited = fixture("openai", "error_429");
const truncated = fixture("openai", "truncated");
const groqError = fixture("groq", "error_event");
const routerError = fixture("openrouter", "error_in_stream");

const brokenConnections: Scenario<OpenAI>[] = [
  {
    name: "a provider that does not listen",
    respond: {},
    refuse: true,
    run: complete,
    throws: "APIConnectionError",
    answers: [],
    spans: [{ outcome: "error", errorType: "TypeError", retryCount: 0 }],
  },
  {
    name: "a reset before the headers",
    respond: { fault: { kind: "reset", beforeHeaders: true } },
    run: complete,
    throws: "APIConnectionError",
    answers: ["fault"],
    spans: [{ outcome: "error", errorType: "TypeError", retryCount: 0 }],
  },
  {
    name: "a reset before the headers, then an answer",
    respond: [{ fault: { kind: "reset", beforeHeaders: true } }, answer(stream)],
    run: retrying(1, iterate),
    answers: ["fault", "complete"],
    spans: [
      { outcome: "error", errorType: "TypeError", retryCount: 0 },
      spanOf(stream, { retryCount: 1 }),
    ],
  },
  ...(["reset", "truncate"] as const).flatMap((kind): Scenario<OpenAI>[] => [
    {
      name: `a ${kind} in the middle of a stream`,
      respond: answer(stream, { fault: { kind, afterBytes: endOfEvent(stream, 2) + 9 } }),
      run: iterate,
      throws: "TypeError",
      answers: ["fault"],
      spans: [{ ...firstEvents, outcome: "error", errorType: "TypeError", ttft: true }],
    },
    {
      name: `a ${kind} in the middle of a completion`,
      respond: answer(json, { fault: { kind, afterBytes: 200 } }),
      run: complete,
      throws: "TypeError",
      answers: ["fault"],
      spans: [{ ids: ["req_json"], status: 200, outcome: "error", errorType: "TypeError", retryCount: 0 }],
    },
    {
      name: `a ${kind} in the middle of a refusal`,
      respond: answer(limited, { fault: { kind, afterBytes: 50 } }),
      run: complete,
      throws: "RateLimitError",
      answers: ["fault"],
      spans: [{ ids: ["req_429"], status: 429, outcome: "error", errorType: "429", retryCount: 0 }],
    },
  ]),
];

const nonsense: Scenario<OpenAI>[] = [
  {
    name: "an error event in a stream",
    respond: answer(groqError),
    run: iterateAt(groqError),
    throws: "APIError",
    answers: ["complete"],
    spans: [spanOf(groqError)],
  },
  {
    name: "an error object beside choices in a stream",
    respond: stalledAnswer(routerError, 2),
    run: iterateAt(routerError),
    throws: "APIError",
    // the SDK stops at the error and does not wait for the usage
    answers: ["cancelled"],
    spans: [spanOf(routerError, { usage: undefined })],
  },
  {
    name: "a stream that ends too early",
    respond: answer(truncated),
    run: iterate,
    answers: ["complete"],
    spans: [spanOf(truncated)],
  },
  {
    name: "stream() of a stream that ends too early",
    respond: answer(truncated),
    run: async (client, stage) => {
      const helper = client.chat.completions.stream(streamed);
      logEvents(helper, ["connect", "chunk", "error", "abort", "end"], stage);
      return await helper.finalChatCompletion();
    },
    throws: "OpenAIError",
    answers: ["complete"],
    spans: [spanOf(truncated)],
  },
];

const asStream = { "content-type": "text/event-stream", "x-request-id": "req_1" };
const asJson = { "content-type": "application/json", "x-request-id": "req_1" };
const garbage = new Uint8Array([0, 255, 10, 13, 10, 10, 0xc3, 0x28, 123, 10, 10]);

/** Answers with status 200 and a body that is not what was asked for. */
const bodies: Scenario<OpenAI>[] = [
  {
    name: "a stream of garbage",
    run: iterate,
    respond: { headers: asStream, body: garbage },
    span: { outcome: "error", errorType: "truncated" },
  },
  {
    name: "a stream with an event that is no JSON",
    run: iterate,
    respond: { headers: asStream, body: 'data: {"id":"chatcmpl-1","choices":[]}\n\ndata: {"id":\n\n' },
    throws: "SyntaxError",
    span: { ids: ["req_1", "chatcmpl-1"], outcome: "cancelled", unread: 1 },
  },
  {
    name: "an empty stream",
    run: iterate,
    respond: { headers: asStream, body: "" },
    span: { outcome: "error", errorType: "truncated" },
  },
  {
    name: "a stream of blank lines",
    run: iterate,
    respond: { headers: asStream, body: "\n\n\n" },
    span: { outcome: "error", errorType: "truncated" },
  },
  {
    name: "an answer without a body where a stream was asked for",
    run: iterate,
    respond: { status: 204, headers: { "x-request-id": "req_1" } },
    throws: "OpenAIError",
    span: { status: 204 },
  },
  {
    name: "a JSON document where a stream was asked for",
    run: iterate,
    respond: { headers: asJson, body: json.body },
    span: spanOf(json, { ids: ["req_1", "chatcmpl-json1"], ttft: true }),
  },
  {
    name: "a stream where a completion was asked for",
    run: complete,
    respond: { headers: asStream, body: stream.body },
    span: spanOf(stream, { ids: ["req_1", "chatcmpl-BfKt0aTeespan01"] }),
  },
  {
    name: "a web page where a completion was asked for",
    run: complete,
    respond: { headers: { "content-type": "text/html", "x-request-id": "req_1" }, body: "<h1>Hi</h1>" },
    span: { outcome: "error", errorType: "unreadable", unread: 1 },
  },
  {
    name: "a completion of garbage",
    run: complete,
    respond: { headers: asJson, body: garbage },
    throws: "SyntaxError",
    span: { outcome: "error", errorType: "unreadable", unread: 1 },
  },
  {
    name: "an empty completion",
    run: complete,
    respond: { headers: asJson, body: "" },
    span: { outcome: "error", errorType: "truncated" },
  },
  {
    name: "a completion that says it is empty",
    run: complete,
    respond: { headers: { ...asJson, "content-length": "0" } },
    span: {},
  },
  {
    name: "a completion that is null",
    run: complete,
    respond: { headers: asJson, body: "null" },
    span: { unread: 1 },
  },
  {
    name: "a completion with strange members",
    run: complete,
    respond: { headers: asJson, body: '{"id":7,"choices":{"0":null},"usage":[]}' },
    span: {},
  },
  {
    name: "no completion at all",
    run: complete,
    respond: { status: 204, headers: { "x-request-id": "req_1" } },
    span: { status: 204 },
  },
].map(({ span, ...scenario }): Scenario<OpenAI> => ({
  ...scenario,
  answers: ["complete"],
  spans: [{ ids: ["req_1"], status: 200, outcome: "success", retryCount: 0, ...span }],
}));

testScenarios("openai", openaiClient, [...bodies, ...brokenConnections, ...nonsense]);
