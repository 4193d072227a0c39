import { smallestAudio, smallestModel, smallestTts } from "../formats/smallest_tts.ts";
import { speechBody } from "../formats/speech_body.ts";
import type { Speech } from "../speech.ts";
import type { CallRequest, Provider } from "../types.ts";
import { asObject, asText, asWord, type JsonObject } from "../wire/json.ts";

const body = {
  text: (json: JsonObject) => asText(json.text),
  model: (json: JsonObject, { url }: CallRequest) => smallestModel(json, url),
  shape: smallestAudio,
  sentId: (json: JsonObject) => asText(json.request_id),
};

const whole = speechBody("smallest", { ...body, streamed: false });
const stream = speechBody("smallest_sse", {
  ...body,
  base64: (event) => asText(event.audio) ?? asText(asObject(event.data)?.audio),
  json: readEvent,
});

/** smallest.ai. A socket says ids of the server's; over HTTP there is only the one that the client sends. */
export const smallest: Provider = {
  name: "smallest",
  hosts: ["api.smallest.ai", "waves-api.smallest.ai"],
  routes: [
    { method: "POST", path: "/waves/v1/tts", operation: "tts", format: whole },
    { method: "POST", path: "/waves/v1/tts/live", operation: "tts", format: stream },
    { method: "POST", path: "/v1/*/get_speech", operation: "tts", format: whole },
    { method: "POST", path: "/v1/*/stream", operation: "tts", format: stream },
  ],
  sockets: [
    { path: "/waves/v1/tts/live", operation: "tts", format: smallestTts() },
    { path: "/streaming-tts/stream", operation: "tts", format: smallestTts() },
    { path: "/get_speech/stream", operation: "tts", format: smallestTts() },
  ],
  requestIdHeaders: [],
  streamedUsage: "never",
  evidence: "https://waves-docs.smallest.ai/v4.x/content/api-references/websocket",
  verifiedBy: ["documentation only"],
};

function readEvent(event: JsonObject, { sink }: Speech): void {
  sink.noteRequestId(asText(event.request_id) ?? "", "request");
  if (event.status === "error") sink.fail({ type: "error", code: asWord(event.code) });
  if (event.done === true || event.status === "complete") sink.complete();
}
