/**
 * Cohere Chat, version 2.
 *
 * @see {@link https://docs.cohere.com/reference/chat}
 * @see {@link https://docs.cohere.com/docs/streaming}
 * @module
 */

import { Notes } from "../notes.ts";
import type { Answer, Facts, JsonFormat, Sink } from "../types.ts";
import { readAnswer } from "../wire/answer.ts";
import { asCount, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";

/** Keys of an event whose values are mere words. */
const WORDS: ReadonlySet<string> = new Set(["arguments", "text", "thinking", "tool_plan"]);

/** Finish reasons that are failures. */
const FAILURES: ReadonlySet<string> = new Set(["ERROR", "TIMEOUT"]);

/** The Chat format. The answer has no model. */
export function cohereChat(): JsonFormat {
  return {
    name: "cohere_chat",
    request({ json }) {
      const body = asObject(json);
      return {
        operationName: "chat",
        requestModel: asText(body?.model),
        streamed: body === undefined ? undefined : body.stream === true,
      };
    },
    open: (sink) => new ChatAnswer(sink),
    read: (response, sink) =>
      readAnswer(response, sink, new ChatAnswer(sink), { words: WORDS, endMarker: "[DONE]" }),
  };
}

/** One answer. */
class ChatAnswer implements Answer {
  readonly #notes: Notes;

  constructor(sink: Sink) {
    this.#notes = new Notes(sink);
  }

  event(json: unknown): boolean {
    const event = asObject(json);
    const delta = asObject(event?.delta);
    switch (event?.type) {
      case "message-start":
        this.#takeId(event);
        break;
      case "message-end":
        if (delta !== undefined) this.#takeOutcome(delta);
        this.#notes.complete();
        break;
      case undefined:
        if (asText(event?.message)) this.#takeError(event!);
        else this.#notes.unread();
        break;
      default:
        this.#takeMessage(asObject(delta?.message), event?.index);
    }
    return this.#notes.takeNews();
  }

  document(json: unknown): void {
    const body = asObject(json);
    if (body === undefined) return this.#notes.unread();
    // an answer's message is an object, an error's is text
    const message = asObject(body.message);
    if (message === undefined) return this.#takeError(body);
    this.#takeId(body);
    this.#takeMessage(message);
    this.#takeOutcome(body);
  }

  /** A stream that ends without finish reason and end marker was cut on its way. */
  end(): void {
    const { failed, finished } = this.#notes;
    if (!failed && !finished) this.#notes.fail({ type: "truncated" });
  }

  #takeId(body: JsonObject): void {
    const id = asText(body.id);
    this.#notes.id(id, "response");
    this.#notes.facts({ responseId: id });
  }

  /** Of a document: lists. Of an event: one part, or one call, with a name only where it starts. */
  #takeMessage(message: JsonObject | undefined, index?: unknown): void {
    // a plan says what the tools are to be called for, before they are
    const plan = asText(message?.tool_plan);
    if (plan) this.#notes.output("reasoning", plan);
    for (const part of listOf(message?.content)) {
      if (asText(part.thinking)) this.#notes.output("reasoning", asText(part.thinking));
      else if (asText(part.text)) this.#notes.output("text", asText(part.text));
    }
    for (const [place, { id, function: called }] of listOf(message?.tool_calls).entries()) {
      const { name, arguments: given } = asObject(called) ?? {};
      this.#notes.toolCall(asText(name), asText(id), { key: `${index ?? place}`, arguments: given });
    }
  }

  #takeOutcome({ finish_reason, usage, error }: JsonObject): void {
    const reason = asText(finish_reason);
    this.#notes.finish(reason);
    this.#notes.facts(countTokens(asObject(usage)));
    if (reason && FAILURES.has(reason)) this.#notes.fail({ type: reason, code: asWord(error) });
  }

  #takeError(body: JsonObject): void {
    this.#notes.fail({ type: asWord(body.error_type) ?? "error" });
    this.#notes.id(asText(body.id), "request");
  }
}

/** The objects of a list, or the one that stands in place of it. */
function listOf(value: unknown): readonly JsonObject[] {
  return (Array.isArray(value) ? value : [value]).map(asObject).filter((item) => item !== undefined);
}

/** `tokens` is what the model read and wrote, its template included; `billed_units` what is paid for. */
function countTokens(usage: JsonObject | undefined): Facts {
  const tokens = asObject(usage?.tokens);
  return {
    inputTokens: asCount(tokens?.input_tokens),
    cachedInputTokens: asCount(usage?.cached_tokens),
    imageInputTokens: asCount(tokens?.image_tokens),
    outputTokens: asCount(tokens?.output_tokens),
    reasoningOutputTokens: asCount(tokens?.reasoning_tokens),
  };
}
