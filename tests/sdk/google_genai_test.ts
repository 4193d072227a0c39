import { FunctionCallingConfigMode, GoogleGenAI } from "@google/genai";
import type { EmulatedResponse } from "../../src/testing/mod.ts";
import { fixture } from "../support/fixtures.ts";
import { logAll, requestsSeen, type Scenario, testScenarios } from "./compare.ts";
import { DATED, datedAnswer as answer } from "./dated_answer.ts";
import { spanOf, type SpanSummary } from "./span_summary.ts";

const json = fixture("gemini", "content_json");
const stream = fixture("gemini", "content_stream");
const tools = fixture("gemini", "tools_stream");
const limited = fixture("gemini", "error_429");

/** The SDK says nothing of its tries. */
const genaiClient = (fetch: typeof globalThis.fetch): GoogleGenAI =>
  new GoogleGenAI({ apiKey: "test", vertexai: false, httpOptions: { fetch } });

const question = { model: "gemini-3-flash", contents: "Grüezi, what is a span?" };
const retrying = { config: { httpOptions: { retryOptions: { attempts: 3, initialDelay: 0.001 } } } };
const withTools = {
  config: {
    tools: [{ functionDeclarations: [{ name: "lookup", parametersJsonSchema: { type: "object" } }] }],
    toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } },
  },
};

const NO_COUNT = { retryCount: undefined };

/** Lines end with CRLF. Up to the first text. */
const UP_TO_TEXT =
  new TextDecoder("latin1").decode(stream.body).split("\r\n\r\n", 2).join("\r\n\r\n").length + 4;
const firstEvents: SpanSummary = { ids: ["tees0panAbcDEF12"], status: 200, ttft: true, usage: [120, 34] };
const stalled = answer(stream, { fault: { kind: "stall", afterBytes: UP_TO_TEXT } });

/** The provider is overloaded, and says so. */
const down = {
  status: 503,
  headers: { ...DATED, "content-type": "application/json; charset=UTF-8" },
  body: '{"error":{"code":503,"message":"Try again","status":"UNAVAILABLE"}}\n',
} satisfies EmulatedResponse;
const downSpan: SpanSummary = { status: 503, outcome: "error", errorType: "503", errorCode: "503" };

type Run = Scenario<GoogleGenAI>["run"];

const complete: Run = ({ models }) => models.generateContent(question);
const iterate: Run = async ({ models }, stage) => logAll(await models.generateContentStream(question), stage);

const reads: Scenario<GoogleGenAI>[] = [
  {
    name: "generateContent()",
    respond: answer(json, { chunkBytes: 100 }),
    run: complete,
    answers: ["complete"],
    spans: [spanOf(json, NO_COUNT)],
  },
  {
    name: "generateContentStream()",
    respond: answer(stream),
    run: iterate,
    answers: ["complete"],
    spans: [spanOf(stream, NO_COUNT)],
  },
  {
    name: "generateContentStream() in pieces of 7 bytes",
    respond: answer(stream, { chunkBytes: 7 }),
    run: iterate,
    answers: ["complete"],
    spans: [spanOf(stream, NO_COUNT)],
  },
  {
    name: "generateContentStream() of tool calls",
    respond: answer(tools, { chunkBytes: 64 }),
    run: async ({ models }, stage) =>
      logAll(await models.generateContentStream({ ...question, ...withTools }), stage),
    answers: ["complete"],
    spans: [spanOf(tools, NO_COUNT)],
  },
  {
    name: "a chat of two streams",
    respond: [answer(stream), answer(tools)],
    run: async ({ chats }, stage) => {
      const chat = chats.create({ model: question.model });
      for (const message of ["Grüezi", "And then?"]) {
        await logAll(await chat.sendMessageStream({ message }), stage);
      }
      return chat.getHistory();
    },
    answers: ["complete", "complete"],
    spans: [spanOf(stream, NO_COUNT), spanOf(tools, NO_COUNT)],
  },
];

const failures: Scenario<GoogleGenAI>[] = [
  {
    name: "a provider that is overloaded, then content",
    respond: [down, answer(json)],
    run: ({ models }) => models.generateContent({ ...question, ...retrying }),
    answers: ["complete", "complete"],
    spans: [downSpan, spanOf(json, NO_COUNT)],
  },
  {
    name: "a provider that is overloaded, then a stream",
    respond: [down, answer(stream)],
    run: async ({ models }, stage) =>
      logAll(await models.generateContentStream({ ...question, ...retrying }), stage),
    answers: ["complete", "complete"],
    spans: [downSpan, spanOf(stream, NO_COUNT)],
  },
  {
    name: "generateContent() without quota",
    respond: answer(limited),
    run: complete,
    throws: "ApiError",
    answers: ["complete"],
    spans: [spanOf(limited, NO_COUNT)],
  },
  {
    name: "generateContentStream() without quota",
    respond: answer(limited, { chunkBytes: 50 }),
    run: iterate,
    throws: "ApiError",
    answers: ["complete"],
    spans: [spanOf(limited, NO_COUNT)],
  },
  {
    name: "an error after the events of a stream",
    // the SDK sees it only where it comes alone
    respond: answer(stream, { body: [stream.body.subarray(0, UP_TO_TEXT), down.body], paceMs: 25 }),
    run: iterate,
    throws: "ApiError",
    answers: ["complete"],
    // the SDK leaves its body open, yet the attempt has ended
    spans: [{ ...firstEvents, outcome: "error", errorType: "UNAVAILABLE", errorCode: "503" }],
  },
  {
    name: "a stream without finish reason",
    respond: answer(stream, { body: stream.body.subarray(0, UP_TO_TEXT) }),
    run: iterate,
    answers: ["complete"],
    spans: [{ ...firstEvents, outcome: "error", errorType: "truncated" }],
  },
  {
    name: "a reset in the middle of a stream",
    respond: answer(stream, { fault: { kind: "reset", afterBytes: UP_TO_TEXT } }),
    run: iterate,
    throws: "TypeError",
    answers: ["fault"],
    spans: [{ ...firstEvents, outcome: "error", errorType: "TypeError" }],
  },
];

const stops: Scenario<GoogleGenAI>[] = [
  {
    name: "break at the first text",
    respond: stalled,
    run: async ({ models }, stage) => {
      for await (const piece of await models.generateContentStream(question)) {
        stage.log(piece);
        if (piece.text) break;
      }
    },
    answers: ["cancelled"],
    // the SDK neither reads on nor cancels: nobody can know that the body is of no more use
    openAttempts: 1,
    spans: [{ ...firstEvents, outcome: "abandoned" }],
  },
  {
    name: "a signal that is aborted in the middle of a stream",
    respond: stalled,
    run: async ({ models }, stage) => {
      const controller = new AbortController();
      const config = { abortSignal: controller.signal };
      for await (const piece of await models.generateContentStream({ ...question, config })) {
        stage.log(piece);
        if (piece.text) controller.abort(new Error("mine"));
      }
    },
    throws: "DOMException",
    answers: ["cancelled"],
    spans: [{ ...firstEvents, outcome: "cancelled" }],
  },
  {
    name: "a signal that is aborted before the headers",
    respond: { fault: { kind: "stall", beforeHeaders: true } },
    run: async ({ models }, { emulator }) => {
      const controller = new AbortController();
      const content = models.generateContent({ ...question, config: { abortSignal: controller.signal } });
      requestsSeen(emulator).then(() => controller.abort());
      return await content;
    },
    throws: "DOMException",
    answers: ["cancelled"],
    spans: [{ outcome: "cancelled" }],
  },
];

testScenarios("google genai", genaiClient, [...reads, ...failures, ...stops]);
