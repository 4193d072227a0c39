import { gemini as format } from "../formats/gemini.ts";
import { geminiInteractions } from "../formats/gemini_interactions.ts";
import { geminiLive } from "../formats/gemini_live.ts";
import { chatRoute, geminiSpeechRoutes } from "../routes.ts";
import type { Provider } from "../types.ts";

const content = format();
const live = geminiLive();

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
  sockets: [
    { path: "/google.ai.generativelanguage.*.BidiGenerateContent", operation: "realtime", format: live },
    // with a token that was made for one conversation
    {
      path: "/google.ai.generativelanguage.*.BidiGenerateContentConstrained",
      operation: "realtime",
      format: live,
    },
  ],
  requestIdHeaders: [],
  streamedUsage: "always",
  evidence: "https://ai.google.dev/api/generate-content",
  verifiedBy: ["official SDK", "recordings"],
};
