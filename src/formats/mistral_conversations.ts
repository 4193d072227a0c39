/**
 * Mistral's Conversations: of models and of agents, begun, gone on with or restarted.
 *
 * @see {@link https://docs.mistral.ai/api/#tag/beta.conversations}
 * @see {@link https://docs.mistral.ai/agents/agents_introduction}
 * @module
 */

import { Notes } from "../notes.ts";
import type { Answer, Facts, JsonFormat, Sink } from "../types.ts";
import { readAnswer } from "../wire/answer.ts";
import { asCount, asList, asObject, asText, asTexts, asWord, type JsonObject } from "../wire/json.ts";

/** Keys of an event whose values are mere words. */
const WORDS: ReadonlySet<string> = new Set(["arguments", "content", "created_at", "output_index", "text"]);

/** The Conversations format. It has no word for why a model stopped. */
export function mistralConversations(): JsonFormat {
  return {
    name: "mistral_conversations",
    request({ json }) {
      const body = asObject(json);
      return {
        operationName: "chat",
        requestModel: asText(body?.model),
        streamed: body === undefined ? undefined : body.stream === true,
      };
    },
    open: (sink) => new ConversationAnswer(sink),
    read: (response, sink) => readAnswer(response, sink, new ConversationAnswer(sink), { words: WORDS }),
  };
}

/** One answer. An event of output is like the entry of a document that it is a piece of. */
class ConversationAnswer implements Answer {
  readonly #notes: Notes;
  #done = false;

  constructor(sink: Sink) {
    this.#notes = new Notes(sink);
  }

  event(json: unknown): boolean {
    const event = asObject(json);
    switch (event?.type) {
      case "conversation.response.started":
        this.#takeConversation(event);
        break;
      case "conversation.response.done":
        this.#notes.facts(countTokens(asObject(event.usage)));
        this.#done = true;
        this.#notes.complete();
        break;
      case "conversation.response.error":
        this.#notes.fail({ type: "error", code: asWord(event.code) });
        break;
      case undefined:
        this.#notes.unread();
        break;
      default:
        this.#takeEntry(event!);
    }
    return this.#notes.takeNews();
  }

  document(json: unknown): void {
    const body = asObject(json);
    if (body === undefined) return this.#notes.unread();
    if (body.object === "error") {
      this.#notes.fail({ type: asWord(body.type) ?? "error", code: asWord(body.code) });
    }
    this.#notes.id(asText(body.request_id), "request");
    this.#takeConversation(body);
    for (const entry of asList(body.outputs)) this.#takeEntry(asObject(entry) ?? {});
    this.#notes.facts(countTokens(asObject(body.usage)));
  }

  /** A stream that ends before it is done was cut on its way. */
  end(): void {
    if (!this.#notes.failed && !this.#done) this.#notes.fail({ type: "truncated" });
  }

  /** A conversation goes on over many calls; what a call adds to it are entries, with ids of their own. */
  #takeConversation(body: JsonObject): void {
    this.#notes.id(asText(body.conversation_id), "session");
  }

  #takeEntry(entry: JsonObject): void {
    const id = asText(entry.id);
    const type = asText(entry.type);
    this.#notes.id(id, "response");
    this.#notes.facts({ responseModel: asText(entry.model) });
    if (type?.startsWith("message.output")) this.#takeContent(entry.content);
    else if (type?.startsWith("function.call")) {
      const details = { key: id, arguments: entry.arguments };
      this.#notes.toolCall(asText(entry.name), asText(entry.tool_call_id) ?? id, details);
    } else if (type?.startsWith("tool.execution")) this.#notes.output("tool"); // Mistral runs it
  }

  /** Content is text, one part or a list of them. */
  #takeContent(content: unknown): void {
    if (asText(content)) this.#notes.output("text", asText(content));
    for (const part of Array.isArray(content) ? content : [content]) {
      const { type, text, thinking } = asObject(part) ?? {};
      if (type === "thinking") this.#notes.output("reasoning", asTexts(thinking));
      else if (asText(text)) this.#notes.output("text", asText(text));
    }
  }
}

/** What connectors found and the model then read is no part of the prompt, but of the total; to us it is input. */
function countTokens(usage: JsonObject | undefined): Facts {
  const prompt = asCount(usage?.prompt_tokens);
  return {
    inputTokens: prompt === undefined ? undefined : prompt + (asCount(usage?.connector_tokens) ?? 0),
    outputTokens: asCount(usage?.completion_tokens),
  };
}
