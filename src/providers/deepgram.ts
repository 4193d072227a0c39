import { deepgramFlux } from "../formats/deepgram_flux.ts";
import { deepgramListen } from "../formats/deepgram_listen.ts";
import { deepgramTranscript } from "../formats/deepgram_transcript.ts";
import { deepgramTts } from "../formats/deepgram_tts.ts";
import { speechBody } from "../formats/speech_body.ts";
import { transcriptBody } from "../formats/transcript_body.ts";
import { audioShape, type Speech } from "../speech.ts";
import type { CallRequest, HeaderLookup, Provider } from "../types.ts";
import { asText, type JsonObject } from "../wire/json.ts";

const speech = speechBody("deepgram_speech", {
  text: (json) => asText(json.text),
  model: (_json, { url }) => url.searchParams.get("model") ?? undefined,
  shape: readShape,
  headers: readHeaders,
  json: readDocument,
});

const transcript = transcriptBody("deepgram_transcript", deepgramTranscript);

/** Deepgram. Support asks for `dg-request-id`; on a socket the first frame has it. */
export const deepgram: Provider = {
  name: "deepgram",
  hosts: ["api.deepgram.com", "api.eu.deepgram.com", "api.au.deepgram.com"],
  routes: [
    { method: "POST", path: "/v1/listen", operation: "stt", format: transcript },
    { method: "POST", path: "/v1/speak", operation: "tts", format: speech },
    { method: "POST", path: "/v2/speak", operation: "tts", format: speech },
  ],
  sockets: [
    { path: "/v1/listen", operation: "stt", format: deepgramListen() },
    { path: "/v2/listen", operation: "stt", format: deepgramFlux() },
    { path: "/v1/speak", operation: "tts", format: deepgramTts() },
    { path: "/v2/speak", operation: "tts", format: deepgramTts() },
  ],
  requestIdHeaders: ["dg-request-id", "x-dg-request-id"],
  streamedUsage: "never",
  evidence: "https://developers.deepgram.com/docs/tts-websocket",
  verifiedBy: ["official SDK", "recordings"],
};

/** Containers, which come unless the query says otherwise, are told from their bytes. */
function readShape(_json: JsonObject, { url: { searchParams } }: CallRequest) {
  if (searchParams.get("container") !== "none") return {};
  const encoding = searchParams.get("encoding") ?? undefined;
  const rate = Number(searchParams.get("sample_rate")) || (encoding === "linear16" ? 24_000 : 8_000);
  return audioShape(encoding, rate);
}

function readHeaders(headers: HeaderLookup) {
  const characters = headers.get("dg-char-count") ?? "";
  return {
    characters: /^\d{1,9}$/.test(characters) ? Number(characters) : undefined,
    responseModel: headers.get("dg-model-name") ?? undefined,
  };
}

/** With a callback there is no audio, only the id. */
function readDocument(json: JsonObject, { sink }: Speech): void {
  sink.noteRequestId(asText(json.request_id) ?? "", "request");
}
