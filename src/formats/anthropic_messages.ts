/**
 * Anthropic Messages.
 *
 * @see {@link https://docs.anthropic.com/en/api/messages}
 * @see {@link https://docs.anthropic.com/en/docs/build-with-claude/streaming}
 * @module
 */

import { Notes } from "../notes.ts";
import type { Answer, Facts, JsonFormat, Sink } from "../types.ts";
import { readAnswer } from "../wire/answer.ts";
import { asCount, asList, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { pathPart } from "../wire/path.ts";

/** Keys of an event whose values are mere words. */
const WORDS: ReadonlySet<string> = new Set(["partial_json", "signature", "text", "thinking"]);

/** The Messages format. */
export function anthropicMessages(): JsonFormat {
  return {
    name: "anthropic_messages",
    request({ url, json }) {
      const body = asObject(json);
      return {
        operationName: "chat",
        // Vertex AI has it in the path
        requestModel: asText(body?.model) ?? pathPart(url, /\/([^/]+):\w+$/),
        streamed: body === undefined ? undefined : body.stream === true,
      };
    },
    open: (sink) => new MessageAnswer(sink),
    // Anthropic has no end marker, but some that speak its format have
    read: (response, sink) =>
      readAnswer(response, sink, new MessageAnswer(sink), { words: WORDS, endMarker: "[DONE]" }),
  };
}

/** One answer. */
class MessageAnswer implements Answer {
  readonly #notes: Notes;
  /** Usage comes in two parts of which the later repeats and extends the earlier: merged field by field. */
  #usage: JsonObject = {};

  constructor(sink: Sink) {
    this.#notes = new Notes(sink);
  }

  event(json: unknown): boolean {
    const event = asObject(json);
    switch (event?.type) {
      case "message_start":
        this.#takeMessage(asObject(event.message));
        break;
      case "content_block_start":
        this.#takeBlock(asObject(event.content_block), event.index);
        break;
      case "content_block_delta":
        this.#takeDelta(asObject(event.delta), event.index);
        break;
      case "message_delta":
        this.#notes.finish(asText(asObject(event.delta)?.stop_reason));
        this.#takeUsage(asObject(event.usage));
        break;
      case "message_stop":
        this.#notes.complete();
        break;
      case "error":
        this.#takeError(event);
        break;
      case undefined:
        this.#notes.unread();
        break;
    }
    return this.#notes.takeNews();
  }

  document(json: unknown): void {
    const body = asObject(json);
    if (body === undefined) this.#notes.unread();
    else if (body.type === "error" || asObject(body.error) !== undefined) this.#takeError(body);
    else this.#takeMessage(body);
  }

  /** A stream that ends without stop reason and end marker was cut on its way. */
  end(): void {
    const { failed, finished } = this.#notes;
    if (!failed && !finished) this.#notes.fail({ type: "truncated" });
  }

  #takeMessage(message: JsonObject | undefined): void {
    const id = asText(message?.id);
    this.#notes.id(id, "response");
    this.#notes.facts({ responseId: id, responseModel: asText(message?.model) });
    asList(message?.content).forEach((block, index) => this.#takeBlock(asObject(block), index));
    this.#notes.finish(asText(message?.stop_reason));
    this.#takeUsage(asObject(message?.usage));
  }

  /** A tool block's start names the tool; a text block's start is usually empty. Server tools are the provider's. */
  #takeBlock(block: JsonObject | undefined, index: unknown): void {
    const type = asText(block?.type);
    if (asText(block?.text)) this.#notes.output("text", asText(block?.text));
    else if (asText(block?.thinking)) this.#notes.output("reasoning", asText(block?.thinking));
    else if (type === "tool_use") {
      const details = { key: `${index}`, arguments: block?.input };
      this.#notes.toolCall(asText(block?.name), asText(block?.id), details);
    } else if (type?.endsWith("tool_use")) this.#notes.output("tool");
  }

  #takeDelta(delta: JsonObject | undefined, index: unknown): void {
    const input = asText(delta?.partial_json);
    if (asText(delta?.text)) this.#notes.output("text", asText(delta?.text));
    else if (asText(delta?.thinking)) this.#notes.output("reasoning", asText(delta?.thinking));
    else if (input) this.#notes.toolArguments(`${index}`, input);
  }

  #takeUsage(usage: JsonObject | undefined): void {
    if (usage === undefined) return;
    const known = Object.entries(usage).filter(([, value]) => value !== null);
    this.#usage = { ...this.#usage, ...Object.fromEntries(known) };
    this.#notes.facts({ ...countTokens(this.#usage), serviceTier: asText(this.#usage.service_tier) });
  }

  #takeError(body: JsonObject): void {
    const error = asObject(body.error);
    // Google's front, before Claude on Vertex AI, has a status and a code
    this.#notes.fail({
      type: asWord(error?.type ?? asText(error?.status)) ?? "error",
      code: asWord(error?.code),
    });
    this.#notes.id(asText(body.request_id), "request");
  }
}

/** `input_tokens` leaves cached tokens out; our total has them in. */
function countTokens(usage: JsonObject): Facts {
  const uncached = asCount(usage.input_tokens);
  const cached = asCount(usage.cache_read_input_tokens);
  const written = asCount(usage.cache_creation_input_tokens);
  return {
    inputTokens: uncached === undefined ? undefined : uncached + (cached ?? 0) + (written ?? 0),
    cachedInputTokens: cached,
    cacheWriteInputTokens: written,
    outputTokens: asCount(usage.output_tokens),
    reasoningOutputTokens: asCount(asObject(usage.output_tokens_details)?.thinking_tokens),
  };
}
