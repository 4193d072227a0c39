import { fishAudioBody, fishAudioShape, fishAudioTts } from "../formats/fish_audio_tts.ts";
import { speechBody } from "../formats/speech_body.ts";
import type { Provider } from "../types.ts";
import { asText } from "../wire/json.ts";

const speech = speechBody("fish_audio_speech", {
  text: (json, request) => asText(fishAudioBody(json, request).text),
  model: (_json, { headers }) => asText(headers.get("model")),
  shape: (json, request) => fishAudioShape(fishAudioBody(json, request)),
});

/** Fish Audio. No id is documented. */
export const fishAudio: Provider = {
  name: "fish_audio",
  hosts: ["api.fish.audio"],
  routes: [{ method: "POST", path: "/v1/tts", operation: "tts", format: speech }],
  sockets: [{ path: "/v1/tts/live", operation: "tts", format: fishAudioTts() }],
  requestIdHeaders: [],
  streamedUsage: "never",
  evidence: "https://docs.fish.audio/api-reference/endpoint/openapi-v1/text-to-speech",
  verifiedBy: ["documentation only"],
};
