/**
 * Words → span attributes.
 *
 * @module
 */

import type { Attributes } from "@opentelemetry/api";
import * as contentAttr from "../../semconv_content.ts";
import type { MessagePart } from "../../types.ts";
import { knownAttributes } from "../instruments.ts";
import { Allowance } from "./allowance.ts";
import type { ContentKind, ContentPolicy } from "./content_policy.ts";
import type { AnsweredContent, AskedContent } from "./content_recorder.ts";

/** What the span of an attempt says of its words: the GenAI conventions' attributes. */
export function contentAttributes(
  asked: AskedContent | undefined,
  { choices, speech, transcript, truncated }: AnsweredContent,
  finishReasons: readonly string[] = [],
): Attributes {
  const said = choices.map((parts, choice) => ({
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

/** The list as JSON, where there is anything in it. */
export function jsonList(list: readonly unknown[] | undefined): string | undefined {
  return list && list.length > 0 ? JSON.stringify(list) : undefined;
}

/** A text as attributes of those names, as far as it may leave. */
export function textAttributes(
  policy: ContentPolicy,
  text: string | undefined,
  kind: ContentKind,
  names: readonly string[],
): Attributes {
  if (text === undefined) return {};
  const allowance = new Allowance(policy);
  const taken = allowance.take(text, kind);
  return knownAttributes({
    ...Object.fromEntries(names.map((name) => [name, taken])),
    [contentAttr.contentTruncated]: allowance.exceeded || undefined,
  });
}

/** What the user was heard to say, under the name that it has where it is to stand. */
export function heardAttributes(policy: ContentPolicy, text: string | undefined, name: string): Attributes {
  return policy.transcripts ? textAttributes(policy, text, "transcript", [name]) : {};
}
