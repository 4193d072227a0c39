import { googleTranscript } from "../formats/google_transcript.ts";
import { transcriptBody } from "../formats/transcript_body.ts";
import type { Provider } from "../types.ts";

const transcript = transcriptBody("google_transcript", googleTranscript);

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
