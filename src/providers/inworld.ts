import { inworldAudio, inworldTts } from "../formats/inworld_tts.ts";
import { speechBody } from "../formats/speech_body.ts";
import type { Speech } from "../speech.ts";
import type { CallRequest, Provider } from "../types.ts";
import { asCount, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";

const body = {
  text: (json: JsonObject) => asText(json.text),
  model: (json: JsonObject) => asText(json.modelId),
  shape: (json: JsonObject) => inworldAudio(json.audioConfig),
  sentId: (_json: JsonObject, { headers }: CallRequest) => headers.get("x-request-id") ?? undefined,
  base64: (json: JsonObject) => asText((asObject(json.result) ?? json).audioContent),
  json: readPiece,
};

/** Inworld. Support asks for the `X-Request-Id` that the client made and sent, or the context id of a socket. */
export const inworld: Provider = {
  name: "inworld",
  hosts: ["api.inworld.ai"],
  routes: [
    {
      method: "POST",
      path: "/tts/v1/voice",
      operation: "tts",
      format: speechBody("inworld", { ...body, streamed: false }),
    },
    {
      method: "POST",
      path: "/tts/v1/voice:stream",
      operation: "tts",
      format: speechBody("inworld_stream", { ...body, jsonLines: true }),
    },
  ],
  sockets: [{ path: "/tts/v1/voice:streamBidirectional", operation: "tts", format: inworldTts() }],
  requestIdHeaders: ["x-request-id"],
  streamedUsage: "never",
  evidence: "https://docs.inworld.ai/api-reference/ttsAPI/texttospeech/synthesize-speech",
  verifiedBy: ["documentation only"],
};

/** Usage stands in a whole answer. Whether that of a line is its own or the sum is not documented. */
function readPiece(json: JsonObject, { sink }: Speech): void {
  const usage = asObject(json.usage);
  sink.note({
    characters: asCount(usage?.processedCharactersCount),
    responseModel: asText(usage?.modelId),
  });
  const error = asObject(json.error);
  if (error !== undefined) sink.fail({ type: "error", code: asWord(error.code) });
}
