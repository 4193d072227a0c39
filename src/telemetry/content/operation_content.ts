/**
 * The words of a node or a turn, under LiveKit's attributes.
 *
 * @module
 */

import type { Attributes } from "@opentelemetry/api";
import * as contentAttr from "../../semconv_content.ts";
import type { Message, MessagePart, ToolCallPart } from "../../types.ts";
import { knownAttributes } from "../instruments.ts";
import { Room } from "../room.ts";
import { heardAttributes, jsonList } from "./content_attributes.ts";
import type { ContentPolicy } from "./content_policy.ts";
import type { AskedContent, AttemptWords, OperationWords } from "./content_recorder.ts";

/** Calls of tools beyond this are not listed on a node or a turn. */
const MAX_CALLS = 64;

/** The words of all attempts of a node or a turn. */
export class OperationContent implements OperationWords {
  readonly #policy: ContentPolicy;
  readonly #room: Room;
  readonly #texts: string[] = [];
  readonly #calls: ToolCallPart[] = [];
  #asked: AskedContent | undefined;

  /** Nothing said yet. */
  constructor(policy: ContentPolicy) {
    this.#policy = policy;
    this.#room = new Room(policy.maxLength);
  }

  add({ asked, answered: { choices: [parts = []] } }: AttemptWords): void {
    this.#asked = asked ?? this.#asked;
    const text = this.#room.take(textOf(parts));
    if (text !== "") this.#texts.push(text);
    const calls = parts.filter((part) => part.type === "tool_call");
    this.#calls.push(...calls.slice(0, MAX_CALLS - this.#calls.length));
  }

  askedAttributes(): Attributes {
    if (this.#asked === undefined) return {};
    const { instructions, messages } = this.#asked;
    const first: Message[] = instructions.length > 0 ? [{ role: "system", parts: instructions }] : [];
    const items = [...first, ...messages].flatMap(chatItems);
    return items.length > 0 ? { [contentAttr.chatContext]: JSON.stringify({ items }) } : {};
  }

  answeredAttributes(heard?: string): Attributes {
    return knownAttributes({
      ...heardAttributes(this.#policy, heard, contentAttr.userInput),
      [contentAttr.responseText]: this.#texts.length > 0 ? this.#texts.join("\n") : undefined,
      [contentAttr.responseCalls]: jsonList(this.#calls.map(callItem)),
    });
  }
}

/** A message as items of LiveKit's chat context, where calls of tools and what they came to are beside the messages. */
function chatItems({ role, parts }: Message): object[] {
  const text = textOf(parts);
  return [
    ...text === "" ? [] : [{ type: "message", role, content: [text] }],
    ...parts.flatMap((part) => {
      if (part.type === "tool_call") return callItem(part);
      if (part.type !== "tool_call_response") return [];
      return { type: "function_call_output", call_id: part.id, output: part.response };
    }),
  ];
}

function callItem({ id, name, arguments: given }: ToolCallPart): object {
  return { type: "function_call", call_id: id, name, arguments: given };
}

function textOf(parts: readonly MessagePart[]): string {
  return parts.flatMap((part) => part.type === "text" || part.type === "refusal" ? part.content : []).join(
    "",
  );
}
