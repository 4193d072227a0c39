import { chatRoute, completionsRoute, responsesRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

/** Together. Its header id, where sent, equals the body id. */
export const together: Provider = {
  name: "together",
  hosts: ["api.together.xyz", "api.together.ai", "api-inference.together.ai"],
  routes: [
    chatRoute(),
    completionsRoute(),
    responsesRoute(),
  ],
  requestIdHeaders: ["x-request-id"],
  streamedUsage: "always",
  evidence: "https://docs.together.ai/reference/chat-completions-1",
  verifiedBy: ["recordings"],
};
