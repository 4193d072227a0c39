/**
 * What a caller asks for on OpenAI's realtime sockets, and which errors are the answer.
 *
 * @module
 */

import { asText, type JsonObject } from "./json.ts";

/** Ids of events beyond this are forgotten, oldest first. */
const MAX_REMEMBERED = 32;

/** Keeps what was asked for. */
export class Asking {
  /** Ids of events that asked for a response. */
  readonly #ids = new Set<string>();
  /** Whether a response was asked for without such an id, and did not begin yet. */
  #unanswered = false;

  /** The caller sent an event. */
  sent({ type, event_id: id }: JsonObject): void {
    if (type !== "response.create") return;
    if (typeof id === "string") remember(this.#ids, id, MAX_REMEMBERED);
    else this.#unanswered = true;
  }

  /** A response began. */
  answered(): void {
    this.#unanswered = false;
  }

  /** Whether that error is the answer to who asked for a response: it says so, or is of that kind. */
  isRefused(error: JsonObject): boolean {
    const id = asText(error.event_id);
    if (id !== undefined) return this.#ids.delete(id);
    if (!this.#unanswered || !isAboutResponses(error)) return false;
    this.#unanswered = false;
    return true;
  }
}

/** Adds to a set that is kept small. */
export function remember(ids: Set<string>, id: string, most: number): void {
  ids.add(id);
  if (ids.size > most) ids.delete(ids.values().next().value!);
}

function isAboutResponses({ type, code, param }: JsonObject): boolean {
  return type === "server_error" || asText(param)?.startsWith("response") === true ||
    /response_create|already_has_active_response/.test(asText(code) ?? "");
}
