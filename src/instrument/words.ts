/**
 * What a call asks, in words, where somebody wants those.
 *
 * @module
 */

import type { Attempt } from "../telemetry/attempt/attempt.ts";
import type { CallRequest, HttpFormat } from "../types.ts";
import { readPrompt } from "../wire/prompt.ts";

/** Tells the attempt. */
export function tellWords({ content, start }: Attempt, format: HttpFormat, request: CallRequest): void {
  if (content === undefined) return;
  if (format.words !== undefined) return format.words(request, content);
  const prompt = start.operation === "llm" ? readPrompt(request.json) : undefined;
  if (prompt !== undefined) content.prompt(prompt);
}
