import { cohereChat } from "../formats/cohere_chat.ts";
import { chatRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

/** Cohere. The header id is another than the body's. */
export const cohere: Provider = {
  name: "cohere",
  hosts: ["api.cohere.com", "api.cohere.ai"],
  routes: [
    { method: "POST", path: "/v2/chat", operation: "llm", format: cohereChat() },
    chatRoute(),
  ],
  requestIdHeaders: ["x-debug-trace-id"],
  streamedUsage: "always",
  evidence: "https://docs.cohere.com/reference/chat",
  verifiedBy: ["official SDK", "recordings"],
};
