/**
 * Words → span attributes.
 *
 * @module
 */

import type { Attributes } from "@opentelemetry/api";
import { contentAttr } from "../../semconv_content.ts";
import type { Message, MessagePart, ToolCallPart } from "../../types.ts";
import { knownAttributes } from "../instruments.ts";
import type { AskedContent, AttemptContent } from "./attempt_content.ts";
import { Room } from "./allowance.ts";
import type { ContentPolicy } from "./content_policy.ts";

/** What the span of an attempt says of its words: the GenAI conventions' attributes. */
export function contentAttributes(
  { asked, answered, hasMessages }: AttemptContent,
  finishReasons: readonly string[] = [],
): Attributes {
  const { choices, speech, transcript, truncated } = answered;
  const said = (hasMessages ? choices : []).map((parts, choice) => ({
    role: "assistant",
    parts: parts.map(parsed),
    finish_reason: finishReasons[choice],
  })).filter(({ parts }) => parts.length > 0);
  return knownAttributes({
    [contentAttr.systemInstructions]: jsonList(asked?.instructions),
    [contentAttr.inputMessages]: jsonList(
      asked?.messages.map(({ role, parts }) => ({ role, parts: parts.map(parsed) })),
    ),
    [contentAttr.toolDefinitions]: jsonList(asked?.tools.map((name) => ({ type: "function", name }))),
    [contentAttr.outputMessages]: jsonList(said),
    [contentAttr.inputText]: speech,
    [contentAttr.userTranscript]: transcript,
    [contentAttr.contentTruncated]: asked?.truncated || truncated || undefined,
  });
}

/** Arguments of tools are JSON in text; here they stand as what they are. */
function parsed(part: MessagePart): object {
  if (part.type !== "tool_call" || part.arguments === undefined) return part;
  try {
    return { ...part, arguments: JSON.parse(part.arguments) };
  } catch {
    return part; // cut, redacted, or of a tool that takes text
  }
}

function jsonList(list: readonly unknown[] | undefined): string | undefined {
  return list && list.length > 0 ? JSON.stringify(list) : undefined;
}

/** Calls of tools beyond this are not listed on a node or a turn. */
const MAX_CALLS = 64;

/** The words of all attempts of a node or a turn, under LiveKit's attributes. */
export class SaidContent {
  readonly #room: Room;
  readonly #texts: string[] = [];
  readonly #calls: ToolCallPart[] = [];
  #asked: AskedContent | undefined;

  /** Nothing said yet. */
  constructor({ maxLength }: ContentPolicy) {
    this.#room = new Room(maxLength);
  }

  /** An attempt ended. */
  add({ asked, answered: { choices: [parts = []] } }: AttemptContent): void {
    this.#asked = asked ?? this.#asked;
    const text = this.#room.take(textOf(parts));
    if (text !== "") this.#texts.push(text);
    const calls = parts.filter((part) => part.type === "tool_call");
    this.#calls.push(...calls.slice(0, MAX_CALLS - this.#calls.length));
  }

  /** What was asked last, as LiveKit's chat context. */
  askedAttributes(): Attributes {
    if (this.#asked === undefined) return {};
    const { instructions, messages } = this.#asked;
    const first: Message[] = instructions.length > 0 ? [{ role: "system", parts: instructions }] : [];
    return {
      [contentAttr.chatContext]: JSON.stringify({ items: [...first, ...messages].flatMap(chatItems) }),
    };
  }

  /** What came of it. */
  saidAttributes(): Attributes {
    return knownAttributes({
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
