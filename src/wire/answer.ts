/**
 * The bytes of a body, as the JSON values of an answer.
 *
 * @module
 */

import type { Answer, CallResponse, Reader, Sink } from "../types.ts";
import { readBody } from "./body.ts";
import { asObject, parseJson } from "./json.ts";
import { filterRepetitions, type RepetitionFilter } from "./skeleton.ts";

/** How an answer is framed, beyond the usual. */
export interface AnswerOptions {
  /** Keys whose values are mere words, such as the text of a chunk: one that differs in them only is not parsed. */
  readonly words?: ReadonlySet<string> | undefined;
  /** Event data that ends the stream, `[DONE]` for most. */
  readonly endMarker?: string | undefined;
  /** Whether an answer of JSON is lines of it, whatever its type says. */
  readonly jsonLines?: boolean | undefined;
}

/** Reads an event stream or a document whose pieces are JSON. */
export function readAnswer(
  response: CallResponse,
  sink: Sink,
  answer: Answer,
  options: AnswerOptions = {},
): Reader {
  const marker = options.endMarker === undefined ? undefined : new TextEncoder().encode(options.endMarker);
  const filter = newsFilter(sink, options.words);
  const takeEvent = parseNews(sink, answer, filter);
  /** A refusal need not be readable to be one. */
  const failToRead = (type: string): void => response.status < 400 ? sink.fail({ type }) : undefined;
  /** What could be read. */
  const takeDocument = (data: Uint8Array): unknown => {
    const json = parseJson(data);
    if (json === undefined) sink.unread();
    else answer.document(json);
    return json;
  };
  return readBody(response, {
    jsonLines: options.jsonLines,
    onStream: () => sink.note({ streamed: true }),
    endOfRepetition: filter?.endOfRepetition,
    onEvent: (data) => marker !== undefined && begins(data, marker) ? sink.complete() : takeEvent(data),
    onDocument: (data) => takeDocument(data) === undefined ? failToRead("unreadable") : undefined,
    // Google streams arrays, and puts errors into them
    onElement: (data) => response.status < 400 ? takeEvent(data) : void takeDocument(data),
    onArrayEnd: () => response.status < 400 ? sink.complete() : undefined,
    // nothing follows an error, and SDKs that throw there leave the body open
    onStray: (data) => asObject(takeDocument(data))?.error ? sink.complete() : undefined,
    onOverflow: () => sink.unread(),
    onStreamEnd: () => answer.end(),
    onEmpty: () => failToRead("truncated"),
  });
}

/** Tells mere repetitions; nothing does where somebody wants the words: then every event counts. */
export function newsFilter(
  sink: Sink,
  words: ReadonlySet<string> | undefined,
): RepetitionFilter | undefined {
  return words && sink.content === undefined ? filterRepetitions(words) : undefined;
}

/** Gives the answer what is not a mere repetition. */
export function parseNews(
  sink: Sink,
  answer: Answer,
  filter?: RepetitionFilter,
): (data: Uint8Array) => void {
  return (data) => {
    if (filter?.endOfRepetition(data, 0) === data.length) return;
    const json = parseJson(data);
    if (json === undefined) sink.unread();
    else if (!answer.event(json)) filter?.learn(data);
  };
}

function begins(data: Uint8Array, marker: Uint8Array): boolean {
  for (let i = 0; i < marker.length; i++) if (data[i] !== marker[i]) return false;
  return true;
}
