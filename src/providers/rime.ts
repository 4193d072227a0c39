import { rimePlainTts } from "../formats/rime_plain_tts.ts";
import { rimeAudio, rimeTts } from "../formats/rime_tts.ts";
import { speechBody } from "../formats/speech_body.ts";
import type { CallRequest, Provider } from "../types.ts";
import { asText, type JsonObject } from "../wire/json.ts";

const body = {
  text: (json: JsonObject) => asText(json.text),
  model: (json: JsonObject) => asText(json.modelId),
  shape: (json: JsonObject, { headers }: CallRequest) => rimeAudio(headers.get("accept"), json.samplingRate),
};

/** Rime. Says no ids at all, by its own documentation: support asks for the time. */
export const rime: Provider = {
  name: "rime",
  hosts: ["users.rime.ai", "users-ws.rime.ai"],
  routes: [{ method: "POST", path: "/v1/rime-tts", operation: "tts", format: speechBody("rime", body) }],
  sockets: [
    { path: "/ws", operation: "tts", format: rimePlainTts() },
    { path: "/ws2", operation: "tts", format: rimeTts() },
    { path: "/ws3", operation: "tts", format: rimeTts() },
  ],
  requestIdHeaders: [],
  streamedUsage: "never",
  evidence: "https://docs.rime.ai/docs/websockets",
  verifiedBy: ["documentation only"],
};
