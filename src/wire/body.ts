/**
 * One body that is an event stream or a JSON document: the same URL answers with either, so the bytes decide.
 *
 * @module
 */

import type { CallResponse, Reader } from "../types.ts";
import { join, MAX_PIECE_BYTES, readSse } from "./sse.ts";

/** What takes the pieces of a body. Bytes are valid only during the call. */
export interface BodyPieces {
  /** The data of one event of a stream. */
  onEvent(data: Uint8Array, name: string): void;
  /** A whole body that is no stream. */
  onDocument(data: Uint8Array): void;
  /** A piece was larger than the bound and is passed over. */
  onOverflow(): void;
  /** The body is an event stream. */
  onStream?(): void;
  /** The event stream ended. */
  onStreamEnd?(): void;
  /** The body ended without a byte that says anything. */
  onEmpty?(): void;
}

const BRACE = 0x7b;
const BRACKET = 0x5b;

/**
 * Reads a body as an event stream when its type says so or is missing, else as one document. A body that begins like
 * JSON is a document whatever its type says: an error page, or a server that ignored the wish to stream.
 */
export function readBody(response: CallResponse, pieces: BodyPieces): Reader {
  const type = response.headers.get("content-type");
  const mayStream = type === null || /^text\/event-stream\b/i.test(type);
  let reader: Reader | undefined;
  let streamed = false;
  return {
    push(chunk) {
      if (reader === undefined) {
        const first = chunk.find((byte) => byte > 0x20);
        if (first === undefined) return; // blank lines before the first piece keep a connection alive
        streamed = mayStream && first !== BRACE && first !== BRACKET;
        reader = streamed ? readSse(pieces) : readDocument(pieces);
        if (streamed) pieces.onStream?.();
      }
      reader.push(chunk);
    },
    end() {
      if (reader === undefined) pieces.onEmpty?.();
      reader?.end();
      if (streamed) pieces.onStreamEnd?.();
    },
  };
}

/** Collects a document up to a bound. */
function readDocument(pieces: BodyPieces): Reader {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  return {
    push(chunk) {
      const before = bytes;
      bytes += chunk.length;
      if (bytes <= MAX_PIECE_BYTES) {
        parts.push(chunk.slice());
      } else if (before <= MAX_PIECE_BYTES) {
        parts = [];
        pieces.onOverflow();
      }
    },
    end() {
      if (bytes <= MAX_PIECE_BYTES) pieces.onDocument(join(parts));
    },
  };
}
