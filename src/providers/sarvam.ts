import { sarvamShape, sarvamTts } from "../formats/sarvam_tts.ts";
import { speechBody } from "../formats/speech_body.ts";
import type { Speech } from "../speech.ts";
import type { Provider } from "../types.ts";
import { asList, asText, type JsonObject } from "../wire/json.ts";

const body = {
  // older clients send a list
  text: (json: JsonObject) => asText(json.text) ?? asText(asList(json.inputs).map(asText).join("")),
  model: (json: JsonObject) => asText(json.model),
  shape: sarvamShape,
};

/** Sarvam. Support asks for the `request_id` of the body or the frames. */
export const sarvam: Provider = {
  name: "sarvam",
  hosts: ["api.sarvam.ai"],
  routes: [
    {
      method: "POST",
      path: "/text-to-speech",
      operation: "tts",
      format: speechBody("sarvam_json", { ...body, streamed: false, json: readAnswer }),
    },
    {
      method: "POST",
      path: "/text-to-speech/stream",
      operation: "tts",
      format: speechBody("sarvam_stream", body),
    },
  ],
  sockets: [{ path: "/text-to-speech/ws", operation: "tts", format: sarvamTts() }],
  requestIdHeaders: [],
  streamedUsage: "never",
  evidence: "https://docs.sarvam.ai/api-reference-docs/text-to-speech/stream",
  verifiedBy: ["official SDK"],
};

function readAnswer(json: JsonObject, speech: Speech): void {
  speech.sink.noteRequestId(asText(json.request_id) ?? "", "request");
  for (const audio of asList(json.audios)) speech.base64(asText(audio));
}
