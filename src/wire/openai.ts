/**
 * What OpenAI's formats have in common: how they ask, count and fail.
 *
 * @module
 */

import type { CallRequest, Facts, Failure } from "../types.ts";
import { asCount, asObject, asText, asWord, type JsonObject } from "./json.ts";
import { pathPart } from "./path.ts";

/** Where a host departs from OpenAI's own arithmetic. */
export interface Arithmetic {
  /** `completion_tokens` leaves reasoning out, so it is added. */
  readonly outputExcludesReasoning?: boolean | undefined;
  /** `cached_tokens` counts what `prompt_tokens` leaves out: no part of the input, so not noted. */
  readonly cachedOutsideInput?: boolean | undefined;
}

/** Azure's classic paths, and those through Cloudflare's gateway; there the model in the body counts for nothing. */
const DEPLOYMENT = /\/(?:deployments|azure-openai\/[^/]+)\/([^/]+)\//;

/** What a request asks for. */
export function readRequest({ url, json }: CallRequest, operationName: string): Facts {
  const body = asObject(json);
  return {
    operationName,
    requestModel: pathPart(url, DEPLOYMENT) ?? asText(body?.model),
    streamed: body === undefined ? undefined : body.stream === true,
  };
}

/** Counts `prompt_tokens` and `completion_tokens`. */
export function countTokens(usage: JsonObject, arithmetic: Arithmetic = {}): Facts {
  const prompt = asCount(usage.prompt_tokens);
  const completion = asCount(usage.completion_tokens);
  const input = asObject(usage.prompt_tokens_details);
  const output = asObject(usage.completion_tokens_details);
  const reasoning = asCount(output?.reasoning_tokens) ?? asCount(usage.reasoning_tokens);
  const cached = asCount(input?.cached_tokens) ?? asCount(usage.cached_tokens) ??
    asCount(usage.prompt_cache_hit_tokens);
  // behind a gateway the host is another, but a total of three summands tells as much
  const excludesReasoning = arithmetic.outputExcludesReasoning ||
    usage.total_tokens === (prompt ?? 0) + (completion ?? 0) + (reasoning ?? 0);
  // Gemini does not say how much reasoning there was, but has it in the total
  const unsaid = Math.max(0, (asCount(usage.total_tokens) ?? 0) - (prompt ?? Infinity) - (completion ?? 0));
  return {
    inputTokens: prompt,
    cachedInputTokens: arithmetic.cachedOutsideInput ? undefined : cached,
    cacheWriteInputTokens: asCount(input?.cache_write_tokens),
    textInputTokens: asCount(input?.text_tokens),
    audioInputTokens: asCount(input?.audio_tokens),
    imageInputTokens: asCount(input?.image_tokens),
    outputTokens: completion !== undefined && excludesReasoning
      ? completion + (reasoning ?? unsaid)
      : completion,
    reasoningOutputTokens: reasoning,
    textOutputTokens: asCount(output?.text_tokens),
    audioOutputTokens: asCount(output?.audio_tokens),
    imageOutputTokens: asCount(output?.image_tokens),
  };
}

/** Counts what a response of a realtime socket used, by modality. */
export function countRealtimeTokens(usage: JsonObject): Facts {
  const input = asObject(usage.input_token_details);
  const cached = asObject(input?.cached_tokens_details);
  return {
    ...countSides(usage, input, asObject(usage.output_token_details)),
    cachedTextInputTokens: asCount(cached?.text_tokens),
    cachedAudioInputTokens: asCount(cached?.audio_tokens),
    cachedImageInputTokens: asCount(cached?.image_tokens),
  };
}

/** Counts what a response used over HTTP, by modality. */
export function countResponseTokens(usage: JsonObject | undefined): Facts {
  const input = asObject(usage?.input_tokens_details);
  const output = asObject(usage?.output_tokens_details);
  return {
    ...countSides(usage, input, output),
    cacheWriteInputTokens: asCount(input?.cache_write_tokens),
    imageOutputTokens: asCount(output?.image_tokens),
  };
}

/** Counts `input_tokens` and `output_tokens`, whose details have a name of their own at each door. */
function countSides(
  usage: JsonObject | undefined,
  input: JsonObject | undefined,
  output: JsonObject | undefined,
): Facts {
  return {
    inputTokens: asCount(usage?.input_tokens),
    cachedInputTokens: asCount(input?.cached_tokens),
    textInputTokens: asCount(input?.text_tokens),
    audioInputTokens: asCount(input?.audio_tokens),
    imageInputTokens: asCount(input?.image_tokens),
    outputTokens: asCount(usage?.output_tokens),
    reasoningOutputTokens: asCount(output?.reasoning_tokens),
    textOutputTokens: asCount(output?.text_tokens),
    audioOutputTokens: asCount(output?.audio_tokens),
  };
}

/**
 * `{error: {type, code}}` at OpenAI, `{error: {status, code}}` at Google, `{error: "text", code}` at xAI,
 * `{object: "error", type, code}` at Mistral; beside other fields, or alone.
 */
export function readError(body: JsonObject): Failure | undefined {
  const error = asObject(body.error) ?? (body.object === "error" ? body : undefined);
  if (error === undefined && asText(body.error) === undefined) return undefined;
  return {
    type: asWord(error?.type ?? asText(error?.status)) ?? "error",
    code: asWord(error?.code ?? body.code),
  };
}

/** The id of a request that failed, where the body has it. */
export function readErrorId(body: JsonObject): string | undefined {
  return asText(body.request_id) ?? asText(asObject(body.error)?.request_id);
}
