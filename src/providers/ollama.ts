import { ollamaChat } from "../formats/ollama_chat.ts";
import { chatRoute, completionsRoute, messagesRoute, responsesRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

const format = ollamaChat();

/** Ollama, on this machine and in its cloud. Only the cloud gives an id. */
export const ollama: Provider = {
  name: "ollama",
  hosts: ["localhost:11434", "127.0.0.1:11434", "ollama.com"],
  routes: [
    { method: "POST", path: "/api/chat", operation: "llm", format },
    { method: "POST", path: "/api/generate", operation: "llm", format },
    chatRoute(),
    completionsRoute(),
    responsesRoute(),
    messagesRoute(),
  ],
  requestIdHeaders: ["x-request-id"],
  streamedUsage: "always",
  evidence: "https://docs.ollama.com/api/chat",
  verifiedBy: ["official SDK", "recordings"],
};
