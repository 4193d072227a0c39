import { openaiListen } from "../formats/openai_listen.ts";
import { openaiRealtime } from "../formats/openai_realtime.ts";
import {
  chatRoute,
  completionsRoute,
  messagesRoute,
  responsesRoute,
  responsesSocketRoute,
  speechRoute,
  transcriptionRoutes,
} from "../routes.ts";
import type { Provider } from "../types.ts";

const realtime = openaiRealtime({ paddedSpeech: true });

/** Azure, with OpenAI's models and those of others. `apim-request-id` is on every response, `x-request-id` on most. */
export const azureOpenai: Provider = {
  name: "azure_openai",
  genAiName: "azure.ai.openai",
  hosts: ["*.openai.azure.com", "*.services.ai.azure.com", "*.cognitiveservices.azure.com"],
  routes: [
    // its cache holds a preamble that the prompt is not charged for
    chatRoute({ cachedOutsideInput: /^grok/i }),
    completionsRoute(),
    responsesRoute(),
    messagesRoute(),
    speechRoute(),
    ...transcriptionRoutes(),
  ],
  sockets: [
    { path: "/realtime", query: { intent: "transcription" }, operation: "stt", format: openaiListen() },
    { path: "/openai/v1/realtime", operation: "realtime", format: realtime },
    // before it was generally available, and in the words of then
    { path: "/openai/realtime", operation: "realtime", format: realtime },
    { path: "/voice-live/realtime", operation: "realtime", format: realtime },
    responsesSocketRoute(),
  ],
  requestIdHeaders: ["apim-request-id", "x-request-id"],
  streamedUsage: "when asked",
  evidence: "https://learn.microsoft.com/en-us/azure/ai-foundry/openai/reference",
  verifiedBy: ["official SDK", "recordings"],
};
