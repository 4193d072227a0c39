import { chatRoute, completionsRoute, messagesRoute, responsesRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

/** DeepSeek. */
export const deepseek: Provider = {
  name: "deepseek",
  hosts: ["api.deepseek.com"],
  routes: [
    chatRoute(),
    completionsRoute(),
    responsesRoute(),
    messagesRoute(),
  ],
  requestIdHeaders: ["x-ds-trace-id"],
  streamedUsage: "always",
  evidence: "https://api-docs.deepseek.com/api/create-chat-completion",
  verifiedBy: ["recordings"],
};
