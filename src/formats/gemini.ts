/**
 * Gemini's `generateContent` and `streamGenerateContent`, on the Developer API and on Vertex AI.
 *
 * @see {@link https://ai.google.dev/api/generate-content}
 * @see {@link https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference}
 * @module
 */

import { Notes } from "../notes.ts";
import type { Answer, Facts, JsonFormat, Sink } from "../types.ts";
import { readAnswer } from "../wire/answer.ts";
import { addCounts } from "../wire/counts.ts";
import { countModalities, wordOf } from "../wire/google.ts";
import { asCount, asList, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";
import { PartialArguments } from "../wire/partial_arguments.ts";
import { pathPart } from "../wire/path.ts";

/** Keys of a piece whose values are mere words. Counts are none: each piece has those so far. */
const WORDS: ReadonlySet<string> = new Set(["data", "stringValue", "text", "thoughtSignature"]);

/** Enums by number, as far as both APIs agree. */
const FINISH_REASONS: readonly string[] = ["", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER"];
const BLOCK_REASONS: readonly string[] = ["", "SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT"];

/** The format. A stream is one of events, or an array that comes piece by piece. */
export function gemini(): JsonFormat {
  return {
    name: "gemini",
    request: ({ url }) => ({
      operationName: "generate_content",
      requestModel: pathPart(url, /\/([^/]+):\w+$/),
      streamed: url.pathname.endsWith(":streamGenerateContent"),
    }),
    open: (sink) => new ContentAnswer(sink),
    read: (response, sink) => readAnswer(response, sink, new ContentAnswer(sink), { words: WORDS }),
  };
}

/** One answer. A piece of a stream and a whole answer have the same fields. */
class ContentAnswer implements Answer {
  readonly #notes: Notes;
  /** Whether somebody wants the words. */
  readonly #withWords: boolean;
  /** The call whose arguments are streamed. */
  #streamed: { readonly key: string; readonly pieces: PartialArguments } | undefined;
  /** Each piece has what is known by then: merged field by field. */
  #usage: JsonObject = {};

  constructor(sink: Sink) {
    this.#notes = new Notes(sink);
    this.#withWords = sink.content !== undefined;
  }

  /** Nothing follows an error, and SDKs that throw there leave the body open. */
  event(json: unknown): boolean {
    this.document(json);
    if (this.#notes.failed) this.#notes.complete();
    return this.#notes.takeNews();
  }

  document(json: unknown): void {
    const body = asObject(json);
    if (body === undefined) return this.#notes.unread();
    this.#takeError(asObject(body.error));
    const id = asText(body.responseId);
    this.#notes.id(id, "response");
    this.#notes.facts({ responseId: id, responseModel: asText(body.modelVersion) });
    // a prompt that is blocked has no candidates
    this.#notes.finish(wordOf(asObject(body.promptFeedback)?.blockReason, BLOCK_REASONS));
    asList(body.candidates).forEach((candidate, index) => this.#takeCandidate(asObject(candidate), index));
    this.#takeUsage(asObject(body.usageMetadata));
  }

  /** A stream of events has no end marker: one that ends without finish reason was cut on its way. */
  end(): void {
    this.#endStreamed();
    const { failed, finished } = this.#notes;
    if (!failed && !finished) this.#notes.fail({ type: "truncated" });
  }

  #takeCandidate(candidate: JsonObject | undefined, index: number): void {
    const choice = asCount(candidate?.index) ?? index;
    for (const part of asList(asObject(candidate?.content)?.parts)) this.#takePart(asObject(part), choice);
    this.#notes.finish(wordOf(candidate?.finishReason, FINISH_REASONS), choice);
  }

  /** A part may be no more than a signature. Code and `toolCall` are run by Google. */
  #takePart(part: JsonObject | undefined, choice: number): void {
    const text = asText(part?.text);
    const call = asObject(part?.functionCall);
    const data = asObject(part?.inlineData);
    if (call !== undefined) this.#takeCall(call);
    else if (part?.executableCode ?? part?.toolCall) this.#notes.output("tool");
    else if (part?.thought === true) {
      if (text ?? data) this.#notes.output("reasoning", text, choice);
    } else if (text) this.#notes.output("text", text, choice);
    else if (asText(data?.mimeType)?.startsWith("audio/")) this.#notes.output("audio");
  }

  /** One whose arguments are streamed has its name where it begins, and ends with a piece that announces no more. */
  #takeCall({ name, id, args, partialArgs, willContinue }: JsonObject): void {
    const tool = asText(name);
    const key = this.#notes.toolCall(tool, asText(id), { arguments: args });
    if (tool !== undefined) {
      this.#endStreamed();
      const isStreamed = willContinue === true || partialArgs !== undefined;
      if (isStreamed && this.#withWords) this.#streamed = { key, pieces: new PartialArguments() };
    }
    this.#streamed?.pieces.add(partialArgs);
    if (willContinue !== true) this.#endStreamed();
  }

  #endStreamed(): void {
    if (this.#streamed === undefined) return;
    const { key, pieces } = this.#streamed;
    this.#streamed = undefined;
    this.#notes.toolCall(undefined, undefined, { key, arguments: pieces.value });
  }

  #takeUsage(usage: JsonObject | undefined): void {
    if (usage === undefined) return;
    this.#usage = { ...this.#usage, ...usage };
    this.#notes.facts({ ...countTokens(this.#usage), serviceTier: asText(this.#usage.serviceTier) });
  }

  #takeError(error: JsonObject | undefined): void {
    if (error === undefined) return;
    this.#notes.fail({ type: asWord(error.status) ?? "error", code: asWord(error.code) });
    for (const detail of asList(error.details).map(asObject)) {
      const isRequest = asText(detail?.["@type"])?.endsWith("google.rpc.RequestInfo");
      if (isRequest) this.#notes.id(asText(detail?.requestId), "request");
    }
  }
}

/**
 * The total has four summands: what Google's own tools found and the model then read is no part of the prompt, and
 * thoughts are no part of the candidates. In ours the first is input and the second output.
 */
function countTokens(usage: JsonObject): Facts {
  const thoughts = asCount(usage.thoughtsTokenCount);
  return {
    inputTokens: addCounts(asCount(usage.promptTokenCount), asCount(usage.toolUsePromptTokenCount)),
    cachedInputTokens: asCount(usage.cachedContentTokenCount),
    outputTokens: addCounts(asCount(usage.candidatesTokenCount), thoughts),
    reasoningOutputTokens: thoughts,
    ...countModalities(
      [...asList(usage.promptTokensDetails), ...asList(usage.toolUsePromptTokensDetails)],
      asList(usage.candidatesTokensDetails),
    ),
  };
}
