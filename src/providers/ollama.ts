import { openaiCompatible } from "../compatible.ts";
import { ollamaChat } from "../formats/ollama_chat.ts";
import type { Provider } from "../types.ts";

const format = ollamaChat();

/** Ollama, on this machine and in its cloud. Only the cloud gives an id. */
export const ollama: Provider = openaiCompatible({
  name: "ollama",
  host: ["localhost:11434", "127.0.0.1:11434", "ollama.com"],
  formats: ["chat", "completions", "responses", "messages"],
  routes: [
    { method: "POST", path: "/api/chat", operation: "llm", format },
    { method: "POST", path: "/api/generate", operation: "llm", format },
  ],
  streamedUsage: "always",
  evidence: "https://docs.ollama.com/api/chat",
  verifiedBy: ["official SDK", "recordings"],
});
