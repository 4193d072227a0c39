/**
 * How OpenAI and Mistral count what they heard, over HTTP and on sockets alike.
 *
 * @module
 */

import type { Facts } from "../types.ts";
import { asCount, asObject, type JsonObject } from "./json.ts";

/**
 * `{type: "tokens", input_tokens, …}` at OpenAI, `{type: "duration", seconds}` of its models that are billed by time,
 * `{prompt_tokens, prompt_audio_seconds, …}` at Mistral, whose `prompt_tokens` leave out those of the audio.
 */
export function countSpeechUsage(usage: JsonObject | undefined): Facts {
  const details = asObject(usage?.input_token_details ?? usage?.prompt_tokens_details);
  const prompt = asCount(usage?.prompt_tokens);
  const completion = asCount(usage?.completion_tokens);
  const all = (asCount(usage?.total_tokens) ?? 0) - (completion ?? 0);
  return {
    inputTokens: asCount(usage?.input_tokens) ?? (prompt === undefined ? undefined : Math.max(prompt, all)),
    cachedInputTokens: asCount(details?.cached_tokens),
    audioInputTokens: asCount(details?.audio_tokens),
    textInputTokens: asCount(details?.text_tokens),
    outputTokens: asCount(usage?.output_tokens) ?? completion,
    sentAudioSeconds: asCount(usage?.prompt_audio_seconds),
    billedSeconds: asCount(usage?.seconds),
  };
}
