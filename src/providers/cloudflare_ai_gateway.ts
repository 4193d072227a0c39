import { chatRoute, completionsRoute, messagesRoute, responsesRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

/**
 * Cloudflare's AI gateway. A segment of the path says whose API it passes on, and the end of the path is theirs: so
 * are the format, and the headers after the first two.
 */
export const cloudflareAiGateway: Provider = {
  name: "cloudflare_ai_gateway",
  hosts: ["gateway.ai.cloudflare.com"],
  routes: [
    chatRoute({}, "/mistral/v1/agents/completions"),
    chatRoute({}, "/mistral/v1/fim/completions"),
    chatRoute(),
    completionsRoute(),
    responsesRoute(),
    messagesRoute(),
  ],
  requestIdHeaders: ["cf-aig-log-id", "cf-aig-event-id", "x-request-id", "request-id"],
  streamedUsage: "when asked",
  evidence: "https://developers.cloudflare.com/ai-gateway/glossary/",
  verifiedBy: ["recordings"],
};
