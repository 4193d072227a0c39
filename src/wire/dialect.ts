/**
 * Formats inside a format: a host that passes on what its models' vendors speak.
 *
 * @module
 */

import type { JsonFormat } from "../types.ts";
import type { JsonObject } from "./json.ts";

/** A format, and how its JSON is told from that of others on the same URL. */
export interface Dialect {
  /** Its documents and events have one of these at the top. */
  readonly keys: readonly string[];
  /** How they are read. */
  readonly format: JsonFormat;
}

/** The format of a piece of JSON: the first that fits. */
export function formatOf(dialects: readonly Dialect[], json: JsonObject): JsonFormat | undefined {
  return dialects.find(({ keys }) => keys.some((key) => key in json))?.format;
}
