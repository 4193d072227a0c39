/**
 * What a caller asks for on OpenAI's realtime sockets, and which errors are the answer.
 *
 * @module
 */

import type { AskedSink } from "../types.ts";
import { asObject, asText, type JsonObject } from "./json.ts";

/** Ids of events beyond this are forgotten, oldest first. */
const MAX_REMEMBERED = 32;

/** Keeps what was asked for. */
export class Asking {
  /** Ids of events that asked for a response. */
  readonly #ids = new Set<string>();
  /** Whether a response was asked for without such an id, and did not begin yet. */
  #unanswered = false;
  readonly #asked: AskedSink | undefined;

  /** Tells `asked` in words what is asked, where somebody wants it. */
  constructor(asked: AskedSink | undefined) {
    this.#asked = asked;
  }

  /** The caller sent an event. */
  sent({ type, event_id: id, item, response, session }: JsonObject): void {
    if (type === "session.update") this.configure(asObject(session));
    else if (type === "conversation.item.create") this.#asked?.add([item]);
    else if (type === "response.create") this.#create(id, asObject(response));
  }

  /** The session is like that. */
  configure({ instructions, tools }: JsonObject = {}): void {
    this.#asked?.configure({ instructions, tools });
  }

  #create(id: unknown, { instructions, tools, input, conversation }: JsonObject = {}): void {
    if (typeof id === "string") remember(this.#ids, id, MAX_REMEMBERED);
    else this.#unanswered = true;
    this.#asked?.override({ instructions, tools, messages: input });
    // one beside the conversation leaves that as it is
    if (conversation === "none") this.#asked?.keep();
  }

  /** A response began. */
  answered(): void {
    this.#unanswered = false;
  }

  /** Whether that error is the answer to who asked for a response: what was said waits for another one then. */
  isRefused(error: JsonObject): boolean {
    const refused = this.#isRefusal(error);
    if (refused) this.#asked?.keep();
    return refused;
  }

  /** It says so, or is of that kind. */
  #isRefusal(error: JsonObject): boolean {
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
