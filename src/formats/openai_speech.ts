/**
 * OpenAI's TTS over HTTP, and that of those who copied it: where its requests and events have what. The answer is audio,
 * or events with base64 audio and at the end the usage.
 *
 * @see {@link https://platform.openai.com/docs/api-reference/audio/createSpeech}
 * @module
 */

import { audioShape, type Speech } from "../speech.ts";
import type { CallRequest } from "../types.ts";
import type { AudioShape } from "../wire/audio.ts";
import { asCount, asObject, asText, type JsonObject } from "../wire/json.ts";
import { readError, readRequest } from "../wire/openai.ts";

/** The places; for the format of speech in bodies. */
export const openaiSpeech = {
  text: (body: JsonObject): string | undefined => asText(body.input),
  model: (_body: JsonObject, request: CallRequest): string | undefined =>
    readRequest(request, "").requestModel,
  shape: (body: JsonObject): AudioShape => shapeOf(asText(body.response_format), asCount(body.sample_rate)),
  /** Mistral answers with a document. */
  base64: (json: JsonObject): string | undefined =>
    json.type === "speech.audio.delta" ? asText(json.audio) ?? asText(json.delta) : asText(json.audio_data),
  json: readEvent,
};

/** Only raw audio needs a rate; OpenAI's is at 24 kHz. */
function shapeOf(format: string | undefined, rate: number | undefined): AudioShape {
  if (format === "pcm") return audioShape(format, rate ?? 24_000);
  return audioShape(format, format === "mulaw" ? rate : undefined);
}

function readEvent(event: JsonObject, { sink }: Speech): void {
  const failure = readError(event);
  if (failure !== undefined) sink.fail(failure);
  if (event.type !== "speech.audio.done") return;
  const usage = asObject(event.usage);
  sink.note({ inputTokens: asCount(usage?.input_tokens), outputTokens: asCount(usage?.output_tokens) });
  sink.complete();
}
