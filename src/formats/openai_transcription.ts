/**
 * OpenAI's STT over HTTP, and that of those who copied it: what its requests, answers and events say. The answer is
 * a document, events of a stream, or mere text, of which headers are all that is known.
 *
 * @see {@link https://platform.openai.com/docs/api-reference/audio/createTranscription}
 * @module
 */

import { asId } from "../hearing.ts";
import type { Notes } from "../notes.ts";
import type { CallRequest, Facts } from "../types.ts";
import { asCount, asObject, asText, type JsonObject } from "../wire/json.ts";
import { readRequest } from "../wire/openai.ts";
import { countSpeechUsage } from "../wire/speech_usage.ts";

/** The places; for the format of transcripts in bodies. */
export const openaiTranscription = {
  request: readUpload,
  document: readDocument,
  event: readEvent,
  endSignal: true,
};

/** Azure's classic paths have the model. */
function readUpload(request: CallRequest): Facts {
  const { requestModel } = readRequest(request, "");
  return {
    requestModel: requestModel ?? asText(request.form?.get("model")),
    language: asText(request.form?.get("language")),
    streamed: request.form?.get("stream") === "true" || undefined,
  };
}

function readDocument(json: JsonObject, notes: Notes): void {
  notes.id(asId(asObject(json.x_groq)?.id), "request");
  const usage = asObject(json.usage);
  const counts = countSpeechUsage(usage);
  notes.facts({
    ...counts,
    responseModel: asText(json.model),
    language: asText(json.language),
    sentAudioSeconds: asCount(json.duration) ?? counts.sentAudioSeconds,
    serviceTier: asText(usage?.service_tier),
  });
}

/** Names begin with `transcript.text.` at OpenAI, with `transcription.` at Mistral; only the last event counts. */
function readEvent(json: JsonObject, notes: Notes): void {
  if (asText(json.delta) ?? asText(json.text)) notes.output("text");
  notes.facts({ language: asText(json.audio_language) });
  // which has the whole text once more
  if (json.type !== "transcript.text.done" && json.type !== "transcription.done") return;
  notes.transcript(asText(json.text));
  readDocument(json, notes);
  notes.complete();
}
