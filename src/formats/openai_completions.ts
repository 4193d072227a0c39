/**
 * OpenAI Completions, the format before Chat. Open models are completed with it still, code above all.
 *
 * @see {@link https://platform.openai.com/docs/api-reference/completions}
 * @module
 */

import { Notes } from "../notes.ts";
import type { Answer, JsonFormat, Sink } from "../types.ts";
import { readAnswer } from "../wire/answer.ts";
import { asCount, asList, asObject, asText, type JsonObject } from "../wire/json.ts";
import { countTokens, readError, readErrorId, readRequest } from "../wire/openai.ts";

/** Keys of a chunk whose values are mere words. */
const WORDS: ReadonlySet<string> = new Set(["created", "obfuscation", "text"]);

/** The Completions format. */
export function openaiCompletions(): JsonFormat {
  return {
    name: "openai_completions",
    request: (request) => readRequest(request, "text_completion"),
    open: (sink) => new CompletionAnswer(sink),
    read: (response, sink) =>
      readAnswer(response, sink, new CompletionAnswer(sink), { words: WORDS, endMarker: "[DONE]" }),
  };
}

/** One answer. A chunk and a whole completion have the same fields. */
class CompletionAnswer implements Answer {
  readonly #notes: Notes;
  #counted = false;

  constructor(sink: Sink) {
    this.#notes = new Notes(sink);
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
    this.#takeUsage(asObject(body.usage));
  }

  /** A stream that ends without end marker, finish reason and usage was cut on its way. */
  end(): void {
    const { failed, finished } = this.#notes;
    if (!failed && !finished && !this.#counted) this.#notes.fail({ type: "truncated" });
  }

  #takeChoice(choice: JsonObject | undefined): void {
    const index = asCount(choice?.index);
    this.#notes.finish(asText(choice?.finish_reason), index);
    if (asText(choice?.text)) this.#notes.output("text", asText(choice?.text), index);
  }

  /** A later object of zeros, as some hosts send, does not replace counts. */
  #takeUsage(usage: JsonObject | undefined): void {
    if (usage === undefined) return;
    const facts = countTokens(usage);
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
