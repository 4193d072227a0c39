/**
 * What audio that is sent to Google's Cloud Speech-to-Text over HTTP is answered with: v1 and v2.
 *
 * @see {@link https://cloud.google.com/speech-to-text/v2/docs/reference/rest/v2/projects.locations.recognizers/recognize}
 * @module
 */

import { asId } from "../hearing.ts";
import type { Notes } from "../notes.ts";
import type { CallRequest, Facts } from "../types.ts";
import { durationSeconds } from "../wire/google.ts";
import { asList, asObject, asText, type JsonObject } from "../wire/json.ts";

/** Where Google has what. */
export const googleTranscript = {
  /** v1 has one language, v2 a list. */
  request({ json }: CallRequest): Facts {
    const config = asObject(asObject(json)?.config);
    return {
      requestModel: asText(config?.model),
      language: asText(config?.languageCode) ?? asText(asList(config?.languageCodes)[0]),
    };
  },
  /** The whole answer. */
  document(json: JsonObject, notes: Notes): void {
    const metadata = asObject(json.metadata);
    const results = asList(json.results).map(asObject);
    const [result] = results;
    const id = asId(metadata?.requestId) ?? asId(json.requestId);
    notes.id(id === "0" ? undefined : id, "request"); // a number that was not set
    const texts = results.map((one) => asText(asObject(asList(one?.alternatives)[0])?.transcript) ?? "");
    notes.transcript(asText(texts.join(" ").trim()));
    notes.facts({
      language: asText(result?.languageCode),
      billedSeconds: durationSeconds(metadata?.totalBilledDuration ?? json.totalBilledTime),
    });
  },
};
