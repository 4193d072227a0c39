import { chatRoute, responsesRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

/** Perplexity. It has names of its own for the same doors. Not every response has the header. */
export const perplexity: Provider = {
  name: "perplexity",
  hosts: ["api.perplexity.ai"],
  routes: [
    chatRoute({}, "/v1/sonar"),
    responsesRoute({}, "/v1/agent"),
    chatRoute(),
    responsesRoute(),
  ],
  requestIdHeaders: ["x-request-id"],
  streamedUsage: "always",
  evidence: "https://docs.perplexity.ai/api-reference/chat-completions-post",
  verifiedBy: ["recordings"],
};
