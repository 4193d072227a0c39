import { asyncaiShape, asyncaiTts } from "../formats/asyncai_tts.ts";
import { errorInAudio } from "../formats/error_in_audio.ts";
import { speechBody } from "../formats/speech_body.ts";
import type { Provider } from "../types.ts";
import { asText } from "../wire/json.ts";

/** Async. There is no id but the context's. */
export const asyncai: Provider = {
  name: "asyncai",
  hosts: ["api.async.com", "api.async.ai"],
  routes: [{
    method: "POST",
    path: "/text_to_speech/streaming",
    operation: "tts",
    format: errorInAudio(speechBody("asyncai_stream", {
      text: (json) => asText(json.transcript),
      model: (json) => asText(json.model_id),
      shape: asyncaiShape,
    })),
  }],
  sockets: [{ path: "/text_to_speech/websocket/ws", operation: "tts", format: asyncaiTts() }],
  requestIdHeaders: [],
  streamedUsage: "never",
  evidence: "https://docs.async.ai/text-to-speech-websocket-3477526w0",
  verifiedBy: ["documentation only"],
};
