/**
 * Cloudflare Workers AI's own API. Newer models speak a vendor's format on the same URL.
 *
 * @see {@link https://developers.cloudflare.com/workers-ai/get-started/rest-api/}
 * @see {@link https://developers.cloudflare.com/api/resources/ai/methods/run/}
 * @module
 */

import { Notes } from "../notes.ts";
import type { Answer, CallRequest, CallResponse, Facts, JsonFormat, Reader, Sink } from "../types.ts";
import { readAnswer } from "../wire/answer.ts";
import { type Dialect, formatOf } from "../wire/dialect.ts";
import { asList, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { countTokens } from "../wire/openai.ts";
import { pathPart } from "../wire/path.ts";

/** Keys of an event whose values are mere words; `p` is padding. */
const WORDS: ReadonlySet<string> = new Set(["arguments", "content", "p", "reasoning_content", "response"]);

/** Types of answers that have no words in them. */
const MEDIA = /^(audio|image|video)\//i;

/**
 * The Workers AI format.
 *
 * @param dialects what newer models speak instead
 */
export function workersAi(dialects: readonly Dialect[]): JsonFormat {
  return {
    name: "workers_ai",
    request: readRequest,
    open: (sink) => new RunAnswer(sink, dialects),
    read: (response, sink) => readRun(response, sink, dialects),
  };
}

function readRequest({ url, json }: CallRequest): Facts {
  const body = asObject(json);
  return {
    operationName: body?.messages ?? body?.input ? "chat" : body?.prompt ? "text_completion" : undefined,
    requestModel: pathPart(url, /\/(?:run|workers-ai)\/(.+)$/),
    streamed: body === undefined ? undefined : body.stream === true,
  };
}

/** The same URL runs models of all kinds; a picture is no answer that could not be read. */
function readRun(response: CallResponse, sink: Sink, dialects: readonly Dialect[]): Reader {
  if (MEDIA.test(response.headers.get("content-type") ?? "")) return { push() {}, end() {} };
  return readAnswer(response, sink, new RunAnswer(sink, dialects), { words: WORDS, endMarker: "[DONE]" });
}

/** One answer. There is neither id nor model in the native shape. */
class RunAnswer implements Answer {
  readonly #sink: Sink;
  readonly #notes: Notes;
  readonly #dialects: readonly Dialect[];
  #answer: Answer | undefined;
  #counted = false;

  constructor(sink: Sink, dialects: readonly Dialect[]) {
    this.#sink = sink;
    this.#notes = new Notes(sink);
    this.#dialects = dialects;
  }

  event(json: unknown): boolean {
    const body = asObject(json);
    const answer = this.#answerFor(body);
    if (answer !== undefined) return answer.event(body);
    this.#takeResult(body);
    return this.#notes.takeNews();
  }

  /** A document is wrapped. */
  document(json: unknown): void {
    const body = asObject(json);
    const result = asObject(body?.result) ?? body;
    const answer = this.#answerFor(result);
    if (answer !== undefined) answer.document(result);
    else this.#takeResult(result);
    if (body?.success === false) this.#takeErrors(body);
  }

  /** A stream that ends without end marker and usage was cut on its way. */
  end(): void {
    const { failed, finished } = this.#notes;
    if (this.#answer !== undefined) this.#answer.end();
    else if (!failed && !finished && !this.#counted) this.#notes.fail({ type: "truncated" });
  }

  #answerFor(body: JsonObject | undefined): Answer | undefined {
    return this.#answer ??= body && formatOf(this.#dialects, body)?.open(this.#sink);
  }

  #takeResult(body: JsonObject | undefined): void {
    if (body === undefined) return this.#notes.unread();
    // a stream has an error as it comes, without the wrapping
    if (body.error || asList(body.errors).length > 0 && body.success === undefined) this.#takeErrors(body);
    // text, a number where the text looks like one, an object where JSON was asked for
    if (body.response !== undefined && body.response !== null && body.response !== "") {
      this.#notes.output("text", wordsOf(body.response));
    }
    for (const [place, call] of asList(body.tool_calls).entries()) {
      const { id, index = place, name, arguments: given, function: called } = asObject(call) ?? {};
      const inner = asObject(called);
      const named = asText(inner?.name) ?? asText(name);
      const details = { key: `${index}`, arguments: inner?.arguments ?? given };
      if (named !== undefined) this.#notes.toolCall(named, asText(id), details);
      // pieces of arguments have no name
      else if (asText(details.arguments)) this.#notes.toolArguments(details.key, `${details.arguments}`);
    }
    this.#notes.finish(asText(body.finish_reason));
    this.#takeUsage(asObject(body.usage));
  }

  /** A later object of zeros does not replace counts. */
  #takeUsage(usage: JsonObject | undefined): void {
    if (usage === undefined) return;
    const facts = countTokens(usage);
    const counted = (facts.inputTokens ?? 0) + (facts.outputTokens ?? 0) > 0;
    if (this.#counted && !counted) return;
    this.#counted = true;
    this.#notes.facts(facts);
  }

  /** Codes are numbers. */
  #takeErrors(body: JsonObject): void {
    const [first = asObject(body.error)] = asList(body.errors).map(asObject);
    this.#notes.fail({ type: asWord(first?.type) ?? "error", code: asWord(first?.code) });
  }
}

function wordsOf(response: unknown): string {
  return typeof response === "object" ? JSON.stringify(response) : String(response);
}
