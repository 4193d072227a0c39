import { speechBody } from "../formats/speech_body.ts";
import { audioShape, ssmlText } from "../speech.ts";
import type { Provider } from "../types.ts";
import { asCount, asList, asObject, asText, type JsonObject } from "../wire/json.ts";

const speech = speechBody("google_tts", {
  text: (json) => spokenText(asObject(json.input)),
  model: (json) => asText(asObject(json.voice)?.modelName),
  shape: (json) => shapeOf(asObject(json.audioConfig)),
  base64: (json) => asText(json.audioContent),
  streamed: false,
});

/** Google's Cloud Text-to-Speech over HTTP; its stream is gRPC. No id is documented. */
export const googleTts: Provider = {
  name: "google_tts",
  genAiName: "gcp.cloud_tts",
  hosts: ["texttospeech.googleapis.com", "*-texttospeech.googleapis.com"],
  routes: [{ method: "POST", path: "/text:synthesize", operation: "tts", format: speech }],
  requestIdHeaders: [],
  streamedUsage: "never",
  evidence: "https://cloud.google.com/text-to-speech/docs/reference/rest/v1/text/synthesize",
  verifiedBy: ["documentation only"],
};

/** One of four; the `prompt` beside it says how to speak, and is not spoken. */
function spokenText(input: JsonObject | undefined): string | undefined {
  const ssml = asText(input?.ssml);
  const turns = asList(asObject(input?.multiSpeakerMarkup)?.turns);
  return asText(input?.text) ?? asText(input?.markup) ??
    (ssml === undefined ? undefined : ssmlText(ssml)) ??
    asText(turns.map((turn) => asText(asObject(turn)?.text) ?? "").join(""));
}

/** All but `PCM` have a header that says it: LINEAR16, MULAW and ALAW that of WAV. */
function shapeOf(config: JsonObject | undefined) {
  return config?.audioEncoding === "PCM" ? audioShape("pcm", asCount(config.sampleRateHertz)) : {};
}
