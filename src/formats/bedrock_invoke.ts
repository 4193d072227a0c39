/**
 * Amazon Bedrock Invoke: what the model's vendor speaks, as a document, or as base64 pieces in an event stream.
 *
 * @see {@link https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html}
 * @see {@link https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html}
 * @module
 */

import type { Answer, CallRequest, Facts, HeaderLookup, HttpFormat, Sink } from "../types.ts";
import { readAwsAnswer } from "../wire/aws_answer.ts";
import { type Dialect, formatOf } from "../wire/dialect.ts";
import { asCount, asObject, asText, type JsonObject, parseJson } from "../wire/json.ts";
import { pathPart } from "../wire/path.ts";

/**
 * The Invoke format.
 *
 * @param dialects what the vendors speak, told by their JSON: a model id may be an ARN that names none of them
 */
export function bedrockInvoke(dialects: readonly Dialect[]): HttpFormat {
  return {
    name: "bedrock_invoke",
    request: readRequest,
    read: (response, sink) =>
      readAwsAnswer(response, sink, new InvokeAnswer(sink, dialects, response.headers)),
  };
}

function readRequest({ url, json }: CallRequest): Facts {
  const model = pathPart(url, /\/model\/([^/]+)\//);
  const body = asObject(json);
  return {
    operationName: operationOf(model, body),
    requestModel: model,
    streamed: url.pathname.endsWith("/invoke-with-response-stream"),
  };
}

function operationOf(model: string | undefined, body: JsonObject | undefined): string | undefined {
  if (model?.includes("embed")) return "embeddings";
  if (body?.messages) return "chat";
  return body?.prompt ?? body?.inputText ? "text_completion" : undefined;
}

/** One answer. The vendor's format reads it; what that did not count, Bedrock did. */
class InvokeAnswer implements Answer {
  readonly #sink: Sink;
  readonly #dialects: readonly Dialect[];
  readonly #headers: HeaderLookup;
  #answer: Answer | undefined;
  #told: Facts = {};
  #completed = false;

  constructor(sink: Sink, dialects: readonly Dialect[], headers: HeaderLookup) {
    this.#sink = sink;
    this.#dialects = dialects;
    this.#headers = headers;
  }

  /** Bedrock's own count is on the last event. */
  event(json: unknown): boolean {
    const bytes = asText(asObject(json)?.bytes);
    const event = asObject(bytes && parseJson(decodeBase64(bytes)));
    this.#answerFor(event)?.event(event);
    const metrics = asObject(event?.["amazon-bedrock-invocationMetrics"]);
    if (metrics !== undefined) this.#noteCounts(countMetrics(metrics));
    if (metrics !== undefined || this.#completed) this.#sink.complete();
    return true;
  }

  document(json: unknown): void {
    const body = asObject(json);
    this.#answerFor(body)?.document(body);
    this.#noteCounts(countHeaders(this.#headers));
  }

  end(): void {
    if (this.#answer === undefined) this.#sink.fail({ type: "truncated" });
    else this.#answer.end();
  }

  #answerFor(json: JsonObject | undefined): Answer | undefined {
    this.#answer ??= json && formatOf(this.#dialects, json)?.open(this.#watchedSink());
    if (json === undefined || this.#answer === undefined) this.#sink.unread();
    return this.#answer;
  }

  /** Each side is taken whole: a model that counts its input knows what of it was cached. */
  #noteCounts({ outputTokens, ...input }: Facts): void {
    if (this.#told.inputTokens === undefined) this.#sink.note(input);
    if (this.#told.outputTokens === undefined) this.#sink.note({ outputTokens });
  }

  /** The sink, but with its facts overheard and its end kept until the event was read. */
  #watchedSink(): Sink {
    const sink = this.#sink;
    return {
      noteRequestId: (id, kind) => sink.noteRequestId(id, kind),
      output: (kind) => sink.output(kind),
      note: (facts) => {
        this.#told = { ...this.#told, ...facts };
        sink.note(facts);
      },
      fail: (failure) => sink.fail(failure),
      addCharacters: (characters) => sink.addCharacters(characters),
      addAudio: (seconds) => sink.addAudio(seconds),
      complete: () => {
        this.#completed = true;
      },
      cancel: () => sink.cancel(),
      unread: () => sink.unread(),
      passOver: (bytes) => sink.passOver(bytes),
      content: sink.content,
    };
  }
}

function decodeBase64(text: string): Uint8Array {
  try {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  } catch {
    return new Uint8Array(0);
  }
}

function countMetrics(metrics: JsonObject): Facts {
  return countTokens(
    asCount(metrics.inputTokenCount),
    asCount(metrics.cacheReadInputTokenCount),
    asCount(metrics.cacheWriteInputTokenCount),
    asCount(metrics.outputTokenCount),
  );
}

function countHeaders(headers: HeaderLookup): Facts {
  const count = (name: string): number | undefined => {
    const value = headers.get(`x-amzn-bedrock-${name}-token-count`);
    return value === null || value === "" ? undefined : asCount(Number(value));
  };
  return countTokens(count("input"), count("cache-read-input"), count("cache-write-input"), count("output"));
}

/** Bedrock counts cached tokens beside the input; our total has them in. */
function countTokens(uncached?: number, cached?: number, written?: number, output?: number): Facts {
  return {
    inputTokens: uncached === undefined ? undefined : uncached + (cached ?? 0) + (written ?? 0),
    cachedInputTokens: cached,
    cacheWriteInputTokens: written,
    outputTokens: output,
  };
}
