/**
 * STT over HTTP: audio in the request, text in the answer, however the provider names things. Neither is looked at.
 *
 * @module
 */

import { Notes } from "../notes.ts";
import type { Answer, CallRequest, CallResponse, Facts, HttpFormat, Reader, Sink } from "../types.ts";
import { readAnswer } from "../wire/answer.ts";
import { asCount, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";

/** Where a provider has what. */
export interface TranscriptBody {
  /**
   * What the request says: model, language, whether the answer comes as a stream.
   *
   * @default the fields `model` and `stream` of a form
   */
  readonly request?: ((request: CallRequest) => Facts) | undefined;
  /** What the response's headers say. */
  readonly headers?: ((headers: CallResponse["headers"]) => Facts) | undefined;
  /** What the whole answer says. A text in it is noted already. The request is at hand where it was made over HTTP. */
  readonly document?: ((json: JsonObject, notes: Notes, request?: CallRequest) => void) | undefined;
  /** What an event of a stream says. */
  readonly event?: ((json: JsonObject, notes: Notes) => void) | undefined;
  /**
   * Whether a stream of events says that it is over, so that one that does not was cut.
   *
   * @default false
   */
  readonly endSignal?: boolean | undefined;
  /** What an error's body says, beside its class. */
  readonly error?: ((json: JsonObject, notes: Notes) => void) | undefined;
}

/** A format of STT over HTTP. */
export function transcriptBody(name: string, places: TranscriptBody): HttpFormat {
  return {
    name,
    request: (request) => ({
      operationName: "speech_to_text",
      ...places.request?.(request) ??
        {
          requestModel: formText(request, "model"),
          streamed: formText(request, "stream") === "true" || undefined,
        },
    }),
    read(response, sink, request) {
      if (places.headers) sink.note(places.headers(response.headers));
      // plain text, subtitles: all that is to be known stands in headers
      if (response.status < 400 && /^(text\/(?!event-stream)|application\/x-subrip)/.test(typeOf(response))) {
        return readPlainText(sink);
      }
      const answer = new TranscriptAnswer(places, response.status, sink, request);
      return readAnswer(response, sink, answer, { endMarker: "[DONE]" });
    },
  };
}

function readPlainText(sink: Sink): Reader {
  const decoder = new TextDecoder();
  return {
    push(chunk) {
      if (chunk.length > 0) sink.output("text");
      sink.content?.transcript(decoder.decode(chunk, { stream: true }));
    },
    end() {},
  };
}

/** A text of a form, or `undefined`. */
export function formText({ form }: CallRequest, name: string): string | undefined {
  return asText(form?.get(name));
}

class TranscriptAnswer implements Answer {
  readonly #places: TranscriptBody;
  readonly #status: number;
  readonly #notes: Notes;
  readonly #request: CallRequest | undefined;

  constructor(places: TranscriptBody, status: number, sink: Sink, request: CallRequest | undefined) {
    this.#places = places;
    this.#status = status;
    this.#notes = new Notes(sink);
    this.#request = request;
  }

  event(value: unknown): boolean {
    const json = asObject(value);
    if (json === undefined) return false;
    const error = asObject(json.error);
    if (error !== undefined) this.#notes.fail(failureOf(error));
    this.#places.event?.(json, this.#notes);
    return this.#notes.takeNews();
  }

  document(value: unknown): void {
    const json = asObject(value);
    if (json === undefined) return;
    if (this.#status >= 400) {
      this.#notes.fail(failureOf(asObject(json.error) ?? asObject(json.detail) ?? json));
      this.#places.error?.(json, this.#notes);
      return;
    }
    this.#notes.transcript(asText(json.text) ?? asText(json.transcript));
    this.#places.document?.(json, this.#notes, this.#request);
  }

  end(): void {
    if (this.#places.endSignal && !this.#notes.failed) this.#notes.fail({ type: "truncated" });
  }
}

/** A short word for type or code is all that is taken of an error: its message could quote what was said. */
function failureOf(error: JsonObject): { type: string; code: string | undefined } {
  return {
    type: asWord(error.type) ?? asWord(error.status) ?? asWord(error.err_code) ?? asWord(error.category) ??
      asWord(error.error_type) ?? "error",
    code: asWord(error.code) ?? asWord(error.error_code) ?? asWord(asCount(error.statusCode)),
  };
}

function typeOf({ headers }: CallResponse): string {
  return headers.get("content-type") ?? "";
}
