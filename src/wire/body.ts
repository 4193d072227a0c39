/**
 * One body that is an event stream or a JSON document: the same URL answers with either, so the bytes decide.
 *
 * @module
 */

import type { CallResponse, Reader } from "../types.ts";
import { readJsonArray } from "./json_array.ts";
import { readJsonLines } from "./json_lines.ts";
import { BoundedBytes, NO_BYTES, type OverflowListener } from "./held.ts";
import { MAX_PIECE_BYTES, readSse } from "./sse.ts";

/** What takes the pieces of a body. Bytes are valid only during the call. */
export interface BodyPieces extends OverflowListener {
  /** The data of one event of a stream. */
  onEvent(data: Uint8Array, name: string): void;
  /** As {@linkcode SseOptions.endOfRepetition}. */
  endOfRepetition?(bytes: Uint8Array, at: number): number;
  /** A whole body that is no stream. */
  onDocument(data: Uint8Array): void;
  /**
   * An element of a body that is one JSON array.
   *
   * @default such a body is a document
   */
  onElement?(data: Uint8Array): void;
  /** The array ended at its bracket. One that does not is a stream that ended. */
  onArrayEnd?(): void;
  /** A JSON object between the events of a stream. */
  onStray?(data: Uint8Array): void;
  /** The body is an event stream. */
  onStream?(): void;
  /** The stream ended. */
  onStreamEnd?(): void;
  /** The body ended without a byte that says anything. */
  onEmpty?(): void;
  /**
   * Whether an answer of JSON is lines of it, whatever its type says.
   *
   * @default only where the type says so
   */
  readonly jsonLines?: boolean | undefined;
}

const BRACE = 0x7b;
const BRACKET = 0x5b;

/** Types of JSON lines, and of all JSON. */
const JSON_LINES = /^application\/(x-ndjson|jsonl|stream\+json)\b/i;
const ANY_JSON = /\bjson\b/i;

/**
 * Reads a body as an event stream when its type says so or is missing, as lines of JSON when its type or the format
 * says so, else as one document. A body that begins like JSON is a document whatever its type says: an error page, or
 * a server that ignored the wish to stream. One that is an array may be a stream of its elements.
 */
export function readBody(response: CallResponse, pieces: BodyPieces): Reader {
  return new BodyReader(response, pieces);
}

class BodyReader implements Reader {
  readonly #pieces: BodyPieces;
  readonly #refused: boolean;
  readonly #type: string | null;
  #reader: Reader | undefined;
  #streamed = false;

  constructor({ status, headers }: CallResponse, pieces: BodyPieces) {
    this.#pieces = pieces;
    this.#refused = status >= 400;
    this.#type = headers.get("content-type");
  }

  push(chunk: Uint8Array): void {
    if (this.#reader === undefined) {
      const first = chunk.find((byte) => byte > 0x20);
      if (first === undefined) return; // blank lines before the first piece keep a connection alive
      this.#reader = this.#open(first);
    }
    this.#reader.push(chunk);
  }

  end(): void {
    if (this.#reader === undefined) this.#pieces.onEmpty?.();
    this.#reader?.end();
    if (this.#streamed) this.#pieces.onStreamEnd?.();
  }

  /** A reader for a body that begins with that byte. */
  #open(first: number): Reader {
    const pieces = this.#pieces;
    const type = this.#type;
    const mayStream = type === null || /^text\/event-stream\b/i.test(type);
    const saidLines = type !== null && JSON_LINES.test(type);
    const wantLines = pieces.jsonLines === true && !this.#refused;
    const lines = saidLines ||
      // said to be events, yet lines
      wantLines && (type === null || ANY_JSON.test(type) || mayStream && first === BRACE);
    this.#streamed = lines || mayStream && first !== BRACE && first !== BRACKET;
    // a single line may be all there is
    if (this.#streamed && (saidLines || !lines)) pieces.onStream?.();
    if (lines) return readLines(pieces);
    if (this.#streamed) return readSse(pieces);
    return first === BRACKET && pieces.onElement !== undefined ? readArray(pieces) : readDocument(pieces);
  }
}

function readLines(pieces: BodyPieces): Reader {
  return readJsonLines({
    onLine: (data) => pieces.onEvent(data, ""),
    onOverflow: () => pieces.onOverflow?.(),
    onPassOver: (bytes) => pieces.onPassOver?.(bytes),
  });
}

function readArray(pieces: BodyPieces): Reader {
  let closed = false;
  const reader = readJsonArray({
    onElement: (data) => pieces.onElement?.(data),
    onEnd() {
      closed = true;
      pieces.onArrayEnd?.();
    },
    onOverflow: () => pieces.onOverflow?.(),
    onPassOver: (bytes) => pieces.onPassOver?.(bytes),
  });
  return {
    push: (chunk) => reader.push(chunk),
    end() {
      if (!closed) pieces.onStreamEnd?.();
    },
  };
}

/** Collects a document up to a bound. */
function readDocument(pieces: BodyPieces): Reader {
  const held = new BoundedBytes(MAX_PIECE_BYTES, pieces);
  return {
    push: (chunk) => held.push(chunk),
    end() {
      const document = held.take(NO_BYTES);
      if (document !== undefined) pieces.onDocument(document);
    },
  };
}
