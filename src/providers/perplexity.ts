import { chatRoute, openaiCompatible, responsesRoute } from "../compatible.ts";
import type { Provider } from "../types.ts";

/** Perplexity. It has names of its own for the same doors. Not every response has the header. */
export const perplexity: Provider = openaiCompatible({
  name: "perplexity",
  host: "api.perplexity.ai",
  formats: ["chat", "responses"],
  routes: [chatRoute({}, "/v1/sonar"), responsesRoute({}, "/v1/agent")],
  streamedUsage: "always",
  evidence: "https://docs.perplexity.ai/api-reference/chat-completions-post",
  verifiedBy: ["recordings"],
});
