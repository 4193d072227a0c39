import { openaiCompatible } from "../compatible.ts";
import type { Provider } from "../types.ts";

/** Cerebras. `inference-id` equals the body id; `x-request-id` is that of the edge in front. */
export const cerebras: Provider = openaiCompatible({
  name: "cerebras",
  host: "api.cerebras.ai",
  formats: ["chat", "completions"],
  requestIdHeaders: ["inference-id", "x-request-id"],
  streamedUsage: "always",
  evidence: "https://inference-docs.cerebras.ai/api-reference/chat-completions",
  verifiedBy: ["recordings"],
});
