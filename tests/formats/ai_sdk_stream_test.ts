import assert from "node:assert/strict";
import { aiSdkStream } from "../../src/formats/ai_sdk_stream.ts";
import type { Facts, Failure, OutputKind } from "../../src/types.ts";
import { everyCut } from "../support/cuts.ts";
import { recordSink, type SinkRecord } from "../support/recording_sink.ts";

const url = new URL("https://ai-gateway.vercel.sh/v4/ai/language-model");
const model = "google/gemini-3-flash";
const id = "gen_01TEESPAN";

interface Expected {
  readonly requestIds?: SinkRecord["requestIds"];
  readonly facts?: Facts;
  readonly outputs?: OutputKind[];
  readonly completed?: boolean;
  readonly failure?: Failure;
}

function read(pieces: Iterable<Uint8Array>, status: number, type: string, headers: Headers): SinkRecord {
  const format = aiSdkStream();
  const { record, sink } = recordSink();
  sink.note(format.request({ url, headers, json: { prompt: [] } }));
  const reader = format.read({ status, headers: new Headers({ "content-type": type }) }, sink);
  for (const piece of pieces) {
    const handed = piece.slice();
    reader.push(handed);
    handed.fill(0x2a);
  }
  reader.end();
  return record;
}

/** A test of one answer: a list of parts is a stream, anything else a document. */
function testAnswer(what: string, answer: object, expected: Expected, status = 200): void {
  const streamed = Array.isArray(answer);
  const body = streamed
    ? answer.map((part) => `data: ${JSON.stringify(part)}\n\n`).join("")
    : JSON.stringify(answer);
  const headers = new Headers({
    "ai-language-model-id": model,
    "ai-language-model-streaming": String(streamed),
  });
  Deno.test(`aiSdkStream() reads ${what}, however it is cut`, () => {
    for (const [cut, pieces] of everyCut(new TextEncoder().encode(body))) {
      assert.deepEqual(
        read(pieces, status, streamed ? "text/event-stream" : "application/json", headers),
        {
          requestIds: [],
          outputs: [],
          completed: false,
          ...expected,
          facts: { operationName: "chat", requestModel: model, streamed, ...expected.facts },
        },
        cut,
      );
    }
  });
}

const metadata = { type: "response-metadata", id, modelId: model, timestamp: "2026-09-01T10:00:00.000Z" };
const known: Expected = { requestIds: [[id, "response"]], facts: { responseId: id, responseModel: model } };

testAnswer("a stream with counts of all kinds", [
  { type: "stream-start", warnings: [] },
  metadata,
  { type: "reasoning-start", id: "r1" },
  { type: "reasoning-delta", id: "r1", delta: "Short." },
  { type: "reasoning-end", id: "r1" },
  { type: "text-start", id: "t1" },
  { type: "text-delta", id: "t1", delta: "" },
  { type: "text-delta", id: "t1", delta: "A span is " },
  { type: "text-delta", id: "t1", delta: "wörk." },
  { type: "text-end", id: "t1" },
  { type: "raw", rawValue: { choices: [] } },
  {
    type: "finish",
    finishReason: { unified: "stop", raw: "STOP" },
    usage: {
      inputTokens: { total: 1111, noCache: 11, cacheRead: 1000, cacheWrite: 100 },
      outputTokens: { total: 53, text: 5, reasoning: 48 },
    },
  },
], {
  ...known,
  facts: {
    ...known.facts,
    finishReasons: ["stop"],
    inputTokens: 1111,
    cachedInputTokens: 1000,
    cacheWriteInputTokens: 100,
    outputTokens: 53,
    reasoningOutputTokens: 48,
    textOutputTokens: 5,
  },
  outputs: ["reasoning", "text"],
  completed: true,
});

testAnswer("calls of tools, each once, without those that the provider runs", [
  metadata,
  { type: "tool-input-start", id: "call_s", toolName: "web_search", providerExecuted: true },
  { type: "tool-call", toolCallId: "call_s", toolName: "web_search", input: "{}", providerExecuted: true },
  { type: "tool-result", toolCallId: "call_s", toolName: "web_search", result: [] },
  { type: "tool-input-start", id: "call_1", toolName: "lookup" },
  { type: "tool-input-delta", id: "call_1", delta: '{"q":"é"}' },
  { type: "tool-input-end", id: "call_1" },
  { type: "tool-call", toolCallId: "call_1", toolName: "lookup", input: '{"q":"é"}' },
  { type: "tool-call", toolCallId: "call_2", toolName: "lookup", input: "{}" },
  { type: "finish", finishReason: { unified: "tool-calls", raw: "STOP" }, usage: {} },
], {
  ...known,
  facts: { ...known.facts, finishReasons: ["tool-calls"], toolCalls: ["lookup", "lookup"] },
  outputs: ["tool"],
  completed: true,
});

testAnswer("the counts of older versions", [
  metadata,
  { type: "text-delta", id: "0", delta: "Wörk." },
  {
    type: "finish",
    finishReason: "length",
    usage: { inputTokens: 20, outputTokens: 6, totalTokens: 26, reasoningTokens: 2, cachedInputTokens: 16 },
  },
], {
  ...known,
  facts: {
    ...known.facts,
    finishReasons: ["length"],
    inputTokens: 20,
    cachedInputTokens: 16,
    outputTokens: 6,
    reasoningOutputTokens: 2,
  },
  outputs: ["text"],
  completed: true,
});

testAnswer("a whole result", {
  content: [
    { type: "reasoning", text: "Short." },
    { type: "text", text: "Wörk." },
    { type: "file", mediaType: "audio/wav", data: "AAAA" },
    { type: "tool-call", toolCallId: "call_1", toolName: "lookup", input: "{}" },
  ],
  finishReason: { unified: "tool-calls", raw: "tool_use" },
  usage: { inputTokens: { total: 9 }, outputTokens: { total: 4 } },
  response: { id, modelId: model },
  warnings: [],
}, {
  ...known,
  facts: {
    ...known.facts,
    finishReasons: ["tool-calls"],
    toolCalls: ["lookup"],
    inputTokens: 9,
    outputTokens: 4,
  },
  outputs: ["reasoning", "text", "audio", "tool"],
});

testAnswer(
  "an HTTP error",
  {
    error: { message: "No such model: secret", type: "model_not_found", param: { modelId: "x" } },
    generationId: id,
  },
  { requestIds: [[id, "request"]], failure: { type: "model_not_found" } },
  404,
);

testAnswer("an error inside a stream", [
  metadata,
  { type: "text-delta", id: "0", delta: "A sp" },
  { type: "error", error: { name: "AI_APICallError", message: "Overloaded: secret", statusCode: 529 } },
  { type: "finish", finishReason: { unified: "error" }, usage: { inputTokens: {}, outputTokens: {} } },
], {
  ...known,
  facts: { ...known.facts, finishReasons: ["error"] },
  outputs: ["text"],
  completed: true,
  failure: { type: "AI_APICallError", code: "529" },
});

testAnswer("a stream that was cut", [metadata, { type: "text-delta", id: "0", delta: "A sp" }], {
  ...known,
  outputs: ["text"],
  failure: { type: "truncated" },
});
