/**
 * Records content as far as a policy lets it leave.
 *
 * @module
 */

import type { Attributes } from "@opentelemetry/api";
import * as contentAttr from "../../semconv_content.ts";
import { AttemptContent, type ReadPrompt } from "./attempt_content.ts";
import { ConnectionContent } from "./connection_content.ts";
import { heardAttributes, textAttributes } from "./content_attributes.ts";
import type { ContentPolicy } from "./content_policy.ts";
import type { AskedBefore, ContentRecorder } from "./content_recorder.ts";
import { OperationContent } from "./operation_content.ts";

/** Records what a policy lets leave. */
export class PolicyRecorder implements ContentRecorder {
  readonly #policy: ContentPolicy;
  readonly #readPrompt: ReadPrompt;

  /** Records as the policy says. */
  constructor(policy: ContentPolicy, readPrompt: ReadPrompt) {
    this.#policy = policy;
    this.#readPrompt = readPrompt;
  }

  attempt(before?: AskedBefore): AttemptContent {
    return new AttemptContent(this.#policy, this.#readPrompt, before);
  }

  connection(): ConnectionContent | undefined {
    return this.#policy.prompts ? new ConnectionContent(this.#policy, this.#readPrompt) : undefined;
  }

  operation(): OperationContent {
    return new OperationContent(this.#policy);
  }

  toolArguments(value: unknown): Attributes {
    const names = [contentAttr.toolCallArguments, contentAttr.toolArguments];
    return this.#policy.toolArguments
      ? textAttributes(this.#policy, jsonText(value), "tool_arguments", names)
      : {};
  }

  toolResult(value: unknown): Attributes {
    const names = [contentAttr.toolCallResult, contentAttr.toolOutput];
    return this.#policy.toolArguments
      ? textAttributes(this.#policy, jsonText(value), "tool_result", names)
      : {};
  }

  heard(text: string | undefined): Attributes {
    return heardAttributes(this.#policy, text, contentAttr.userTranscript);
  }
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
