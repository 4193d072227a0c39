import { azureSpeechListen } from "../formats/azure_speech_listen.ts";
import { azureSpeechShape, azureSpeechTts } from "../formats/azure_speech_tts.ts";
import { azureFast, azureShort } from "../formats/azure_speech_transcript.ts";
import { speechBody } from "../formats/speech_body.ts";
import { transcriptBody } from "../formats/transcript_body.ts";
import { ssmlText } from "../speech.ts";
import type { CallRequest, Provider } from "../types.ts";

const speech = speechBody("azure_speech", {
  text: (_json, request) => spokenText(request),
  shape: (_json, { headers }) => azureSpeechShape(headers.get("x-microsoft-outputformat") ?? undefined),
});

const listen = azureSpeechListen();

const short = transcriptBody("azure_speech_short", azureShort);
const fast = transcriptBody("azure_speech_fast", azureFast);

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

/** The text in the SSML. Azure bills some of the tags too. */
function spokenText({ text, bytes }: CallRequest): string | undefined {
  const ssml = text ?? (bytes && new TextDecoder().decode(bytes));
  return ssml === undefined ? undefined : ssmlText(ssml);
}
