import { mistralConversations } from "../formats/mistral_conversations.ts";
import { mistralListen } from "../formats/mistral_listen.ts";
import { chatRoute, speechRoute, transcriptionRoutes } from "../routes.ts";
import type { Provider } from "../types.ts";

const conversations = mistralConversations();

/** Mistral. Agents and code completion answer in the shape of chat too. */
export const mistral: Provider = {
  name: "mistral",
  genAiName: "mistral_ai",
  hosts: ["api.mistral.ai"],
  routes: [
    chatRoute({}, "/agents/completions"),
    chatRoute({}, "/fim/completions"),
    { method: "POST", path: "/conversations", operation: "llm", format: conversations },
    { method: "POST", path: "/conversations/*", operation: "llm", format: conversations },
    { method: "POST", path: "/conversations/*/restart", operation: "llm", format: conversations },
    chatRoute(),
    speechRoute(),
    ...transcriptionRoutes(),
  ],
  sockets: [{ path: "/audio/transcriptions/realtime", operation: "stt", format: mistralListen() }],
  requestIdHeaders: ["mistral-correlation-id", "x-kong-request-id"],
  streamedUsage: "always",
  evidence: "https://docs.mistral.ai/api/#tag/chat",
  verifiedBy: ["official SDK", "recordings"],
};
