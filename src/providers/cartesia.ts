import { cartesiaListen } from "../formats/cartesia_listen.ts";
import { cartesiaTts } from "../formats/cartesia_tts.ts";
import { cartesiaTurns } from "../formats/cartesia_turns.ts";
import { speechBody } from "../formats/speech_body.ts";
import { formText, transcriptBody } from "../formats/transcript_body.ts";
import { asId } from "../hearing.ts";
import { audioShape, type Speech } from "../speech.ts";
import type { Provider } from "../types.ts";
import { asCount, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";

const body = {
  text: (json: JsonObject) => asText(json.transcript),
  model: (json: JsonObject) => asText(json.model_id),
  shape(json: JsonObject) {
    const format = asObject(json.output_format);
    return audioShape(asText(format?.encoding) ?? asText(format?.container), asCount(format?.sample_rate));
  },
};

const transcript = transcriptBody("cartesia_transcript", {
  request: (request) => ({
    requestModel: formText(request, "model"),
    language: formText(request, "language"),
  }),
  document(json, notes) {
    notes.id(asId(json.request_id), "request");
    notes.facts({ language: asText(json.language), sentAudioSeconds: asCount(json.duration) });
  },
  error: (json, notes) => notes.id(asId(json.request_id), "request"),
});

/** Cartesia. Support asks for the context id, the `request_id` of an STT socket, or `X-Request-Id` of a call over HTTP. */
export const cartesia: Provider = {
  name: "cartesia",
  hosts: ["api.cartesia.ai"],
  routes: [
    { method: "POST", path: "/tts/bytes", operation: "tts", format: speechBody("cartesia_bytes", body) },
    {
      method: "POST",
      path: "/tts/sse",
      operation: "tts",
      format: speechBody("cartesia_sse", { ...body, base64: (event) => asText(event.data), json: readEvent }),
    },
    { method: "POST", path: "/stt", operation: "stt", format: transcript },
  ],
  sockets: [
    { path: "/tts/websocket", operation: "tts", format: cartesiaTts() },
    { path: "/stt/websocket", operation: "stt", format: cartesiaListen() },
    { path: "/stt/turns/websocket", operation: "stt", format: cartesiaTurns() },
  ],
  requestIdHeaders: ["x-request-id"],
  streamedUsage: "never",
  evidence: "https://docs.cartesia.ai/api-reference/tts/websocket",
  verifiedBy: ["official SDK"],
};

function readEvent(event: JsonObject, { sink }: Speech): void {
  sink.noteRequestId(asText(event.context_id) ?? "", "echoed");
  if (event.type === "error") {
    sink.fail({ type: asWord(event.error_code) ?? asWord(event.status_code) ?? "error" });
  }
  if (event.done === true) sink.complete();
}
