import { transcriptBody } from "../formats/transcript_body.ts";
import { asId } from "../hearing.ts";
import { chatRoute, responsesRoute, speechRoute } from "../routes.ts";
import type { Provider } from "../types.ts";
import { asCount, asObject, asText } from "../wire/json.ts";

const transcript = transcriptBody("groq_transcript", {
  document(json, notes) {
    notes.id(asId(asObject(json.x_groq)?.id), "request");
    // only where a verbose answer was asked for
    notes.facts({ sentAudioSeconds: asCount(json.duration), language: asText(json.language) });
  },
});

/** Groq. The header id is also `x_groq.id` in the body, of a stream in the first and last chunk. */
export const groq: Provider = {
  name: "groq",
  hosts: ["api.groq.com"],
  routes: [
    ...["/audio/transcriptions", "/audio/translations"].map((path) =>
      ({ method: "POST", path, operation: "stt", format: transcript }) as const
    ),
    chatRoute(),
    responsesRoute(),
    speechRoute(),
  ],
  requestIdHeaders: ["x-request-id"],
  streamedUsage: "always",
  evidence: "https://console.groq.com/docs/api-reference#chat-create",
  verifiedBy: ["official SDK", "recordings"],
};
