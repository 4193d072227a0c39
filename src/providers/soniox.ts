import { soniox as realtime } from "../formats/soniox.ts";
import { transcriptBody } from "../formats/transcript_body.ts";
import { asId, secondsOf } from "../hearing.ts";
import type { Provider } from "../types.ts";
import { asText } from "../wire/json.ts";

/** A job: the answer says that it waits. Whoever asks for it later asks no model. */
const job = transcriptBody("soniox_transcript", {
  request: ({ json }) => ({ requestModel: asText(Object(json).model) }),
  document(json, notes) {
    notes.id(asId(json.id), "response");
    notes.facts({ sentAudioSeconds: secondsOf(json.audio_duration_ms) });
  },
  error: (json, notes) => notes.id(asId(json.request_id), "request"),
});

/** Soniox. Of its sockets only errors have a request id; the key is in the first frame. */
export const soniox: Provider = {
  name: "soniox",
  hosts: ["stt-rt.soniox.com", "stt-rt.*.soniox.com", "api.soniox.com", "api.*.soniox.com"],
  routes: [{ method: "POST", path: "/v1/transcriptions", operation: "stt", format: job }],
  sockets: [{ path: "/transcribe-websocket", operation: "stt", format: realtime() }],
  requestIdHeaders: [],
  streamedUsage: "always",
  evidence: "https://soniox.com/docs/stt/api-reference/websocket-api",
  verifiedBy: ["official SDK"],
};
