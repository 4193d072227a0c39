import { chatRoute, geminiSpeechRoutes } from "../compatible.ts";
import { gemini as format } from "../formats/gemini.ts";
import { geminiInteractions } from "../formats/gemini_interactions.ts";
import type { Provider } from "../types.ts";

const content = format();

/** The Gemini Developer API, with a door for OpenAI's clients. No header has an id: bodies have. */
export const gemini: Provider = {
  name: "gemini",
  genAiName: "gcp.gemini",
  hosts: ["generativelanguage.googleapis.com"],
  routes: [
    ...geminiSpeechRoutes(),
    { method: "POST", path: "/*:generateContent", operation: "llm", format: content },
    { method: "POST", path: "/*:streamGenerateContent", operation: "llm", format: content },
    { method: "POST", path: "/interactions", operation: "llm", format: geminiInteractions() },
    chatRoute({ outputExcludesReasoning: true }, "/openai/chat/completions"),
  ],
  requestIdHeaders: [],
  streamedUsage: "always",
  evidence: "https://ai.google.dev/api/generate-content",
  verifiedBy: ["official SDK", "recordings"],
};
