/** The official SDK of OpenAI, and what its scenarios ask. */

import { OpenAI } from "openai";

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
