/**
 * The bytes of a body, as the JSON values of an answer.
 *
 * @module
 */

import type { Answer, CallResponse, Reader, Sink } from "../types.ts";
import { type BodyPieces, readBody } from "./body.ts";
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
  return readBody(response, new AnswerPieces(response.status >= 400, sink, answer, options));
}

/** Gives the answer what is not a mere repetition. */
export class News {
  protected readonly sink: Sink;
  protected readonly answer: Answer;
  /** Passes over mere repetitions; absent where somebody wants the words: then every event counts. */
  protected readonly filter: RepetitionFilter | undefined;

  /** Events for `answer`, whose keys of mere words are those. */
  constructor(sink: Sink, answer: Answer, words?: ReadonlySet<string>) {
    this.sink = sink;
    this.answer = answer;
    this.filter = words && sink.content === undefined ? filterRepetitions(words) : undefined;
  }

  /** Takes the next event. */
  take(data: Uint8Array): void {
    if (this.filter?.endOfRepetition(data, 0) === data.length) return;
    const json = parseJson(data);
    if (json === undefined) this.sink.unread();
    else if (!this.answer.event(json)) this.filter?.learn(data);
  }
}

class AnswerPieces extends News implements BodyPieces {
  readonly jsonLines: boolean | undefined;
  readonly #refused: boolean;
  readonly #endMarker: string | undefined;

  constructor(refused: boolean, sink: Sink, answer: Answer, { words, endMarker, jsonLines }: AnswerOptions) {
    super(sink, answer, words);
    this.jsonLines = jsonLines;
    this.#refused = refused;
    this.#endMarker = endMarker;
  }

  onStream(): void {
    this.sink.note({ streamed: true });
  }

  endOfRepetition(bytes: Uint8Array, at: number): number {
    return this.filter?.endOfRepetition(bytes, at) ?? -1;
  }

  onEvent(data: Uint8Array): void {
    const marker = this.#endMarker;
    if (marker !== undefined && begins(data, marker)) this.sink.complete();
    else this.take(data);
  }

  onDocument(data: Uint8Array): void {
    if (this.#document(data) === undefined) this.#failToRead("unreadable");
  }

  /** Google streams arrays, and puts errors into them. */
  onElement(data: Uint8Array): void {
    if (this.#refused) this.#document(data);
    else this.take(data);
  }

  onArrayEnd(): void {
    if (!this.#refused) this.sink.complete();
  }

  /** Nothing follows an error, and SDKs that throw there leave the body open. */
  onStray(data: Uint8Array): void {
    if (asObject(this.#document(data))?.error) this.sink.complete();
  }

  onOverflow(): void {
    this.sink.unread();
  }

  onPassOver(bytes: number): void {
    this.sink.passOver(bytes);
  }

  onStreamEnd(): void {
    this.answer.end();
  }

  onEmpty(): void {
    this.#failToRead("truncated");
  }

  /** What could be read. */
  #document(data: Uint8Array): unknown {
    const json = parseJson(data);
    if (json === undefined) this.sink.unread();
    else this.answer.document(json);
    return json;
  }

  /** A refusal need not be readable to be one. */
  #failToRead(type: string): void {
    if (!this.#refused) this.sink.fail({ type });
  }
}

/** Whether data begins with that text, which is ASCII. */
function begins(data: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (data[i] !== text.charCodeAt(i)) return false;
  return true;
}
