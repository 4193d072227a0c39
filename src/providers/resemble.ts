import { resembleTts } from "../formats/resemble_tts.ts";
import { speechBody } from "../formats/speech_body.ts";
import { audioShape, type Speech } from "../speech.ts";
import type { Provider } from "../types.ts";
import { asCount, asText, asWord, type JsonObject } from "../wire/json.ts";

const body = {
  text: (json: JsonObject) => asText(json.data),
  model: (json: JsonObject) => asText(json.model),
  shape: (json: JsonObject) => audioShape(asText(json.output_format) ?? "wav"),
};

/** Resemble. It has no ids: `request_id` counts the requests of one socket. */
export const resemble: Provider = {
  name: "resemble",
  hosts: ["f.cluster.resemble.ai", "websocket.cluster.resemble.ai"],
  routes: [
    {
      method: "POST",
      path: "/synthesize",
      operation: "tts",
      format: speechBody("resemble_json", {
        ...body,
        streamed: false,
        base64: (json) => asText(json.audio_content),
        json: readAnswer,
      }),
    },
    { method: "POST", path: "/stream", operation: "tts", format: speechBody("resemble_stream", body) },
  ],
  sockets: [{ path: "/stream", operation: "tts", format: resembleTts() }],
  requestIdHeaders: [],
  streamedUsage: "never",
  evidence: "https://docs.resemble.ai/voice-generation/text-to-speech/streaming-websocket",
  verifiedBy: ["documentation only"],
};

/** A refusal may come with a good status. */
function readAnswer(json: JsonObject, { sink }: Speech): void {
  sink.note({ audioSeconds: asCount(json.duration) });
  if (json.success === false) sink.fail({ type: asWord(json.error_name) ?? "error" });
}
