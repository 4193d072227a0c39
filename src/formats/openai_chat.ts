/**
 * OpenAI Chat Completions, and the many hosts that speak it.
 *
 * @see {@link https://platform.openai.com/docs/api-reference/chat}
 * @module
 */

import type { Facts, HttpFormat, Sink } from "../types.ts";
import { readBody } from "../wire/body.ts";
import { asCount, asList, asObject, asText, asWord, type JsonObject, parseJson } from "../wire/json.ts";

/** Where a host departs from OpenAI's own arithmetic. */
export interface ChatQuirks {
  /** `completion_tokens` leaves reasoning out (xAI), so it is added. */
  readonly outputExcludesReasoning?: boolean | undefined;
}

/** The Chat Completions format. */
export function openaiChat(quirks: ChatQuirks = {}): HttpFormat {
  return {
    name: "openai_chat",
    request({ json }) {
      const body = asObject(json);
      return {
        operationName: "chat",
        requestModel: asText(body?.model),
        streamed: body === undefined ? undefined : body.stream === true,
      };
    },
    read(response, sink) {
      const answer = new ChatAnswer(sink, quirks);
      return readBody(response, {
        onEvent(data) {
          if (isDone(data)) sink.complete();
          else answer.take(parseJson(data));
        },
        onDocument: (data) => answer.take(parseJson(data)),
        onOverflow: () => sink.unread(),
        onStream: () => sink.note({ streamed: true }),
        onStreamEnd: () => answer.endOfStream(),
      });
    },
  };
}

/** What has been seen of one answer. A chunk and a whole completion have the same fields but `delta` and `message`. */
class ChatAnswer {
  readonly #sink: Sink;
  readonly #quirks: ChatQuirks;
  readonly #finishReasons: string[] = [];
  #id: string | undefined;
  #model: string | undefined;
  #usage: Facts | undefined;
  #failed = false;

  constructor(sink: Sink, quirks: ChatQuirks) {
    this.#sink = sink;
    this.#quirks = quirks;
  }

  take(json: unknown): void {
    const body = asObject(json);
    if (body === undefined) return this.#sink.unread();
    this.#takeError(body);
    this.#takeIdentity(asText(body.id), asText(body.model), asText(body.service_tier));
    for (const choice of asList(body.choices)) this.#takeChoice(asObject(choice));
    // Groq's older streams have it in a corner of their own
    this.#takeUsage(asObject(body.usage) ?? asObject(asObject(body.x_groq)?.usage));
  }

  /** Every chunk repeats these. */
  #takeIdentity(id: string | undefined, model: string | undefined, tier: string | undefined): void {
    if (id !== undefined && id !== this.#id) {
      this.#id = id;
      this.#sink.noteRequestId(id, "response");
      this.#sink.note({ responseId: id });
    }
    if (model !== undefined && model !== this.#model) {
      this.#model = model;
      this.#sink.note({ responseModel: model });
    }
    if (tier !== undefined) this.#sink.note({ serviceTier: tier });
  }

  #takeChoice(choice: JsonObject | undefined): void {
    if (choice === undefined) return;
    const finish = asText(choice.finish_reason);
    if (finish !== undefined) {
      this.#finishReasons[asCount(choice.index) ?? 0] = finish;
      this.#sink.note({ finishReasons: this.#finishReasons.filter((reason) => reason !== undefined) });
    }
    const output = asObject(choice.delta) ?? asObject(choice.message);
    if (output === undefined) return;
    // a first chunk with only a role, or with empty content, is no output yet
    this.#takeContent(output.content);
    if (asText(output.refusal)) this.#sink.output("refusal");
    if (asList(output.tool_calls).length > 0 || asObject(output.function_call)) this.#sink.output("tool");
    if (asObject(output.audio)) this.#sink.output("audio");
    if (asText(output.reasoning_content) ?? asText(output.reasoning)) this.#sink.output("reasoning");
  }

  /** Content is text, or at Mistral a list of parts of which some are thinking. */
  #takeContent(content: unknown): void {
    if (asText(content)) this.#sink.output("text");
    for (const part of asList(content)) {
      const { type, text } = asObject(part) ?? {};
      if (type === "thinking") this.#sink.output("reasoning");
      else if (asText(text)) this.#sink.output("text");
    }
  }

  /** A later object of zeros, as some hosts send, does not replace counts. */
  #takeUsage(usage: JsonObject | undefined): void {
    if (usage === undefined) return;
    const facts = this.#countTokens(usage);
    const counted = (facts.inputTokens ?? 0) + (facts.outputTokens ?? 0) > 0;
    if (!counted && this.#usage !== undefined) return;
    this.#usage = facts;
    this.#sink.note(facts);
  }

  #countTokens(usage: JsonObject): Facts {
    const input = asObject(usage.prompt_tokens_details);
    const output = asObject(usage.completion_tokens_details);
    const reasoning = asCount(output?.reasoning_tokens) ?? asCount(usage.reasoning_tokens);
    const completion = asCount(usage.completion_tokens);
    return {
      inputTokens: asCount(usage.prompt_tokens),
      cachedInputTokens: asCount(input?.cached_tokens) ?? asCount(usage.cached_tokens) ??
        asCount(usage.prompt_cache_hit_tokens),
      cacheWriteInputTokens: asCount(input?.cache_write_tokens),
      audioInputTokens: asCount(input?.audio_tokens),
      outputTokens: completion !== undefined && this.#quirks.outputExcludesReasoning
        ? completion + (reasoning ?? 0)
        : completion,
      reasoningOutputTokens: reasoning,
      audioOutputTokens: asCount(output?.audio_tokens),
    };
  }

  /** `{error: {type, code}}` at OpenAI, `{error: "text", code}` at xAI; beside choices, or alone. */
  #takeError(body: JsonObject): void {
    const error = asObject(body.error);
    if (error === undefined && asText(body.error) === undefined) return;
    this.#failed = true;
    this.#sink.fail({
      type: asWord(error?.type) ?? "error",
      code: asWord(error?.code ?? body.code),
    });
    const id = asText(body.request_id) ?? asText(error?.request_id);
    if (id !== undefined) this.#sink.noteRequestId(id, "request");
  }

  /** A stream that ends without end marker, finish reason and usage was cut on its way. */
  endOfStream(): void {
    if (!this.#failed && this.#finishReasons.length === 0 && this.#usage === undefined) {
      this.#sink.fail({ type: "truncated" });
    }
  }
}

/** Whether the data is `[DONE]`. */
function isDone(data: Uint8Array): boolean {
  return data.length >= 6 && data.length < 16 && data[0] === 0x5b && data[1] === 0x44 && data[2] === 0x4f;
}
