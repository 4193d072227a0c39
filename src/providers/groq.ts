import { openaiCompatible } from "../compatible.ts";
import { transcriptBody } from "../formats/transcript_body.ts";
import { asId } from "../hearing.ts";
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
export const groq: Provider = openaiCompatible({
  name: "groq",
  host: "api.groq.com",
  formats: ["chat", "responses", "speech"],
  routes: ["/audio/transcriptions", "/audio/translations"].map((path) =>
    ({ method: "POST", path, operation: "stt", format: transcript }) as const
  ),
  streamedUsage: "always",
  evidence: "https://console.groq.com/docs/api-reference#chat-create",
  verifiedBy: ["official SDK", "recordings"],
});
