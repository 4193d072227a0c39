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

/** An id that a provider knows. */
export interface KnownId {
  /** The id. */
  readonly id: string;
  /** What it is the id of. */
  readonly kind: RequestIdKind;
}

/** Ids in order of first sight, each once. Frozen. A list, as most are of one or two: a map of those is thrice the size. */
export type RequestIds = readonly KnownId[];

/** None yet. */
export const NO_IDS: RequestIds = Object.freeze([]);

/** Whether an id is among them. */
export function hasId(ids: RequestIds, id: string): boolean {
  return ids.some((known) => known.id === id);
}

/** The ids with another, where it is one and there is room; else the very same. */
export function keepId(ids: RequestIds, id: string, kind: RequestIdKind): RequestIds {
  if (ids.length === MAX_IDS || hasId(ids, id) || !isProviderId(id)) return ids;
  return Object.freeze(ids.concat(Object.freeze({ id, kind })));
}

/** The ids alone. */
export function textsOf(ids: RequestIds): string[] {
  return ids.map(({ id }) => id);
}
