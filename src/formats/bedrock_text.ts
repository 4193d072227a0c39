/**
 * The text models of Amazon Bedrock's Invoke that have small shapes of their own: Llama, Titan, Mistral, old Claude.
 *
 * @see {@link https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html}
 * @module
 */

import { Notes } from "../notes.ts";
import type { Answer, Facts, JsonFormat, Sink } from "../types.ts";
import { readAwsAnswer } from "../wire/aws_answer.ts";
import { asCount, asList, asObject, asText, type JsonObject } from "../wire/json.ts";

/** The formats of the text models. */
export function bedrockText(): JsonFormat {
  return {
    name: "bedrock_text",
    request: () => ({ operationName: "text_completion" }),
    open: (sink) => new TextAnswer(sink),
    read: (response, sink) => readAwsAnswer(response, sink, new TextAnswer(sink)),
  };
}

/** One answer. An event and a document have the same fields, at the top or in a list. */
class TextAnswer implements Answer {
  readonly #notes: Notes;

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
    const results = [...asList(body.results), ...asList(body.outputs)].map(asObject);
    for (const [index, result] of [body, ...results].entries()) {
      const { completion, generation, outputText, text, stop_reason, completionReason } = result ?? {};
      const choice = Math.max(0, index - 1);
      const words = [completion, generation, outputText, text].find(asText);
      if (words) this.#notes.output("text", asText(words), choice);
      this.#notes.finish(asText(stop_reason) ?? asText(completionReason), choice);
    }
    this.#notes.facts(countTokens(body, results));
  }

  /** A stream that ends without stop reason was cut on its way. */
  end(): void {
    const { failed, finished } = this.#notes;
    if (!failed && !finished) this.#notes.fail({ type: "truncated" });
  }
}

/** Llama and Titan count, and their streams so far; Mistral and old Claude do not. */
function countTokens(body: JsonObject, results: readonly (JsonObject | undefined)[]): Facts {
  const counts = results.map((result) => asCount(result?.tokenCount)).filter((count) => count !== undefined);
  return {
    inputTokens: asCount(body.prompt_token_count) ?? asCount(body.inputTextTokenCount),
    outputTokens: asCount(body.generation_token_count) ?? asCount(body.totalOutputTextTokenCount) ??
      (counts.length > 0 ? counts.reduce((sum, count) => sum + count) : undefined),
  };
}
