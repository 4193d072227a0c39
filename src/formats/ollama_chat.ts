/**
 * Ollama's own API: lines of JSON, of which the last says `done`. A whole answer is one such line.
 *
 * @see {@link https://docs.ollama.com/api/chat}
 * @see {@link https://docs.ollama.com/api/generate}
 * @module
 */

import { Notes } from "../notes.ts";
import type { Answer, Facts, JsonFormat, Sink } from "../types.ts";
import { readAnswer } from "../wire/answer.ts";
import { asCount, asList, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";

/** Keys of a line whose values are mere words. */
const WORDS: ReadonlySet<string> = new Set(["content", "created_at", "response", "thinking"]);

/** Ollama's format. There is no id; it streams unless asked not to. */
export function ollamaChat(): JsonFormat {
  return {
    name: "ollama_chat",
    request({ url, json }) {
      const body = asObject(json);
      return {
        operationName: url.pathname.endsWith("/chat") ? "chat" : "text_completion",
        requestModel: asText(body?.model),
        streamed: body === undefined ? undefined : body.stream !== false,
      };
    },
    open: (sink) => new LineAnswer(sink),
    // the cloud calls its lines plain JSON
    read: (response, sink) =>
      readAnswer(response, sink, new LineAnswer(sink), { words: WORDS, jsonLines: true }),
  };
}

/** One answer. */
class LineAnswer implements Answer {
  readonly #notes: Notes;
  #done = false;

  constructor(sink: Sink) {
    this.#notes = new Notes(sink);
  }

  /** Nothing follows an error, and SDKs that throw there leave the body open. */
  event(json: unknown): boolean {
    this.document(json);
    if (this.#notes.failed) this.#notes.complete();
    return this.#notes.takeNews();
  }

  document(json: unknown): void {
    const body = asObject(json);
    if (body === undefined) return this.#notes.unread();
    if (body.error) return this.#takeError(body.error);
    this.#notes.facts({ responseModel: asText(body.model) });
    this.#takeOutput(asObject(body.message) ?? { content: body.response, thinking: body.thinking });
    if (body.done !== true) return;
    this.#done = true;
    this.#notes.finish(asText(body.done_reason));
    this.#notes.facts(countTokens(body));
    this.#notes.complete();
  }

  /** A stream whose last line is not the last was cut on its way. */
  end(): void {
    if (!this.#notes.failed && !this.#done) this.#notes.fail({ type: "truncated" });
  }

  /** Calls come whole, and often without an id. */
  #takeOutput(output: JsonObject): void {
    if (asText(output.thinking)) this.#notes.output("reasoning", asText(output.thinking));
    if (asText(output.content)) this.#notes.output("text", asText(output.content));
    for (const call of asList(output.tool_calls)) {
      const { id, function: called } = asObject(call) ?? {};
      const { name, arguments: given } = asObject(called) ?? {};
      this.#notes.toolCall(asText(name), asText(id), { arguments: given });
    }
  }

  /** Mere text, in Ollama's own words. */
  #takeError(error: unknown): void {
    this.#notes.fail({ type: asWord(asObject(error)?.type) ?? "error" });
  }
}

/** The input's count is left out where all of it was cached. */
function countTokens(body: JsonObject): Facts {
  return { inputTokens: asCount(body.prompt_eval_count), outputTokens: asCount(body.eval_count) };
}
