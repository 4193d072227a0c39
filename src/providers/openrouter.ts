import { openaiCompatible } from "../compatible.ts";
import type { Provider } from "../types.ts";

/** OpenRouter. The header id equals the body id. */
export const openrouter: Provider = openaiCompatible({
  name: "openrouter",
  host: "openrouter.ai",
  formats: ["chat", "completions", "responses", "messages", "speech"],
  requestIdHeaders: ["x-generation-id"],
  streamedUsage: "always",
  evidence: "https://openrouter.ai/docs/api-reference/chat-completion",
  verifiedBy: ["recordings"],
});
