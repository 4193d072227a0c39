import { sarvamListen } from "../formats/sarvam_listen.ts";
import { sarvamRealtimeListen } from "../formats/sarvam_realtime_listen.ts";
import { sarvamShape, sarvamTts } from "../formats/sarvam_tts.ts";
import { speechBody } from "../formats/speech_body.ts";
import { formText, transcriptBody } from "../formats/transcript_body.ts";
import { asId } from "../hearing.ts";
import type { Speech } from "../speech.ts";
import type { Provider } from "../types.ts";
import { asList, asObject, asText, type JsonObject } from "../wire/json.ts";

const body = {
  // older clients send a list
  text: (json: JsonObject) => asText(json.text) ?? asText(asList(json.inputs).map(asText).join("")),
  model: (json: JsonObject) => asText(json.model),
  shape: sarvamShape,
};

const transcript = transcriptBody("sarvam_transcript", {
  request: (request) => ({
    requestModel: formText(request, "model"),
    language: formText(request, "language_code"),
  }),
  document(json, notes) {
    notes.id(asId(json.request_id), "request");
    notes.facts({ language: asText(json.language_code) });
  },
  error: (json, notes) => notes.id(asId(asObject(json.error)?.request_id), "request"),
});

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
    { method: "POST", path: "/speech-to-text", operation: "stt", format: transcript },
    { method: "POST", path: "/speech-to-text-translate", operation: "stt", format: transcript },
  ],
  sockets: [
    { path: "/text-to-speech/ws", operation: "tts", format: sarvamTts() },
    { path: "/speech-to-text/ws", operation: "stt", format: sarvamListen() },
    { path: "/speech-to-text-translate/ws", operation: "stt", format: sarvamListen() },
    { path: "/speech-to-text-realtime/ws", operation: "stt", format: sarvamRealtimeListen() },
  ],
  requestIdHeaders: [],
  streamedUsage: "never",
  evidence: "https://docs.sarvam.ai/api-reference-docs/text-to-speech/stream",
  verifiedBy: ["official SDK"],
};

function readAnswer(json: JsonObject, speech: Speech): void {
  speech.sink.noteRequestId(asText(json.request_id) ?? "", "request");
  for (const audio of asList(json.audios)) speech.base64(asText(audio));
}
