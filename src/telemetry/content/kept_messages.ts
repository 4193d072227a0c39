/**
 * Messages that are kept until they are recorded.
 *
 * @module
 */

import type { Message, MessagePart, TextPart } from "../../types.ts";
import type { Room } from "../room.ts";
import { keptLength, roomBefore } from "./allowance.ts";
import type { ContentPolicy } from "./content_policy.ts";

/** Messages, and parts of one, beyond this are not kept, however short. */
const MAX_KEPT = 256;

/** The newest messages, as far as there is room. */
export class KeptMessages {
  readonly #policy: ContentPolicy;
  readonly #all: Message[] = [];
  #length = 0;
  #truncated = false;

  /** None yet. */
  constructor(policy: ContentPolicy) {
    this.#policy = policy;
  }

  /** Those that are kept, oldest first. */
  get all(): readonly Message[] {
    return this.#all;
  }

  /** Whether there was not room for all. */
  get truncated(): boolean {
    return this.#truncated;
  }

  /** More came. */
  add(messages: readonly Message[]): void {
    for (const { role, parts } of messages) {
      const room = roomBefore(this.#policy);
      const message = { role, parts: parts.slice(0, MAX_KEPT).map((part) => cutPart(part, room)) };
      this.#truncated ||= room.exceeded || parts.length > MAX_KEPT;
      this.#all.push(message);
      this.#length += lengthOf(message);
    }
    while (this.#all.length > MAX_KEPT || this.#length > keptLength(this.#policy)) {
      this.#length -= lengthOf(this.#all.shift()!);
      this.#truncated = true;
    }
  }
}

/** Texts of a list, as far as there is room for them. */
export function cutTexts(parts: readonly TextPart[], room: Room): readonly TextPart[] {
  return parts.slice(0, MAX_KEPT).map(({ type, content }) => ({ type, content: room.take(content) }));
}

function cutPart(part: MessagePart, room: Room): MessagePart {
  switch (part.type) {
    case "tool_call":
      return { ...part, arguments: part.arguments && room.take(part.arguments) };
    case "tool_call_response":
      return { ...part, response: part.response && room.take(part.response) };
    default:
      return { ...part, content: room.take(part.content) } as MessagePart;
  }
}

function lengthOf({ parts }: Message): number {
  return parts.reduce((sum, part) => sum + (wordsOf(part)?.length ?? 0), 0);
}

function wordsOf(part: MessagePart): string | undefined {
  if (part.type === "tool_call") return part.arguments;
  return part.type === "tool_call_response" ? part.response : part.content;
}
