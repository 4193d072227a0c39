/**
 * What is an id that a provider knows, and what only stands where ids stand.
 *
 * @module
 */

import type { RequestIdKind } from "../../types.ts";

/** So many are kept of one attempt, turn or connection. */
const MAX_IDS = 128;

/** Longer ones are counted, not kept. */
const MAX_LENGTH = 512;

/**
 * Whether a text can be such an id: one word of a bearable length. Providers were seen to put JSON and `"0"` for no
 * id into fields for ids.
 */
function isProviderId(id: string): boolean {
  // callers in JavaScript hand in what a response has, if anything
  return typeof id === "string" && id.length <= MAX_LENGTH && id !== "0" && /^[^\s{["][^\s]*$/.test(id);
}

/** Keeps an id with others, where it is one and there is room. Whether it was kept. */
export function keepId(ids: Map<string, RequestIdKind>, id: string, kind: RequestIdKind): boolean {
  const keeps = ids.size < MAX_IDS && isProviderId(id);
  if (keeps) ids.set(id, kind);
  return keeps;
}
