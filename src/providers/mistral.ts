import { chatRoute, openaiCompatible } from "../compatible.ts";
import type { Provider } from "../types.ts";

/** Mistral. Agents and code completion answer in the shape of chat too. */
export const mistral: Provider = openaiCompatible({
  name: "mistral",
  genAiName: "mistral_ai",
  host: "api.mistral.ai",
  formats: ["chat"],
  routes: [chatRoute({}, "/agents/completions"), chatRoute({}, "/fim/completions")],
  requestIdHeaders: ["mistral-correlation-id", "x-kong-request-id"],
  streamedUsage: "always",
  evidence: "https://docs.mistral.ai/api/#tag/chat",
  verifiedBy: ["recordings"],
});
