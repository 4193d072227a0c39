import { elevenlabsScribe } from "../formats/elevenlabs_scribe.ts";
import { elevenlabsTranscript } from "../formats/elevenlabs_transcript.ts";
import { elevenlabsTts } from "../formats/elevenlabs_tts.ts";
import { speechBody } from "../formats/speech_body.ts";
import { transcriptBody } from "../formats/transcript_body.ts";
import { audioShape } from "../speech.ts";
import type { CallRequest, HeaderLookup, Provider, Route } from "../types.ts";
import { asCount, asList, asObject, asText, type JsonObject } from "../wire/json.ts";

const body = {
  text: (json: JsonObject) => asText(json.text) ?? dialogue(json.inputs),
  model: (json: JsonObject) => asText(json.model_id),
  shape: (_json: JsonObject, { url }: CallRequest) =>
    audioShape(url.searchParams.get("output_format") ?? undefined),
  // `character-cost` beside it counts credits, which are fewer with some models
  headers: (headers: HeaderLookup) => ({ characters: countOf(headers.get("x-character-count")) }),
  base64: (json: JsonObject) => asText(json.audio_base64),
};

const whole = speechBody("elevenlabs", { ...body, streamed: false });
const stream = speechBody("elevenlabs_stream", { ...body, jsonLines: true });

const transcript = transcriptBody("elevenlabs_transcript", elevenlabsTranscript);

/** ElevenLabs. Support asks for `request-id` or `x-trace-id`; the voice is in the path. */
export const elevenlabs: Provider = {
  name: "elevenlabs",
  hosts: ["api.elevenlabs.io", "api*.elevenlabs.io"],
  routes: [
    { method: "POST", path: "/speech-to-text", operation: "stt", format: transcript },
    ...["/text-to-speech/*", "/text-to-dialogue"].flatMap((path): Route[] => [
      { method: "POST", path, operation: "tts", format: whole },
      { method: "POST", path: `${path}/with-timestamps`, operation: "tts", format: whole },
      { method: "POST", path: `${path}/stream`, operation: "tts", format: stream },
      { method: "POST", path: `${path}/stream/with-timestamps`, operation: "tts", format: stream },
    ]),
  ],
  sockets: [
    { path: "/speech-to-text/realtime", operation: "stt", format: elevenlabsScribe() },
    { path: "/text-to-speech/*/stream-input", operation: "tts", format: elevenlabsTts() },
    { path: "/text-to-speech/*/multi-stream-input", operation: "tts", format: elevenlabsTts() },
  ],
  requestIdHeaders: ["request-id", "x-trace-id"],
  streamedUsage: "never",
  evidence: "https://elevenlabs.io/docs/api-reference/text-to-speech/convert",
  verifiedBy: ["official SDK"],
};

/** The lines of several speakers. */
function dialogue(inputs: unknown): string | undefined {
  return asText(asList(inputs).map((input) => asText(asObject(input)?.text) ?? "").join(""));
}

function countOf(header: string | null): number | undefined {
  return header ? asCount(Number(header)) : undefined;
}
