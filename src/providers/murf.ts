import { murfShape, murfTts } from "../formats/murf_tts.ts";
import { speechBody } from "../formats/speech_body.ts";
import type { Provider } from "../types.ts";
import { asCount, asText, type JsonObject } from "../wire/json.ts";

const body = {
  text: (json: JsonObject) => asText(json.text),
  model: (json: JsonObject) => asText(json.model) ?? asText(json.modelVersion),
  shape: (json: JsonObject) =>
    murfShape(
      asText(json.format),
      asCount(json.sampleRate) ?? asCount(json.sample_rate),
      asText(json.channelType) ?? asText(json.channel_type),
    ),
};

/** Murf. There is no id but the context's. Its `consumedCharacterCount` is the account's, not the call's. */
export const murf: Provider = {
  name: "murf",
  hosts: ["api.murf.ai", "*.api.murf.ai"],
  routes: [
    {
      method: "POST",
      path: "/speech/stream",
      operation: "tts",
      format: speechBody("murf_stream", body),
    },
    {
      method: "POST",
      path: "/speech/generate",
      operation: "tts",
      format: speechBody("murf_generate", {
        ...body,
        streamed: false,
        base64: (json) => asText(json.encodedAudio),
        json: (json, { sink }) => sink.note({ audioSeconds: asCount(json.audioLengthInSeconds) }),
      }),
    },
  ],
  sockets: [{ path: "/speech/stream-input", operation: "tts", format: murfTts() }],
  requestIdHeaders: [],
  streamedUsage: "never",
  evidence: "https://murf.ai/api/docs/api-reference/text-to-speech/stream-input",
  verifiedBy: ["documentation only"],
};
