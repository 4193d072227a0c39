import { anthropicMessages } from "../formats/anthropic_messages.ts";
import { gemini } from "../formats/gemini.ts";
import { geminiInteractions } from "../formats/gemini_interactions.ts";
import { geminiLive } from "../formats/gemini_live.ts";
import { chatRoute, geminiSpeechRoutes } from "../routes.ts";
import type { Provider } from "../types.ts";

const content = gemini();
const messages = anthropicMessages();

/** Vertex AI: Gemini, Claude in Anthropic's format, and open models through a door for OpenAI's clients. */
export const vertex: Provider = {
  name: "vertex",
  genAiName: "gcp.vertex_ai",
  hosts: ["aiplatform.googleapis.com", "*-aiplatform.googleapis.com", "aiplatform.*.rep.googleapis.com"],
  routes: [
    ...geminiSpeechRoutes(),
    { method: "POST", path: "/*:generateContent", operation: "llm", format: content },
    { method: "POST", path: "/*:streamGenerateContent", operation: "llm", format: content },
    { method: "POST", path: "/interactions", operation: "llm", format: geminiInteractions() },
    { method: "POST", path: "/anthropic/models/*:rawPredict", operation: "llm", format: messages },
    { method: "POST", path: "/anthropic/models/*:streamRawPredict", operation: "llm", format: messages },
    chatRoute({ outputExcludesReasoning: /^google\// }),
  ],
  sockets: [
    {
      path: "/google.cloud.aiplatform.*.LlmBidiService/BidiGenerateContent",
      operation: "realtime",
      format: geminiLive(),
    },
  ],
  requestIdHeaders: ["request-id", "x-vertex-ai-received-request-id"],
  streamedUsage: "always",
  evidence: "https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference",
  verifiedBy: ["official SDK", "recordings"],
};
