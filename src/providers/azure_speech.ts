import { azureSpeechListen } from "../formats/azure_speech_listen.ts";
import { azureSpeechShape, azureSpeechTts } from "../formats/azure_speech_tts.ts";
import { speechBody } from "../formats/speech_body.ts";
import { transcriptBody } from "../formats/transcript_body.ts";
import { secondsOf } from "../hearing.ts";
import { ssmlText } from "../speech.ts";
import type { CallRequest, Provider } from "../types.ts";
import { asCount, asList, asObject, asText, type JsonObject, parseJsonText } from "../wire/json.ts";

const speech = speechBody("azure_speech", {
  text: (_json, request) => spokenText(request),
  shape: (_json, { headers }) => azureSpeechShape(headers.get("x-microsoft-outputformat") ?? undefined),
});

const listen = azureSpeechListen();

/** Audio of up to a minute. Its `Duration` is that of what was said. */
const short = transcriptBody("azure_speech_short", {
  request: ({ url }) => ({
    requestModel: url.searchParams.get("cid") ?? undefined,
    language: url.searchParams.get("language") ?? undefined,
  }),
  document(json, notes) {
    if (asText(json.DisplayText) ?? asList(json.NBest)[0]) notes.output("text");
    if (json.RecognitionStatus === "Error") notes.fail({ type: "Error" });
  },
});

/** Files, faster than they would be spoken. */
const fast = transcriptBody("azure_speech_fast", {
  request: ({ form }) => ({ language: asText(asList(definitionOf(form?.get("definition"))?.locales)[0]) }),
  document(json, notes) {
    const [phrase] = asList(json.phrases);
    if (asText(asObject(asList(json.combinedPhrases)[0])?.text)) notes.output("text");
    const milliseconds = asCount(json.durationMilliseconds) ?? asCount(json.duration);
    notes.facts({ language: asText(asObject(phrase)?.locale), sentAudioSeconds: secondsOf(milliseconds) });
  },
});

/** Azure Speech. On a socket the client makes the id; over HTTP no page says which header has one, so both are tried. */
export const azureSpeech: Provider = {
  name: "azure_speech",
  genAiName: "azure.ai.speech",
  hosts: [
    "*.tts.speech.microsoft.com",
    "*.voice.speech.microsoft.com",
    "*.tts.speech.azure.us",
    "*.voice.speech.azure.us",
    "*.tts.speech.azure.cn",
    "*.voice.speech.azure.cn",
    "*.stt.speech.microsoft.com",
    "*.stt.speech.azure.us",
    "*.stt.speech.azure.cn",
    "*.api.cognitive.microsoft.com",
    "*.cognitiveservices.azure.com",
  ],
  routes: [
    // before that of TTS, whose path is the end of it
    { method: "POST", path: "/speech/recognition/*/cognitiveservices/v1", operation: "stt", format: short },
    { method: "POST", path: "/speechtotext/transcriptions:transcribe", operation: "stt", format: fast },
    { method: "POST", path: "/cognitiveservices/v1", operation: "tts", format: speech },
  ],
  sockets: [
    { path: "/cognitiveservices/websocket/v1", operation: "tts", format: azureSpeechTts() },
    { path: "/stt/speech/universal/v2", operation: "stt", format: listen },
    { path: "/speech/recognition/*/cognitiveservices/v1", operation: "stt", format: listen },
  ],
  requestIdHeaders: ["x-requestid", "apim-request-id"],
  streamedUsage: "never",
  evidence: "https://learn.microsoft.com/en-us/azure/ai-services/speech-service/rest-text-to-speech",
  verifiedBy: ["official SDK", "documentation only"],
};

function definitionOf(text: string | null | undefined): JsonObject | undefined {
  return asObject(parseJsonText(text ?? ""));
}

/** The text in the SSML. Azure bills some of the tags too. */
function spokenText({ text, bytes }: CallRequest): string | undefined {
  const ssml = text ?? (bytes && new TextDecoder().decode(bytes));
  return ssml === undefined ? undefined : ssmlText(ssml);
}
