/**
 * What is an id that a provider knows, and what only stands where ids stand.
 *
 * @module
 */

/** Longer ones are counted, not kept. */
const MAX_LENGTH = 512;

/**
 * Whether a text can be such an id: one word of a bearable length. Providers were seen to put JSON and `"0"` for no
 * id into fields for ids.
 */
export function isProviderId(id: string): boolean {
  // callers in JavaScript hand in what a response has, if anything
  return typeof id === "string" && id.length <= MAX_LENGTH && id !== "0" && /^[^\s{["][^\s]*$/.test(id);
}
