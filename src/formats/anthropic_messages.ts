/**
 * Anthropic Messages.
 *
 * @see {@link https://docs.anthropic.com/en/api/messages}
 * @see {@link https://docs.anthropic.com/en/docs/build-with-claude/streaming}
 * @module
 */

import type { Facts, HttpFormat, Sink } from "../types.ts";
import { readBody } from "../wire/body.ts";
import { asCount, asList, asObject, asText, asWord, type JsonObject, parseJson } from "../wire/json.ts";

/** The Messages format. */
export function anthropicMessages(): HttpFormat {
  return {
    name: "anthropic_messages",
    request({ json }) {
      const body = asObject(json);
      return {
        operationName: "chat",
        requestModel: asText(body?.model),
        streamed: body === undefined ? undefined : body.stream === true,
      };
    },
    read(response, sink) {
      const answer = new MessageAnswer(sink);
      return readBody(response, {
        onEvent: (data) => answer.takeEvent(parseJson(data)),
        onDocument: (data) => answer.takeDocument(parseJson(data)),
        onOverflow: () => sink.unread(),
        onStream: () => sink.note({ streamed: true }),
        onStreamEnd: () => answer.endOfStream(),
      });
    },
  };
}

/** What has been seen of one answer. */
class MessageAnswer {
  readonly #sink: Sink;
  /** Usage comes in two parts of which the later repeats and extends the earlier: merged field by field. */
  #usage: JsonObject = {};
  #ended = false;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  takeEvent(json: unknown): void {
    const event = asObject(json);
    switch (event?.type) {
      case "message_start":
        this.#takeMessage(asObject(event.message));
        break;
      case "content_block_start":
        this.#takeBlock(asObject(event.content_block));
        break;
      case "content_block_delta":
        this.#takeDelta(asObject(event.delta));
        break;
      case "message_delta":
        this.#takeStop(asText(asObject(event.delta)?.stop_reason));
        this.#takeUsage(asObject(event.usage));
        break;
      case "message_stop":
        this.#sink.complete();
        break;
      case "error":
        this.#takeError(event);
        break;
      case undefined:
        this.#sink.unread();
        break;
    }
  }

  takeDocument(json: unknown): void {
    const body = asObject(json);
    if (body === undefined) this.#sink.unread();
    else if (body.type === "error" || asObject(body.error) !== undefined) this.#takeError(body);
    else this.#takeMessage(body);
  }

  #takeMessage(message: JsonObject | undefined): void {
    const id = asText(message?.id);
    if (id !== undefined) this.#sink.noteRequestId(id, "response");
    this.#sink.note({ responseId: id, responseModel: asText(message?.model) });
    for (const block of asList(message?.content)) this.#takeBlock(asObject(block));
    this.#takeStop(asText(message?.stop_reason));
    this.#takeUsage(asObject(message?.usage));
  }

  #takeStop(reason: string | undefined): void {
    if (reason === undefined) return;
    this.#ended = true;
    this.#sink.note({ finishReasons: [reason] });
  }

  /** A tool block's start names the tool; a text block's start is usually empty. */
  #takeBlock(block: JsonObject | undefined): void {
    if (asText(block?.text)) this.#sink.output("text");
    else if (asText(block?.thinking)) this.#sink.output("reasoning");
    else if (asText(block?.type)?.endsWith("tool_use")) this.#sink.output("tool");
  }

  #takeDelta(delta: JsonObject | undefined): void {
    if (asText(delta?.text)) this.#sink.output("text");
    else if (asText(delta?.thinking)) this.#sink.output("reasoning");
    else if (asText(delta?.partial_json)) this.#sink.output("tool");
  }

  #takeUsage(usage: JsonObject | undefined): void {
    if (usage === undefined) return;
    const known = Object.entries(usage).filter(([, value]) => value !== null);
    this.#usage = { ...this.#usage, ...Object.fromEntries(known) };
    this.#sink.note({ ...countTokens(this.#usage), serviceTier: asText(this.#usage.service_tier) });
  }

  #takeError(body: JsonObject): void {
    this.#ended = true;
    const error = asObject(body.error);
    this.#sink.fail({ type: asWord(error?.type) ?? "error" });
    const id = asText(body.request_id);
    if (id !== undefined) this.#sink.noteRequestId(id, "request");
  }

  /** A stream that ends without stop reason and end marker was cut on its way. */
  endOfStream(): void {
    if (!this.#ended) this.#sink.fail({ type: "truncated" });
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
