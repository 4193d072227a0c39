/**
 * Unknown JSON, read through typed getters: a missing or odd field is a missing fact, never an exception.
 *
 * @module
 */

/** A JSON object whose fields are unknown. */
export interface JsonObject {
  readonly [key: string]: unknown;
}

const decoder = new TextDecoder();

/** Parses JSON bytes; `undefined` when they are none. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}

/** Parses JSON text; `undefined` when it is none. */
export function parseJsonText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The value as an object, or `undefined`. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as JsonObject
    : undefined;
}

/** The value as a list; anything else is an empty one. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as text, or `undefined` when it is none or empty. */
export function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The value as a count of something, or `undefined`. */
export function asCount(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** The value as a short word such as an error code, or `undefined`: a sentence could quote what was asked. */
export function asWord(value: unknown): string | undefined {
  const word = typeof value === "number" ? String(value) : value;
  return typeof word === "string" && /^[\w.:/-]{1,64}$/.test(word) ? word : undefined;
}

/** The texts in a list of parts, put together; or the text that stands in place of it. `undefined` where there is none. */
export function asTexts(value: unknown): string | undefined {
  if (typeof value === "string") return asText(value);
  return asText(asList(value).map((part) => asText(asObject(part)?.text) ?? "").join(""));
}
