import { neuphonicShape, neuphonicTts } from "../formats/neuphonic_tts.ts";
import { speechBody } from "../formats/speech_body.ts";
import type { Speech } from "../speech.ts";
import type { Provider } from "../types.ts";
import { asCount, asList, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";

/** Neuphonic. There is no id but the context's, and no model: the voice decides. */
export const neuphonic: Provider = {
  name: "neuphonic",
  hosts: ["api.neuphonic.com", "*.api.neuphonic.com"],
  routes: [{
    method: "POST",
    path: "/sse/speak/*",
    operation: "tts",
    format: speechBody("neuphonic_sse", {
      text: (json) => asText(json.text),
      shape: (json) => neuphonicShape(asText(json.encoding), asCount(json.sampling_rate)),
      base64: (event) => asText(asObject(event.data)?.audio),
      json: readEvent,
    }),
  }],
  sockets: [{ path: "/speak/*", operation: "tts", format: neuphonicTts() }],
  requestIdHeaders: [],
  streamedUsage: "never",
  evidence: "https://docs.neuphonic.com/api-reference/tts/sse-generator",
  verifiedBy: ["documentation only"],
};

/** The stream just ends; an error inside it is a list beside a status. */
function readEvent(event: JsonObject, { sink }: Speech): void {
  const status = asCount(event.status_code) ?? 200;
  if (status >= 400 || asList(event.errors).length > 0) sink.fail({ type: asWord(status) ?? "error" });
}
