import { chatRoute, completionsRoute, messagesRoute, responsesRoute, speechRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

/** OpenRouter. The header id equals the body id. */
export const openrouter: Provider = {
  name: "openrouter",
  hosts: ["openrouter.ai"],
  routes: [
    chatRoute(),
    completionsRoute(),
    responsesRoute(),
    messagesRoute(),
    speechRoute(),
  ],
  requestIdHeaders: ["x-generation-id"],
  streamedUsage: "always",
  evidence: "https://openrouter.ai/docs/api-reference/chat-completion",
  verifiedBy: ["recordings"],
};
