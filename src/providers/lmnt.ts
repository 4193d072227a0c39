import { lmntAudio, lmntTts } from "../formats/lmnt_tts.ts";
import { speechBody } from "../formats/speech_body.ts";
import type { Provider } from "../types.ts";
import { asText, type JsonObject } from "../wire/json.ts";

const body = {
  text: (json: JsonObject) => asText(json.text),
  model: (json: JsonObject) => asText(json.model),
  shape: (json: JsonObject) => lmntAudio(json.format, json.sample_rate),
  base64: (json: JsonObject) => asText(json.audio),
};

/** LMNT. Support asks for `request-id`, which the first frame of a socket says too. */
export const lmnt: Provider = {
  name: "lmnt",
  hosts: ["api.lmnt.com"],
  routes: [
    {
      method: "POST",
      path: "/v1/ai/speech/bytes",
      operation: "tts",
      format: speechBody("lmnt_bytes", body),
    },
    {
      method: "POST",
      path: "/v1/ai/speech",
      operation: "tts",
      format: speechBody("lmnt", { ...body, streamed: false }),
    },
  ],
  sockets: [{ path: "/v1/ai/speech/stream", operation: "tts", format: lmntTts() }],
  requestIdHeaders: ["request-id"],
  streamedUsage: "never",
  evidence: "https://docs.lmnt.com/api-reference/speech/streaming",
  verifiedBy: ["official SDK"],
};
