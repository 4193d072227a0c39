/**
 * Amazon Bedrock Converse, as a document or an event stream.
 *
 * @see {@link https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html}
 * @see {@link https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html}
 * @module
 */

import { Notes } from "../notes.ts";
import type { Answer, Facts, JsonFormat, Sink } from "../types.ts";
import { readAwsAnswer } from "../wire/aws_answer.ts";
import { asCount, asList, asObject, asText, type JsonObject } from "../wire/json.ts";
import { pathPart } from "../wire/path.ts";

/** Keys of an event whose values are mere words; `p` is padding. */
const WORDS: ReadonlySet<string> = new Set(["input", "p", "signature", "text"]);

/** Events, which Nova's own stream has one level deeper, under their names. */
const EVENTS = [
  "messageStart",
  "contentBlockStart",
  "contentBlockDelta",
  "contentBlockStop",
  "messageStop",
  "metadata",
] as const;

/** The Converse format. The answer has neither id nor model: one is in a header, the other in the URL. */
export function bedrockConverse(): JsonFormat {
  return {
    name: "bedrock_converse",
    request: ({ url }) => ({
      operationName: "chat",
      requestModel: pathPart(url, /\/model\/([^/]+)\//),
      streamed: url.pathname.endsWith("/converse-stream"),
    }),
    open: (sink) => new ConverseAnswer(sink),
    read: (response, sink) => readAwsAnswer(response, sink, new ConverseAnswer(sink), { words: WORDS }),
  };
}

/** One answer. Events need no names: their fields tell them apart. */
class ConverseAnswer implements Answer {
  readonly #notes: Notes;
  #counted = false;

  constructor(sink: Sink) {
    this.#notes = new Notes(sink);
  }

  event(json: unknown): boolean {
    const body = asObject(json);
    const event = EVENTS.map((name) => asObject(body?.[name])).find((inner) => inner !== undefined) ?? body;
    if (event === undefined) this.#notes.unread();
    else this.#takeEvent(event);
    return this.#notes.takeNews();
  }

  document(json: unknown): void {
    const body = asObject(json);
    if (body === undefined) return this.#notes.unread();
    const { content } = asObject(asObject(body.output)?.message) ?? {};
    asList(content).forEach((block, index) => this.#takeBlock(asObject(block), index));
    this.#takeOutcome(body);
  }

  /** A stream that ends without stop reason and usage was cut on its way. */
  end(): void {
    const { failed, finished } = this.#notes;
    if (!failed && !finished && !this.#counted) this.#notes.fail({ type: "truncated" });
  }

  /** The stop reason and the metadata come last, the metadata after it. */
  #takeEvent(event: JsonObject): void {
    this.#takeBlock(asObject(event.start), event.contentBlockIndex);
    this.#takeDelta(asObject(event.delta), event.contentBlockIndex);
    this.#takeOutcome(event);
    if (this.#counted && this.#notes.finished) this.#notes.complete();
  }

  /** A block of a document, or the start of one: tools alone have one. Server tools are the provider's. */
  #takeBlock(block: JsonObject | undefined, index: unknown): void {
    const tool = asObject(block?.toolUse);
    if (tool?.type === "server_tool_use") this.#notes.output("tool");
    else if (tool !== undefined) {
      const details = { key: `${index}`, arguments: tool.input };
      this.#notes.toolCall(asText(tool.name), asText(tool.toolUseId), details);
    } else this.#takeDelta(block, index);
  }

  /** Nova sends empty text; a signature is no output. */
  #takeDelta(delta: JsonObject | undefined, index: unknown): void {
    const { text, reasoningText, redactedContent } = asObject(delta?.reasoningContent) ?? {};
    const input = asText(asObject(delta?.toolUse)?.input);
    const thought = asText(text) ?? asText(asObject(reasoningText)?.text);
    if (asText(delta?.text)) this.#notes.output("text", asText(delta?.text));
    else if (input) this.#notes.toolArguments(`${index}`, input);
    else if (thought ?? asObject(reasoningText) ?? redactedContent) this.#notes.output("reasoning", thought);
  }

  #takeOutcome(body: JsonObject): void {
    this.#notes.finish(asText(body.stopReason));
    this.#notes.facts({
      // which model a prompt router chose
      responseModel: asText(asObject(asObject(body.trace)?.promptRouter)?.invokedModelId),
      serviceTier: asText(asObject(body.serviceTier)?.type),
    });
    const usage = asObject(body.usage);
    if (usage === undefined) return;
    this.#counted = true;
    this.#notes.facts(countTokens(usage));
  }
}

/** `inputTokens` leaves cached tokens out; our total has them in. */
function countTokens(usage: JsonObject): Facts {
  const uncached = asCount(usage.inputTokens);
  const cached = asCount(usage.cacheReadInputTokens) ?? asCount(usage.cacheReadInputTokenCount);
  const written = asCount(usage.cacheWriteInputTokens) ?? asCount(usage.cacheWriteInputTokenCount);
  return {
    inputTokens: uncached === undefined ? undefined : uncached + (cached ?? 0) + (written ?? 0),
    cachedInputTokens: cached,
    cacheWriteInputTokens: written,
    outputTokens: asCount(usage.outputTokens),
  };
}
