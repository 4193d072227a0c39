/**
 * Azure's STT over HTTP: short audio, and files.
 *
 * @see {@link https://learn.microsoft.com/en-us/azure/ai-services/speech-service/rest-speech-to-text-short}
 * @module
 */

import { secondsOf } from "../hearing.ts";
import type { Notes } from "../notes.ts";
import type { CallRequest, Facts } from "../types.ts";
import { asCount, asList, asObject, asText, type JsonObject, parseJsonText } from "../wire/json.ts";

/** The places of audio of up to a minute. The `Duration` in its answer is that of what was said. */
export const azureShort = {
  request: ({ url: { searchParams } }: CallRequest): Facts => ({
    requestModel: asText(searchParams.get("cid")),
    language: asText(searchParams.get("language")),
  }),
  document(json: JsonObject, notes: Notes): void {
    const [best] = asList(json.NBest).map(asObject);
    notes.transcript(asText(json.DisplayText) ?? asText(best?.Display));
    if (json.RecognitionStatus === "Error") notes.fail({ type: "Error" });
  },
};

/** The places of files, which are transcribed faster than they would be spoken. */
export const azureFast = {
  request({ form }: CallRequest): Facts {
    const definition = asObject(parseJsonText(form?.get("definition") ?? ""));
    return { language: asText(asList(definition?.locales)[0]) };
  },
  document(json: JsonObject, notes: Notes): void {
    notes.transcript(asText(asObject(asList(json.combinedPhrases)[0])?.text));
    notes.facts({
      language: asText(asObject(asList(json.phrases)[0])?.locale),
      sentAudioSeconds: secondsOf(asCount(json.durationMilliseconds) ?? json.duration),
    });
  },
};
