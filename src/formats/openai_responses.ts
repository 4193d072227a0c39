/**
 * OpenAI Responses, and the hosts that speak it.
 *
 * @see {@link https://platform.openai.com/docs/api-reference/responses}
 * @see {@link https://platform.openai.com/docs/api-reference/responses-streaming}
 * @module
 */

import { Notes } from "../notes.ts";
import type { Answer, JsonFormat, OutputKind, Sink } from "../types.ts";
import { readAnswer } from "../wire/answer.ts";
import { asList, asObject, asText, asTexts, type JsonObject } from "../wire/json.ts";
import { countResponseTokens, readError, readErrorId, readRequest } from "../wire/openai.ts";

/** Where a host departs from OpenAI. */
export interface ResponsesQuirks {
  /** A `custom_tool_call` is the host's own tool at work (xAI's search), not one that the application is to run. */
  readonly runsCustomTools?: boolean | undefined;
}

/** Keys of an event whose values are mere words. */
const WORDS: ReadonlySet<string> = new Set(["delta", "item_id", "obfuscation", "sequence_number"]);

/** Events that bring a piece of output. What the host's own tools do is none. */
const DELTAS: ReadonlyMap<unknown, OutputKind> = new Map([
  ["response.audio.delta", "audio"],
  ["response.custom_tool_call_input.delta", "tool"],
  ["response.function_call_arguments.delta", "tool"],
  ["response.output_audio.delta", "audio"],
  ["response.output_text.delta", "text"],
  ["response.reasoning_summary_text.delta", "reasoning"],
  ["response.reasoning_text.delta", "reasoning"],
  ["response.refusal.delta", "refusal"],
]);

/** The states of a response that has not ended; one in the background is left in them. */
const PENDING: ReadonlySet<string> = new Set(["in_progress", "queued"]);

/** The Responses format. */
export function openaiResponses(quirks: ResponsesQuirks = {}): JsonFormat {
  return {
    name: "openai_responses",
    request: (request) => readRequest(request, "chat"),
    open: (sink) => new ResponseAnswer(sink, quirks),
    // OpenAI has no end marker, but some that speak its format have
    read: (response, sink) =>
      readAnswer(response, sink, new ResponseAnswer(sink, quirks), { words: WORDS, endMarker: "[DONE]" }),
  };
}

/** One answer. The events around a stream hold the response as far as it is, a document is the response. */
class ResponseAnswer implements Answer {
  readonly #notes: Notes;
  readonly #quirks: ResponsesQuirks;
  /** Items whose words came, where somebody wants those. */
  readonly #worded: Set<string> | undefined;

  constructor(sink: Sink, quirks: ResponsesQuirks) {
    this.#notes = new Notes(sink);
    this.#worded = sink.content && new Set();
    this.#quirks = quirks;
  }

  event(json: unknown): boolean {
    const event = asObject(json) ?? {};
    const type = asText(event.type);
    switch (type) {
      case "response.created":
      case "response.in_progress":
      case "response.queued":
        this.#takeResponse(asObject(event.response));
        break;
      case "response.cancelled":
      case "response.completed":
      case "response.failed":
      case "response.incomplete":
        this.#takeResponse(asObject(event.response));
        this.#notes.complete();
        break;
      case "response.output_item.added":
      case "response.output_item.done":
        this.#takeItem(asObject(event.item), event.output_index);
        break;
      case "error":
        // its fields stand in `error`, or at the top as they once did
        this.#takeError(event.error === undefined ? { error: event } : event);
        break;
      case undefined:
        if (!this.#takeError(event)) this.#notes.unread();
        break;
      default:
        this.#takePiece(DELTAS.get(type), event);
    }
    return this.#notes.takeNews();
  }

  document(json: unknown): void {
    const body = asObject(json);
    if (body === undefined) this.#notes.unread();
    else this.#takeResponse(body);
  }

  /** A stream that ends before the response has ended was cut on its way. */
  end(): void {
    const { failed, finished } = this.#notes;
    if (!failed && !finished) this.#notes.fail({ type: "truncated" });
  }

  #takeResponse(response: JsonObject = {}): void {
    const id = asText(response.id);
    this.#notes.id(id, "response");
    this.#notes.facts({ responseId: id, responseModel: asText(response.model) });
    asList(response.output).forEach((item, index) => this.#takeItem(asObject(item), index));
    this.#takeError(response);
    const status = asText(response.status);
    if (status !== undefined && PENDING.has(status)) return;
    this.#notes.finish(asText(asObject(response.incomplete_details)?.reason) ?? status);
    // until it ends, a response has the tier that was asked for
    this.#notes.facts({
      ...countResponseTokens(asObject(response.usage)),
      serviceTier: asText(response.service_tier),
    });
  }

  /** An item comes up to three times: added, done, and in the response; and in pieces besides. */
  #takeItem(item: JsonObject | undefined, index: unknown): void {
    const type = item?.type;
    const key = asText(item?.id) ?? `${index}`;
    if (type === "function_call" || type === "custom_tool_call" && !this.#quirks.runsCustomTools) {
      const id = asText(item?.call_id) ?? asText(item?.id) ?? key;
      const given = asText(item?.arguments) ?? asText(item?.input);
      this.#notes.toolCall(asText(item?.name), id, { key, arguments: given && this.#takeWhole(key, given) });
    } else if (type === "custom_tool_call") {
      this.#notes.output("tool");
    } else if (type === "message" || type === "reasoning") {
      const parts = [...asList(item?.summary), ...asList(item?.content)].map(asObject);
      const text = asTexts(parts);
      if (text) this.#notes.output(type === "reasoning" ? type : "text", this.#takeWhole(key, text));
      const refusal = asText(parts.find((part) => asText(part?.refusal))?.refusal);
      if (refusal) this.#notes.output("refusal", this.#takeWhole(key, refusal));
    }
  }

  #takePiece(kind: OutputKind | undefined, { delta, item_id, output_index }: JsonObject): void {
    const text = asText(delta);
    if (kind === undefined || text === undefined) return;
    const key = asText(item_id) ?? `${output_index}`;
    this.#worded?.add(key);
    if (kind === "tool") this.#notes.toolArguments(key, text);
    else this.#notes.output(kind, text);
  }

  /** The words of an item, where they did not come before. */
  #takeWhole(key: string, text: string): string | undefined {
    if (this.#worded === undefined || this.#worded.has(key)) return undefined;
    this.#worded.add(key);
    return text;
  }

  /** Whether there was one. */
  #takeError(body: JsonObject): boolean {
    const failure = readError(body);
    if (failure === undefined) return false;
    this.#notes.fail(failure);
    this.#notes.id(readErrorId(body), "request");
    return true;
  }
}
