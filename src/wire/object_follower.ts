/**
 * The end of a JSON object among bytes that come piece by piece.
 *
 * @module
 */

const BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Takes the bytes of an object one after the other: where in them it ends, after its brace, or -1. */
export type ObjectFollower = (bytes: Uint8Array) => number;

/** Follows braces, and strings with their escapes; whether the object is valid is not asked. */
export function followObject(): ObjectFollower {
  let depth = 0;
  let inString = false;
  let escaped = false;
  return (bytes) => {
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = inString;
      else if (byte === QUOTE) inString = !inString;
      else if (inString) continue;
      else if (byte === BRACE) depth++;
      else if (byte === CLOSING_BRACE && --depth === 0) return at + 1;
    }
    return -1;
  };
}
