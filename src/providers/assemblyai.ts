import { assemblyaiStream } from "../formats/assemblyai_stream.ts";
import { transcriptBody } from "../formats/transcript_body.ts";
import { asId, secondsOf } from "../hearing.ts";
import type { Provider } from "../types.ts";
import { asCount, asList, asText } from "../wire/json.ts";

/** A job: the answer says that it waits. Whoever asks for it later asks no model. */
const job = transcriptBody("assemblyai_transcript", {
  request: ({ json }) => {
    const { speech_model, speech_models, language_code } = Object(json);
    return {
      requestModel: asText(speech_model) ?? asText(asList(speech_models)[0]),
      language: asText(language_code),
    };
  },
  document(json, notes) {
    notes.id(asId(json.id), "response");
    notes.facts({ sentAudioSeconds: asCount(json.audio_duration) });
  },
});

const sync = transcriptBody("assemblyai_sync", {
  request: ({ headers }) => ({ requestModel: headers.get("x-aai-model") ?? undefined }),
  document(json, notes) {
    notes.id(asId(json.session_id), "session");
    notes.facts({ sentAudioSeconds: secondsOf(json.audio_duration_ms) });
  },
});

/** AssemblyAI. Support asks for the session id of a socket, or the id of a transcript. */
export const assemblyai: Provider = {
  name: "assemblyai",
  hosts: [
    "streaming.assemblyai.com",
    "streaming.eu.assemblyai.com",
    "api.assemblyai.com",
    "api.eu.assemblyai.com",
    "sync.assemblyai.com",
  ],
  routes: [
    { method: "POST", path: "/v2/transcript", operation: "stt", format: job },
    ...["/v1/transcribe/live", "/v1/transcribe/stream"].map((path) =>
      ({ method: "POST", path, operation: "stt", format: sync }) as const
    ),
  ],
  sockets: [{ path: "/v3/ws", operation: "stt", format: assemblyaiStream() }],
  requestIdHeaders: ["x-request-id"],
  streamedUsage: "always",
  evidence: "https://www.assemblyai.com/docs/api-reference/streaming-api/streaming-api",
  verifiedBy: ["official SDK"],
};
