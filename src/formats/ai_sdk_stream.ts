/**
 * The AI SDK's own protocol, as Vercel's gateway speaks it: stream parts, or a whole result.
 *
 * @see {@link https://github.com/vercel/ai/blob/main/packages/provider/src/language-model/v4/language-model-v4-stream-part.ts}
 * @see {@link https://github.com/vercel/ai/blob/main/packages/gateway/src/gateway-language-model.ts}
 * @module
 */

import { Notes } from "../notes.ts";
import type { Answer, Facts, JsonFormat, Sink } from "../types.ts";
import { readAnswer } from "../wire/answer.ts";
import { asCount, asList, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";

/** Keys of a part whose values are mere words. */
const WORDS: ReadonlySet<string> = new Set(["delta"]);

/** The AI SDK's format. The request says in headers which model it is for. */
export function aiSdkStream(): JsonFormat {
  return {
    name: "ai_sdk_stream",
    request({ headers }) {
      const streaming = headers.get("ai-language-model-streaming");
      return {
        operationName: "chat",
        requestModel: asText(headers.get("ai-language-model-id")),
        streamed: streaming === null ? undefined : streaming === "true",
      };
    },
    open: (sink) => new PartAnswer(sink),
    read: (response, sink) =>
      readAnswer(response, sink, new PartAnswer(sink), { words: WORDS, endMarker: "[DONE]" }),
  };
}

/** One answer. */
class PartAnswer implements Answer {
  readonly #notes: Notes;

  constructor(sink: Sink) {
    this.#notes = new Notes(sink);
  }

  event(json: unknown): boolean {
    const part = asObject(json);
    if (part === undefined) this.#notes.unread();
    else this.#takePart(part);
    return this.#notes.takeNews();
  }

  document(json: unknown): void {
    const body = asObject(json);
    if (body === undefined) return this.#notes.unread();
    if (body.error) return this.#takeError(body);
    this.#takeMetadata(asObject(body.response));
    for (const item of asList(body.content)) {
      const part = asObject(item);
      if (part !== undefined) this.#takePart(part);
    }
    this.#takeOutcome(body);
  }

  /** A stream that ends without finish part was cut on its way. */
  end(): void {
    const { failed, finished } = this.#notes;
    if (!failed && !finished) this.#notes.fail({ type: "truncated" });
  }

  /** Parts of a stream are pieces with a `delta`, those of a result are whole. */
  #takePart(part: JsonObject): void {
    switch (part.type) {
      case "response-metadata":
        return this.#takeMetadata(part);
      case "text-delta":
      case "text":
        return this.#takeWords("text", asText(part.delta) ?? asText(part.text));
      case "reasoning-delta":
      case "reasoning":
        return this.#takeWords("reasoning", asText(part.delta) ?? asText(part.text));
      case "tool-input-start":
      case "tool-call":
        return this.#takeCall(part);
      case "file":
        return asText(part.mediaType)?.startsWith("audio/") ? this.#notes.output("audio") : undefined;
      case "finish":
        this.#takeOutcome(part);
        return this.#notes.complete();
      case "error":
        return this.#takeError(part);
    }
  }

  #takeWords(kind: "text" | "reasoning", text: string | undefined): void {
    if (text !== undefined) this.#notes.output(kind, text);
  }

  #takeMetadata(metadata: JsonObject | undefined): void {
    const id = asText(metadata?.id);
    this.#notes.id(id, "response");
    this.#notes.facts({ responseId: id, responseModel: asText(metadata?.modelId) });
  }

  /** A call is told when its input starts and again when it is whole, under one id. */
  #takeCall({ type, id, toolCallId, toolName, input, providerExecuted }: JsonObject): void {
    if (providerExecuted === true) return this.#notes.output("tool");
    const key = asText(toolCallId) ?? asText(id);
    this.#notes.toolCall(asText(toolName), key, { arguments: type === "tool-call" ? input : undefined });
  }

  /** The reason is a word, since version 3 of the protocol one beside the model's own. */
  #takeOutcome({ finishReason, usage }: JsonObject): void {
    this.#notes.finish(asText(finishReason) ?? asText(asObject(finishReason)?.unified));
    this.#notes.facts(countTokens(asObject(usage)));
  }

  #takeError(body: JsonObject): void {
    const error = asObject(body.error);
    this.#notes.fail({
      type: asWord(error?.type) ?? asWord(error?.name) ?? "error",
      code: asWord(error?.code) ?? asWord(error?.statusCode),
    });
    this.#notes.id(asText(body.generationId), "request");
  }
}

/** Counts are objects since version 3 of the protocol, numbers before. */
function countTokens(usage: JsonObject | undefined): Facts {
  const input = asObject(usage?.inputTokens);
  const output = asObject(usage?.outputTokens);
  return {
    inputTokens: asCount(input?.total) ?? asCount(usage?.inputTokens),
    cachedInputTokens: asCount(input?.cacheRead) ?? asCount(usage?.cachedInputTokens),
    cacheWriteInputTokens: asCount(input?.cacheWrite),
    outputTokens: asCount(output?.total) ?? asCount(usage?.outputTokens),
    reasoningOutputTokens: asCount(output?.reasoning) ?? asCount(usage?.reasoningTokens),
    textOutputTokens: asCount(output?.text),
  };
}
