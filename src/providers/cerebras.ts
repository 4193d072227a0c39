import { chatRoute, completionsRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

/** Cerebras. `inference-id` equals the body id; `x-request-id` is that of the edge in front. */
export const cerebras: Provider = {
  name: "cerebras",
  hosts: ["api.cerebras.ai"],
  routes: [
    chatRoute(),
    completionsRoute(),
  ],
  requestIdHeaders: ["inference-id", "x-request-id"],
  streamedUsage: "always",
  evidence: "https://inference-docs.cerebras.ai/api-reference/chat-completions",
  verifiedBy: ["recordings"],
};
