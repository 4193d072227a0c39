/**
 * Base64 text, plain or for URLs, padded or not.
 *
 * @module
 */

/** What may break lines, or stand between them; searched one by one, which is faster than a pattern. */
const SPACES = ["\n", "\r", " ", "\t", "\f"];

/** How many bytes base64 text stands for. */
export function base64Bytes(text: string): number {
  const bare = SPACES.some((space) => text.includes(space)) ? text.replace(/\s+/g, "") : text;
  const padding = bare.endsWith("==") ? 2 : bare.endsWith("=") ? 1 : 0;
  return Math.floor((bare.length - padding) * 3 / 4);
}

/** The bytes; none where it is no base64. */
export function decodeBase64(text: string): Uint8Array {
  try {
    const chars = atob(/[-_]/.test(text) ? text.replaceAll("-", "+").replaceAll("_", "/") : text);
    const bytes = new Uint8Array(chars.length);
    // ten times as fast as Uint8Array.from(), and this is done for each frame
    for (let i = 0; i < chars.length; i++) bytes[i] = chars.charCodeAt(i);
    return bytes;
  } catch {
    return new Uint8Array(0);
  }
}
