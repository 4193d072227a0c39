/** The AI SDK with three of its providers, and what its scenarios ask. */

import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, jsonSchema, type LanguageModel, streamText, tool } from "ai";
import type { Stage } from "./compare.ts";

/** The models of one run. */
export interface Models {
  readonly responses: LanguageModel;
  readonly chat: LanguageModel;
  readonly anthropic: LanguageModel;
  readonly google: LanguageModel;
}

/** Models that use this `fetch`. */
export function aiModels(fetch: typeof globalThis.fetch): Models {
  const settings = { apiKey: "test", fetch, generateId: () => "id" };
  const openai = createOpenAI(settings);
  return {
    responses: openai.responses("gpt-5.2"),
    chat: openai.chat("gpt-5-mini"),
    anthropic: createAnthropic(settings)("claude-haiku-5"),
    google: createGoogle(settings)("gemini-3-flash"),
  };
}

const lookup = tool({
  inputSchema: jsonSchema<unknown>({ type: "object", properties: { q: { type: "string" } } }),
  execute: (input) => `found ${JSON.stringify(input)}`,
});

/** How a scenario asks. */
export interface Asking {
  readonly tools?: true;
  readonly maxRetries?: number;
  readonly abortSignal?: AbortSignal;
}

/** The question, without what the clock and chance would decide. */
function question(model: LanguageModel, { tools, maxRetries = 0, abortSignal }: Asking) {
  return {
    model,
    prompt: "Grüezi, what is a span?",
    maxOutputTokens: 64,
    maxRetries,
    ...abortSignal && { abortSignal },
    ...tools && { tools: { lookup, get_span: lookup } },
    _internal: { now: () => 0, generateId: () => "id", generateCallId: () => "call" },
  };
}

/** Asks for a whole text. */
export async function generate(model: LanguageModel, asking: Asking = {}): Promise<unknown> {
  const { text, reasoningText, toolCalls, toolResults, finishReason, usage, response, steps } =
    await generateText(question(model, asking));
  return { text, reasoningText, toolCalls, toolResults, finishReason, usage, response, steps: steps.length };
}

/** Asks for a stream and logs its parts, errors among them; then gives what it makes of them. */
export async function stream(model: LanguageModel, stage: Stage, asking: Asking = {}): Promise<unknown> {
  const result = streamText({
    ...question(model, asking),
    onError: ({ error }) => stage.log("error", error),
  });
  for await (const part of result.fullStream) {
    // how long a tool took is the clock's affair
    stage.log("performance" in part ? { ...part, performance: "measured" } : part);
  }
  const { text, toolResults, finishReason, usage, response } = result;
  return await Promise.allSettled([text, toolResults, finishReason, usage, response]);
}

/** Asks for a stream and stops at its first text: by a signal, or by reading no further before it. */
export async function stop(model: LanguageModel, stage: Stage, how: "abort" | "break"): Promise<void> {
  const controller = new AbortController();
  const { textStream } = streamText({
    ...question(model, { abortSignal: controller.signal }),
    onError: ({ error }) => stage.log("error", error),
    onAbort: () => stage.log("aborted"),
  });
  for await (const text of textStream) {
    stage.log(text);
    if (how === "break") break;
    controller.abort(new Error("mine"));
  }
  // a break alone leaves the body open
  controller.abort();
}
