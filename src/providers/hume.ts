import { humeAudio, humeModel, humeTts } from "../formats/hume_tts.ts";
import { speechBody } from "../formats/speech_body.ts";
import type { Speech } from "../speech.ts";
import type { Provider, Route } from "../types.ts";
import { asCount, asList, asObject, asText, asWord, type JsonObject } from "../wire/json.ts";

const body = {
  text: (json: JsonObject) =>
    asText(asList(json.utterances).map((utterance) => asText(asObject(utterance)?.text) ?? "").join("")),
  model: (json: JsonObject) => humeModel(asWord(json.version)),
  shape: (json: JsonObject) => humeAudio(asText(asObject(json.format)?.type)),
  base64: (json: JsonObject) => asText(json.audio),
  json: readPiece,
};

const whole = speechBody("hume", { ...body, streamed: false });
const stream = speechBody("hume_stream", { ...body, jsonLines: true });

const routes: readonly Omit<Route, "method" | "operation">[] = [
  { path: "/v0/tts", format: whole },
  { path: "/v0/tts/file", format: whole },
  { path: "/v0/tts/stream/json", format: stream },
  { path: "/v0/tts/stream/file", format: stream },
];

/** Hume's Octave. Support asks for `request_id`; a generation's id names what later ones go on from. */
export const hume: Provider = {
  name: "hume",
  hosts: ["api.hume.ai"],
  routes: routes.map((route) => ({ method: "POST", operation: "tts", ...route })),
  sockets: [{ path: "/v0/tts/stream/input", operation: "tts", format: humeTts() }],
  requestIdHeaders: ["x-request-id"],
  streamedUsage: "never",
  evidence: "https://dev.hume.ai/reference/text-to-speech-tts/synthesize-json",
  verifiedBy: ["official SDK"],
};

function readPiece(json: JsonObject, speech: Speech): void {
  const { sink } = speech;
  sink.noteRequestId(asText(json.request_id) ?? "", "request");
  if (json.type === "error") sink.fail({ type: "error", code: asWord(json.code) });
  const generations = asList(json.generations).map((generation) => asObject(generation) ?? {});
  if (generations.length === 0) return;
  sink.output("audio");
  const durations = generations.map(({ duration }) => asCount(duration) ?? 0);
  sink.note({ audioSeconds: durations.reduce((sum, seconds) => sum + seconds) || undefined });
}
