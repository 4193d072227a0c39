import { chatRoute, openaiCompatible } from "../compatible.ts";
import type { Provider } from "../types.ts";

/**
 * Cloudflare's AI gateway. A segment of the path says whose API it passes on, and the end of the path is theirs: so
 * are the format, and the headers after the first two.
 */
export const cloudflareAiGateway: Provider = openaiCompatible({
  name: "cloudflare_ai_gateway",
  host: "gateway.ai.cloudflare.com",
  formats: ["chat", "completions", "responses", "messages"],
  routes: [chatRoute({}, "/mistral/v1/agents/completions"), chatRoute({}, "/mistral/v1/fim/completions")],
  requestIdHeaders: ["cf-aig-log-id", "cf-aig-event-id", "x-request-id", "request-id"],
  evidence: "https://developers.cloudflare.com/ai-gateway/glossary/",
  verifiedBy: ["recordings"],
});
