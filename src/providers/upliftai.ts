import { speechBody } from "../formats/speech_body.ts";
import { upliftaiTts } from "../formats/upliftai_tts.ts";
import { audioShape } from "../speech.ts";
import type { Provider } from "../types.ts";
import { asText, type JsonObject } from "../wire/json.ts";

const body = {
  text: (json: JsonObject) => asText(json.text),
  shape: (json: JsonObject) => audioShape(asText(json.outputFormat)),
};

/** UpliftAI. There is no id but the client's `requestId`, and the session's. */
export const upliftai: Provider = {
  name: "upliftai",
  hosts: ["api.upliftai.org"],
  routes: [
    {
      method: "POST",
      path: "/synthesis/text-to-speech",
      operation: "tts",
      format: speechBody("upliftai_speech", { ...body, streamed: false }),
    },
    {
      method: "POST",
      path: "/synthesis/text-to-speech/stream",
      operation: "tts",
      format: speechBody("upliftai_stream", body),
    },
  ],
  sockets: [{ path: "/socket.io/", operation: "tts", format: upliftaiTts() }],
  requestIdHeaders: [],
  streamedUsage: "never",
  evidence: "https://docs.upliftai.org/websocket-tts",
  verifiedBy: ["documentation only"],
};
