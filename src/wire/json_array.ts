/**
 * The elements of one JSON array, on bytes: each is given as soon as it is whole.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8259}
 * @module
 */

import type { Reader } from "../types.ts";
import { BoundedBytes, type OverflowListener } from "./held.ts";
import { MAX_PIECE_BYTES } from "./sse.ts";

/** What takes the elements. */
export interface JsonArrayOptions extends OverflowListener {
  /** An element, without the space around it, valid only during the call. */
  onElement(data: Uint8Array): void;
  /** The array ended at its bracket; what comes after it is passed over. */
  onEnd?(): void;
  /**
   * The largest element that is kept, in bytes.
   *
   * @default 4 MiB
   */
  readonly maxElementBytes?: number | undefined;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const SPACE = 0x20;

/** Reads one array. Depth, strings and their escapes are followed; whether an element is valid is not asked. */
export function readJsonArray(options: JsonArrayOptions): Reader {
  const { onElement, onEnd, maxElementBytes = MAX_PIECE_BYTES } = options;
  /** The unfinished element. */
  const held = new BoundedBytes(maxElementBytes, options);
  let begun = false;
  /** How many brackets and braces are open; 1 is between elements, or in one that is a number, word or string. */
  let depth = 0;
  let inString = false;
  let escaped = false;
  let ended = false;

  function takeElement(end: Uint8Array): void {
    const element = held.take(end);
    begun = false;
    if (element !== undefined) onElement(element);
  }

  /** Where in the chunk the string ends: after its quote, or at the chunk's end. */
  function passString(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      if (escaped) escaped = false;
      else if (chunk[at] === BACKSLASH) escaped = true;
      else if (chunk[at] === QUOTE) {
        inString = false;
        return at + 1;
      }
    }
    return chunk.length;
  }

  return {
    push(chunk) {
      if (ended) return;
      let start = 0;
      let at = 0;
      const begin = (): void => {
        if (!begun) start = at;
        begun = true;
      };
      while (at < chunk.length && !ended) {
        if (inString) {
          at = passString(chunk, at);
          continue;
        }
        const byte = chunk[at]!;
        if (byte === QUOTE) {
          begin();
          inString = true;
        } else if (byte === OPENING_BRACKET || byte === OPENING_BRACE) {
          if (depth > 0) begin();
          depth++;
        } else if (byte === CLOSING_BRACKET || byte === CLOSING_BRACE) {
          if (depth === 1 && begun) takeElement(chunk.subarray(start, at));
          depth--;
          ended = depth === 0;
          if (depth === 1) takeElement(chunk.subarray(start, at + 1));
        } else if (depth === 1) {
          if (byte > SPACE && byte !== COMMA) begin();
          else if (begun) takeElement(chunk.subarray(start, at));
        }
        at++;
      }
      if (ended) onEnd?.();
      else if (begun) held.push(chunk.subarray(start));
    },
    end() {},
  };
}
