/**
 * What a tool is given and gives, under the names of both the GenAI conventions and LiveKit.
 *
 * @module
 */

import type { Attributes } from "@opentelemetry/api";
import { contentAttr } from "../../semconv_content.ts";
import { Allowance } from "./allowance.ts";
import type { ContentKind, ContentPolicy } from "./content_policy.ts";

/** What its span says of its arguments. */
export function argumentAttributes(policy: ContentPolicy | undefined, value: unknown): Attributes {
  return attributesOf(policy, value, "tool_arguments", [
    contentAttr.toolCallArguments,
    contentAttr.toolArguments,
  ]);
}

/** What its span says of what it gave. */
export function resultAttributes(policy: ContentPolicy | undefined, value: unknown): Attributes {
  return attributesOf(policy, value, "tool_result", [contentAttr.toolCallResult, contentAttr.toolOutput]);
}

function attributesOf(
  policy: ContentPolicy | undefined,
  value: unknown,
  kind: ContentKind,
  names: readonly string[],
): Attributes {
  const text = policy?.toolArguments ? jsonText(value) : undefined;
  if (policy === undefined || text === undefined) return {};
  const allowance = new Allowance(policy);
  const taken = allowance.take(text, kind);
  if (taken === undefined) return {};
  return {
    ...Object.fromEntries(names.map((name) => [name, taken])),
    ...allowance.exceeded && { [contentAttr.contentTruncated]: true },
  };
}

/** Text as it is, plain data as JSON; nothing of what is neither, such as a stream. */
function jsonText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null && !isPlain(value)) return undefined;
  try {
    return JSON.stringify(value);
  } catch {
    return undefined; // circular, or a bigint
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Array.isArray(value) || "toJSON" in value;
}
