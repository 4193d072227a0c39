/** The official SDK of OpenAI, and what its scenarios ask. */

import { OpenAI } from "openai";
import type { HttpFixture } from "../support/fixtures.ts";
import { logAll, type Scenario } from "./compare.ts";

export { OpenAI };

/** A client that retries only where a scenario says so, and logs nothing. */
export function openaiClient(fetch: typeof globalThis.fetch): OpenAI {
  return new OpenAI({ apiKey: "sk-test", fetch, maxRetries: 0, logLevel: "off" });
}

/** What is asked. */
export const question = {
  model: "gpt-5-mini",
  messages: [{ role: "user", content: "Grüezi, what is a span?" }],
} satisfies OpenAI.ChatCompletionCreateParamsNonStreaming;

/** The same, for an answer in pieces. */
export const streamed = {
  ...question,
  stream: true,
  stream_options: { include_usage: true },
} satisfies OpenAI.ChatCompletionCreateParamsStreaming;

type Run = Scenario<OpenAI>["run"];

/** Asks for a completion. */
export const complete: Run = (client) => client.chat.completions.create(question);

/** Asks for a stream and logs its chunks. */
export const iterate: Run = async (client, stage) =>
  logAll(await client.chat.completions.create(streamed), stage);

/** Asks another provider for a stream, through the same SDK. */
export const iterateAt = ({ request }: HttpFixture): Run => (client, stage) =>
  iterate(client.withOptions({ baseURL: request.url.replace("/chat/completions", "") }), stage);

/** Lets the SDK try again. */
export const retrying = (maxRetries: number, run: Run): Run => (client, stage) =>
  run(client.withOptions({ maxRetries }), stage);

/** What is known of `openai/chat_stream` when only its first events were read. */
export const firstEvents = {
  ids: ["req_0f2c6b7d1e", "chatcmpl-BfKt0aTeespan01"],
  status: 200,
  retryCount: 0,
} as const;

/** All events of `runTools()`. */
export const RUNNER_EVENTS = [
  "connect",
  "message",
  "chatCompletion",
  "functionToolCall",
  "functionToolCallResult",
  "finalContent",
  "finalMessage",
  "finalChatCompletion",
  "finalFunctionToolCall",
  "finalFunctionToolCallResult",
  "totalUsage",
  "error",
  "abort",
  "end",
] as const;

/** All events of `stream()`. */
export const EVENTS = [
  ...RUNNER_EVENTS,
  "chunk",
  "content",
  "content.delta",
  "content.done",
  "refusal.delta",
  "tool_calls.function.arguments.delta",
  "tool_calls.function.arguments.done",
] as const;
