/**
 * OpenAI Chat Completions, and the many hosts that speak it.
 *
 * @see {@link https://platform.openai.com/docs/api-reference/chat}
 * @module
 */

import { Notes } from "../notes.ts";
import type { Answer, Facts, JsonFormat, Sink } from "../types.ts";
import { readAnswer } from "../wire/answer.ts";
import { asCount, asList, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";

/** Where a host departs from OpenAI's own arithmetic. */
export interface ChatQuirks {
  /** `completion_tokens` leaves reasoning out (xAI), so it is added. */
  readonly outputExcludesReasoning?: boolean | undefined;
}

/** Keys of a chunk whose values are mere words. */
const WORDS: ReadonlySet<string> = new Set([
  "arguments",
  "content",
  "created",
  "obfuscation",
  "p",
  "reasoning",
  "reasoning_content",
  "refusal",
  "text",
  "token_id",
]);

/** The Chat Completions format. */
export function openaiChat(quirks: ChatQuirks = {}): JsonFormat {
  return {
    name: "openai_chat",
    request({ json }) {
      const body = asObject(json);
      return {
        operationName: "chat",
        requestModel: asText(body?.model),
        streamed: body === undefined ? undefined : body.stream === true,
      };
    },
    open: (sink) => new ChatAnswer(sink, quirks),
    read: (response, sink) =>
      readAnswer(response, sink, new ChatAnswer(sink, quirks), { words: WORDS, endMarker: "[DONE]" }),
  };
}

/** One answer. A chunk and a whole completion have the same fields but `delta` and `message`. */
class ChatAnswer implements Answer {
  readonly #notes: Notes;
  readonly #quirks: ChatQuirks;
  #counted = false;

  constructor(sink: Sink, quirks: ChatQuirks) {
    this.#notes = new Notes(sink);
    this.#quirks = quirks;
  }

  event(json: unknown): boolean {
    this.document(json);
    return this.#notes.takeNews();
  }

  document(json: unknown): void {
    const body = asObject(json);
    if (body === undefined) return this.#notes.unread();
    this.#takeError(body);
    const id = asText(body.id);
    this.#notes.id(id, "response");
    this.#notes.facts({
      responseId: id,
      responseModel: asText(body.model),
      serviceTier: asText(body.service_tier),
    });
    for (const choice of asList(body.choices)) this.#takeChoice(asObject(choice));
    // Groq's older streams have it in a corner of their own
    this.#takeUsage(asObject(body.usage) ?? asObject(asObject(body.x_groq)?.usage));
  }

  /** A stream that ends without end marker, finish reason and usage was cut on its way. */
  end(): void {
    const { failed, finished } = this.#notes;
    if (!failed && !finished && !this.#counted) this.#notes.fail({ type: "truncated" });
  }

  #takeChoice(choice: JsonObject | undefined): void {
    this.#notes.finish(asText(choice?.finish_reason), asCount(choice?.index));
    const output = asObject(choice?.delta) ?? asObject(choice?.message);
    if (output !== undefined) this.#takeOutput(output);
  }

  /** A first chunk with only a role, or with empty content, is no output yet. */
  #takeOutput(output: JsonObject): void {
    this.#takeContent(output.content);
    if (asText(output.refusal)) this.#notes.output("refusal");
    for (
      const call of [...asList(output.tool_calls), output.function_call && { function: output.function_call }]
    ) {
      const { id, function: called } = asObject(call) ?? {};
      if (called) this.#notes.toolCall(asText(asObject(called)?.name), asText(id));
    }
    if (asObject(output.audio)) this.#notes.output("audio");
    if (asText(output.reasoning_content) ?? asText(output.reasoning)) this.#notes.output("reasoning");
  }

  /** Content is text, or at Mistral a list of parts of which some are thinking. */
  #takeContent(content: unknown): void {
    if (asText(content)) this.#notes.output("text");
    for (const part of asList(content)) {
      const { type, text } = asObject(part) ?? {};
      if (type === "thinking") this.#notes.output("reasoning");
      else if (asText(text)) this.#notes.output("text");
    }
  }

  /** A later object of zeros, as some hosts send, does not replace counts. */
  #takeUsage(usage: JsonObject | undefined): void {
    if (usage === undefined) return;
    const facts = countTokens(usage, this.#quirks);
    const counted = (facts.inputTokens ?? 0) + (facts.outputTokens ?? 0) > 0;
    if (!counted && this.#counted) return;
    this.#counted = true;
    this.#notes.facts(facts);
  }

  /** `{error: {type, code}}` at OpenAI, `{error: "text", code}` at xAI; beside choices, or alone. */
  #takeError(body: JsonObject): void {
    const error = asObject(body.error);
    if (error === undefined && asText(body.error) === undefined) return;
    this.#notes.fail({ type: asWord(error?.type) ?? "error", code: asWord(error?.code ?? body.code) });
    this.#notes.id(asText(body.request_id) ?? asText(error?.request_id), "request");
  }
}

function countTokens(usage: JsonObject, quirks: ChatQuirks): Facts {
  const input = asObject(usage.prompt_tokens_details);
  const output = asObject(usage.completion_tokens_details);
  const reasoning = asCount(output?.reasoning_tokens) ?? asCount(usage.reasoning_tokens);
  const completion = asCount(usage.completion_tokens);
  return {
    inputTokens: asCount(usage.prompt_tokens),
    cachedInputTokens: asCount(input?.cached_tokens) ?? asCount(usage.cached_tokens) ??
      asCount(usage.prompt_cache_hit_tokens),
    cacheWriteInputTokens: asCount(input?.cache_write_tokens),
    textInputTokens: asCount(input?.text_tokens),
    audioInputTokens: asCount(input?.audio_tokens),
    imageInputTokens: asCount(input?.image_tokens),
    outputTokens: completion !== undefined && quirks.outputExcludesReasoning
      ? completion + (reasoning ?? 0)
      : completion,
    reasoningOutputTokens: reasoning,
    textOutputTokens: asCount(output?.text_tokens),
    audioOutputTokens: asCount(output?.audio_tokens),
    imageOutputTokens: asCount(output?.image_tokens),
  };
}
