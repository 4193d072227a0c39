/**
 * OpenAI Chat Completions, and the many hosts that speak it.
 *
 * @see {@link https://platform.openai.com/docs/api-reference/chat}
 * @module
 */

import { Notes } from "../notes.ts";
import type { Answer, JsonFormat, Sink } from "../types.ts";
import { readAnswer } from "../wire/answer.ts";
import { asCount, asList, asObject, asText, asTexts, type JsonObject } from "../wire/json.ts";
import { countTokens, readError, readErrorId, readRequest } from "../wire/openai.ts";

/** Where a host departs from OpenAI's own arithmetic: for all its models, or for those whose name fits. */
export interface ChatQuirks {
  /** `completion_tokens` leaves reasoning out (xAI), so it is added. */
  readonly outputExcludesReasoning?: boolean | RegExp | undefined;
  /** `cached_tokens` counts what `prompt_tokens` leaves out (Grok on Azure): no part of the input, so not noted. */
  readonly cachedOutsideInput?: boolean | RegExp | undefined;
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
    request: (request) => readRequest(request, "chat"),
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
    this.#takeUsage(usageOf(body), asText(body.model));
  }

  /** A stream that ends without end marker, finish reason and usage was cut on its way. */
  end(): void {
    const { failed, finished } = this.#notes;
    if (!failed && !finished && !this.#counted) this.#notes.fail({ type: "truncated" });
  }

  #takeChoice(choice: JsonObject | undefined): void {
    const index = asCount(choice?.index);
    this.#notes.finish(asText(choice?.finish_reason), index);
    const output = asObject(choice?.delta) ?? asObject(choice?.message);
    if (output !== undefined) this.#takeOutput(output, index);
  }

  /** A first chunk with only a role, or with empty content, is no output yet. */
  #takeOutput(output: JsonObject, choice: number | undefined): void {
    // MiniMax has it in a list alone, OpenRouter beside the text
    const details = asList(output.reasoning_details).map((detail) => asText(asObject(detail)?.text));
    const reasoning = [output.reasoning_content, output.reasoning, ...details].find(asText);
    if (reasoning) this.#notes.output("reasoning", asText(reasoning), choice);
    this.#takeContent(output.content, choice);
    if (asText(output.refusal)) this.#notes.output("refusal", asText(output.refusal), choice);
    const calls = [...asList(output.tool_calls), output.function_call && { function: output.function_call }];
    for (const [place, call] of calls.entries()) {
      const { id, index = place, function: called } = asObject(call) ?? {};
      const { name, arguments: given } = asObject(called) ?? {};
      if (called) this.#notes.toolCall(asText(name), asText(id), { key: `${index}`, arguments: given });
    }
    if (asObject(output.audio)) this.#notes.output("audio");
  }

  /** Content is text, or at Mistral a list of parts of which some are thinking. */
  #takeContent(content: unknown, choice: number | undefined): void {
    if (asText(content)) this.#notes.output("text", asText(content), choice);
    for (const part of asList(content)) {
      const { type, text, thinking } = asObject(part) ?? {};
      if (type === "thinking") this.#notes.output("reasoning", asTexts(thinking), choice);
      else if (asText(text)) this.#notes.output("text", asText(text), choice);
    }
  }

  /** A later object of zeros, as some hosts send, does not replace counts. */
  #takeUsage(usage: JsonObject | undefined, model = ""): void {
    if (usage === undefined) return;
    const { outputExcludesReasoning, cachedOutsideInput } = this.#quirks;
    const facts = countTokens(usage, {
      outputExcludesReasoning: fits(outputExcludesReasoning, model),
      cachedOutsideInput: fits(cachedOutsideInput, model),
    });
    const counted = (facts.inputTokens ?? 0) + (facts.outputTokens ?? 0) > 0;
    if (!counted && this.#counted) return;
    this.#counted = true;
    this.#notes.facts(facts);
  }

  #takeError(body: JsonObject): void {
    const failure = readError(body);
    if (failure === undefined) return;
    this.#notes.fail(failure);
    this.#notes.id(readErrorId(body), "request");
  }
}

/** Groq's older streams have it in a corner of their own, Moonshot's in the choice. */
function usageOf(body: JsonObject): JsonObject | undefined {
  return asObject(body.usage) ?? asObject(asObject(body.x_groq)?.usage) ??
    asObject(asObject(asList(body.choices)[0])?.usage);
}

function fits(models: boolean | RegExp | undefined, model: string): boolean {
  return typeof models === "object" ? model.search(models) >= 0 : models === true;
}
