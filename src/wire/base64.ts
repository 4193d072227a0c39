/**
 * Base64 text, plain or for URLs, padded or not.
 *
 * @module
 */

/** How many bytes base64 text stands for. */
export function base64Bytes(text: string): number {
  const bare = /\s/.test(text) ? text.replace(/\s+/g, "") : text;
  const padding = bare.endsWith("==") ? 2 : bare.endsWith("=") ? 1 : 0;
  return Math.floor((bare.length - padding) * 3 / 4);
}

/** The bytes; none where it is no base64. */
export function decodeBase64(text: string): Uint8Array {
  try {
    const bytes = atob(/[-_]/.test(text) ? text.replaceAll("-", "+").replaceAll("_", "/") : text);
    return Uint8Array.from(bytes, (char) => char.charCodeAt(0));
  } catch {
    return new Uint8Array(0);
  }
}
