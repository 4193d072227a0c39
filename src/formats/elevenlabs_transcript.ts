/**
 * What an upload to ElevenLabs is answered with: a transcript, one of each channel, or with a webhook only ids.
 *
 * @see {@link https://elevenlabs.io/docs/api-reference/speech-to-text/convert}
 * @module
 */

import { asId } from "../hearing.ts";
import type { Notes } from "../notes.ts";
import type { CallRequest, Facts } from "../types.ts";
import { asCount, asList, asObject, asText, type JsonObject } from "../wire/json.ts";

/** Where ElevenLabs has what. */
export const elevenlabsTranscript = {
  /** The form says it. */
  request: ({ form }: CallRequest): Facts => ({
    requestModel: asText(form?.get("model_id")),
    language: asText(form?.get("language_code")),
  }),
  /** The whole answer. */
  document(json: JsonObject, notes: Notes): void {
    notes.id(asId(json.request_id), "request");
    notes.id(asId(json.transcription_id), "response");
    notes.facts({
      sentAudioSeconds: asCount(json.audio_duration_secs),
      language: asText(json.language_code),
    });
    const texts = asList(json.transcripts).map((one) => asText(asObject(one)?.text) ?? "");
    notes.transcript(asText(texts.join(" ").trim()));
  },
  /** Also errors say which request it was. */
  error: ({ detail }: JsonObject, notes: Notes): void =>
    notes.id(asId(asObject(detail)?.request_id), "request"),
};
