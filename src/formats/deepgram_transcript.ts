/**
 * What an upload to Deepgram is answered with: a transcript of each channel, or with a callback only an id.
 *
 * @see {@link https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded}
 * @module
 */

import { asId } from "../hearing.ts";
import type { Notes } from "../notes.ts";
import type { CallRequest, Facts } from "../types.ts";
import { asCount, asList, asObject, asText, type JsonObject } from "../wire/json.ts";

/** Where Deepgram has what. */
export const deepgramTranscript = {
  /** The query says it. */
  request: ({ url: { searchParams } }: CallRequest): Facts => ({
    requestModel: searchParams.get("model") ?? undefined,
    language: searchParams.get("language") ?? undefined,
  }),
  /** The whole answer. */
  document(json: JsonObject, notes: Notes): void {
    const metadata = asObject(json.metadata);
    const channels = asList(asObject(json.results)?.channels).map(asObject);
    const [model] = Object.values(asObject(metadata?.model_info) ?? {}).map(asObject);
    notes.id(asId(metadata?.request_id) ?? asId(json.request_id), "request");
    notes.facts({
      responseModel: asText(model?.name),
      sentAudioSeconds: asCount(metadata?.duration),
      language: asText(channels[0]?.detected_language),
    });
    const texts = channels.map((one) => asText(asObject(asList(one?.alternatives)[0])?.transcript) ?? "");
    notes.transcript(asText(texts.join(" ").trim()));
  },
  /** Also errors say which request it was. */
  error: (json: JsonObject, notes: Notes): void => notes.id(asId(json.request_id), "request"),
};
