/** The official SDK of Anthropic, and what its scenarios ask. */

import { Anthropic } from "@anthropic-ai/sdk";
import { logAll, type Scenario } from "./compare.ts";

export { Anthropic };

/** A client that retries only where a scenario says so, and logs nothing. */
export function anthropicClient(fetch: typeof globalThis.fetch): Anthropic {
  return new Anthropic({ apiKey: "sk-test", fetch, maxRetries: 0, logLevel: "off" });
}

/** What is asked. */
export const question = {
  model: "claude-haiku-5",
  max_tokens: 64,
  messages: [{ role: "user", content: "Grüezi, what is a span?" }],
} satisfies Anthropic.MessageCreateParamsNonStreaming;

/** The same, for an answer in pieces. */
export const streamed = { ...question, stream: true } satisfies Anthropic.MessageCreateParamsStreaming;

type Run = Scenario<Anthropic>["run"];

/** Asks for a message. */
export const complete: Run = (client) => client.messages.create(question);

/** Asks for a stream and logs its events. */
export const iterate: Run = async (client, stage) => logAll(await client.messages.create(streamed), stage);

/** Lets the SDK try again. */
export const retrying = (maxRetries: number, run: Run): Run => (client, stage) =>
  run(client.withOptions({ maxRetries }), stage);

/** All events of `stream()`. */
export const EVENTS = [
  "connect",
  "streamEvent",
  "text",
  "inputJson",
  "thinking",
  "signature",
  "message",
  "contentBlock",
  "finalMessage",
  "error",
  "abort",
  "end",
] as const;

/** A tool. */
export const lookup = {
  name: "lookup",
  input_schema: { type: "object", properties: { q: { type: "string" } } },
} satisfies Anthropic.Tool;

/** How many events `anthropic/messages_stream` has up to the first text. */
export const UP_TO_TEXT = 8;

/** What is known of it when it was read that far. */
export const firstEvents = {
  ids: ["req_011Ateespan", "msg_01Teespan"],
  status: 200,
  retryCount: 0,
  usage: [20, 1],
  ttft: true,
} as const;
