/**
 * Gemini's Interactions.
 *
 * @see {@link https://ai.google.dev/api/interactions-api}
 * @see {@link https://ai.google.dev/gemini-api/docs/interactions}
 * @module
 */

import { Notes } from "../notes.ts";
import type { Answer, Facts, JsonFormat, Sink } from "../types.ts";
import { readAnswer } from "../wire/answer.ts";
import { addCounts } from "../wire/counts.ts";
import { countModalities } from "../wire/google.ts";
import { asCount, asList, asObject, asText, asTexts, asWord, type JsonObject } from "../wire/json.ts";

/** Keys of an event whose values are mere words. */
const WORDS: ReadonlySet<string> = new Set(["arguments", "data", "event_id", "signature", "text"]);

/** The states of an interaction that has not ended; one in the background is left in them. */
const PENDING: ReadonlySet<string> = new Set(["in_progress", "queued"]);

/** The Interactions format. */
export function geminiInteractions(): JsonFormat {
  return {
    name: "gemini_interactions",
    request({ json }) {
      const body = asObject(json);
      return {
        operationName: "generate_content",
        requestModel: asText(body?.model),
        streamed: body === undefined ? undefined : body.stream === true,
      };
    },
    open: (sink) => new InteractionAnswer(sink),
    read: (response, sink) =>
      readAnswer(response, sink, new InteractionAnswer(sink), { words: WORDS, endMarker: "[DONE]" }),
  };
}

/** One answer. The events around a stream hold the interaction as far as it is, a document is the interaction. */
class InteractionAnswer implements Answer {
  readonly #notes: Notes;

  constructor(sink: Sink) {
    this.#notes = new Notes(sink);
  }

  event(json: unknown): boolean {
    const event = asObject(json);
    switch (event?.event_type) {
      case "interaction.created":
        this.#takeInteraction(asObject(event.interaction));
        break;
      case "interaction.completed":
        this.#takeInteraction(asObject(event.interaction));
        this.#notes.complete();
        break;
      case "interaction.status_update":
        this.#takeInteraction({ id: event.interaction_id, status: event.status });
        break;
      case "step.start":
        this.#takeStep(asObject(event.step), event.index);
        break;
      case "step.delta":
        this.#takeDelta(asObject(event.delta), event.index);
        this.#notes.facts(countTokens(asObject(asObject(event.metadata)?.total_usage)));
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
    else if (body.error !== undefined) this.#takeError(body);
    else this.#takeInteraction(body);
  }

  /** A stream that ends before the interaction has ended was cut on its way. */
  end(): void {
    const { failed, finished } = this.#notes;
    if (!failed && !finished) this.#notes.fail({ type: "truncated" });
  }

  #takeInteraction(interaction: JsonObject = {}): void {
    const id = asText(interaction.id);
    this.#notes.id(id, "response");
    this.#notes.facts({
      responseId: id,
      responseModel: asText(interaction.model),
      serviceTier: asText(interaction.service_tier),
      ...countTokens(asObject(interaction.usage)),
    });
    asList(interaction.steps).forEach((step, index) => this.#takeStep(asObject(step), index));
    const status = asText(interaction.status);
    if (status !== undefined && PENDING.has(status)) return;
    this.#notes.finish(status);
    if (status !== "failed" || this.#notes.failed) return;
    this.#notes.fail({ type: status, code: asWord(asObject(asList(interaction.errors)[0])?.code) });
  }

  /** A step that starts is empty, but for a call. Calls of other types than a function's are Google's to run. */
  #takeStep(step: JsonObject | undefined, index: unknown): void {
    const type = asText(step?.type);
    if (type === "function_call") {
      const details = { key: `${index}`, arguments: step?.arguments };
      this.#notes.toolCall(asText(step?.name), asText(step?.id), details);
    } else if (type?.endsWith("_call")) this.#notes.output("tool");
    else if (type === "thought") {
      const summary = asTexts(step?.summary);
      if (summary) this.#notes.output("reasoning", summary);
    } else if (type === "model_output") {
      for (const part of asList(step?.content)) this.#takeDelta(asObject(part), index);
    }
  }

  /** Deltas of output are like its parts. */
  #takeDelta(delta: JsonObject | undefined, index: unknown): void {
    const type = asText(delta?.type);
    const text = asText(delta?.text);
    const thought = asText(asObject(delta?.content)?.text);
    const given = asText(delta?.arguments);
    if (type === "text" && text) this.#notes.output("text", text);
    else if (type === "audio" && asText(delta?.data)) this.#notes.output("audio");
    else if (type === "thought_summary" && thought) this.#notes.output("reasoning", thought);
    else if (type === "arguments_delta" && given) this.#notes.toolArguments(`${index}`, given);
  }

  /** Its own errors have words for codes, those of Google's front have a status. */
  #takeError(body: JsonObject): void {
    const error = asObject(body.error);
    this.#notes.fail({ type: asWord(error?.status) ?? "error", code: asWord(error?.code) });
  }
}

/** As in `generateContent`, tool use is input that `total_input_tokens` leaves out, thoughts are such output. */
function countTokens(usage: JsonObject | undefined): Facts {
  const thoughts = asCount(usage?.total_thought_tokens);
  return {
    inputTokens: addCounts(asCount(usage?.total_input_tokens), asCount(usage?.total_tool_use_tokens)),
    cachedInputTokens: asCount(usage?.total_cached_tokens),
    outputTokens: addCounts(asCount(usage?.total_output_tokens), thoughts),
    reasoningOutputTokens: thoughts,
    ...countModalities(
      [...asList(usage?.input_tokens_by_modality), ...asList(usage?.tool_use_tokens_by_modality)],
      asList(usage?.output_tokens_by_modality),
    ),
  };
}
