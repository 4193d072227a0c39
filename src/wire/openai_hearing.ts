/**
 * How OpenAI counts what it heard, in its answers over HTTP and on sockets alike.
 *
 * @module
 */

import type { Facts } from "../types.ts";
import { asCount, asObject, type JsonObject } from "./json.ts";

/** `{type: "tokens", input_tokens, …}`, or `{type: "duration", seconds}` of models that are billed by time. */
export function countSpeechUsage(usage: JsonObject | undefined): Facts {
  const details = asObject(usage?.input_token_details);
  return {
    inputTokens: asCount(usage?.input_tokens),
    audioInputTokens: asCount(details?.audio_tokens),
    textInputTokens: asCount(details?.text_tokens),
    outputTokens: asCount(usage?.output_tokens),
    billedSeconds: asCount(usage?.seconds),
  };
}
