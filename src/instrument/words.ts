/**
 * What a call asks, in words, where somebody wants those.
 *
 * @module
 */

import type { Attempt } from "../telemetry/attempt/attempt.ts";
import type { CallRequest, HttpFormat } from "../types.ts";

/** Tells the attempt. */
export function tellWords({ content, start }: Attempt, format: HttpFormat, request: CallRequest): void {
  if (content === undefined) return;
  if (format.words !== undefined) format.words(request, content);
  else if (start.operation === "llm") content.prompt(request.json);
}
