import { openaiCompatible } from "../compatible.ts";
import { cohereChat } from "../formats/cohere_chat.ts";
import type { Provider } from "../types.ts";

/** Cohere. The header id is another than the body's. */
export const cohere: Provider = openaiCompatible({
  name: "cohere",
  host: ["api.cohere.com", "api.cohere.ai"],
  formats: ["chat"],
  routes: [{ method: "POST", path: "/v2/chat", operation: "llm", format: cohereChat() }],
  requestIdHeaders: ["x-debug-trace-id"],
  streamedUsage: "always",
  evidence: "https://docs.cohere.com/reference/chat",
  verifiedBy: ["official SDK", "recordings"],
});
