import { transcriptBody } from "../formats/transcript_body.ts";
import { asId } from "../hearing.ts";
import type { CallRequest, Facts, Provider } from "../types.ts";
import { asList, asObject, asText } from "../wire/json.ts";

const transcript = transcriptBody("google_transcript", {
  request: readRequest,
  document(json, notes) {
    const metadata = asObject(json.metadata);
    const [result] = asList(json.results).map(asObject);
    const id = asId(metadata?.requestId) ?? asId(json.requestId);
    notes.id(id === "0" ? undefined : id, "request"); // a number that was not set
    if (asText(asObject(asList(result?.alternatives)[0])?.transcript)) notes.output("text");
    notes.facts({
      language: asText(result?.languageCode),
      billedSeconds: durationOf(metadata?.totalBilledDuration ?? json.totalBilledTime),
    });
  },
});

/** Google's Cloud Speech-to-Text over HTTP; its stream is gRPC, which passes neither `fetch` nor a socket. */
export const googleStt: Provider = {
  name: "google_stt",
  genAiName: "gcp.cloud_stt",
  hosts: ["speech.googleapis.com", "*-speech.googleapis.com"],
  routes: [
    { method: "POST", path: "/speech:recognize", operation: "stt", format: transcript },
    { method: "POST", path: "/recognizers/*:recognize", operation: "stt", format: transcript },
  ],
  requestIdHeaders: [],
  streamedUsage: "never",
  evidence:
    "https://cloud.google.com/speech-to-text/v2/docs/reference/rest/v2/projects.locations.recognizers/recognize",
  verifiedBy: ["documentation only"],
};

/** v1 has one language, v2 a list. */
function readRequest({ json }: CallRequest): Facts {
  const config = asObject(asObject(json)?.config);
  return {
    requestModel: asText(config?.model),
    language: asText(config?.languageCode) ?? asText(asList(config?.languageCodes)[0]),
  };
}

/** `"15s"`, `"1.500s"` */
function durationOf(value: unknown): number | undefined {
  const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(asText(value) ?? "") ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}
