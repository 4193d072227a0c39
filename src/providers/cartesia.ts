import { cartesiaTts } from "../formats/cartesia_tts.ts";
import { speechBody } from "../formats/speech_body.ts";
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

/** Cartesia. Support asks for the context id, or `X-Request-Id` of a call over HTTP. */
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
  ],
  sockets: [{ path: "/tts/websocket", operation: "tts", format: cartesiaTts() }],
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
