import { openaiCompatible } from "../compatible.ts";
import type { Provider } from "../types.ts";

/** Mistral. */
export const mistral: Provider = openaiCompatible({
  name: "mistral",
  genAiName: "mistral_ai",
  host: "api.mistral.ai",
  requestIdHeaders: ["mistral-correlation-id", "x-kong-request-id"],
  streamedUsage: "always",
  evidence: "https://docs.mistral.ai/api/#tag/chat",
  verifiedBy: ["recordings"],
});
