/**
 * Bytes as hexadecimal text.
 *
 * @module
 */

/** Decodes hexadecimal text. What is none, such as a URL in its place, is no bytes. */
export function decodeHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1);
  if (text.length % 2 !== 0) return new Uint8Array(0);
  for (let at = 0; at < bytes.length; at++) {
    const high = digit(text.charCodeAt(at * 2));
    const low = digit(text.charCodeAt(at * 2 + 1));
    if (high === undefined || low === undefined) return new Uint8Array(0);
    bytes[at] = high << 4 | low;
  }
  return bytes;
}

function digit(code: number): number | undefined {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20; // small
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined;
}
