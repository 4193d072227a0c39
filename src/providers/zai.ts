import { chatRoute, messagesRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

/** Z.ai, and its house in China. The header id equals the body id. */
export const zai: Provider = {
  name: "zai",
  hosts: ["api.z.ai", "open.bigmodel.cn"],
  routes: [
    chatRoute(),
    messagesRoute(),
  ],
  requestIdHeaders: ["x-log-id"],
  streamedUsage: "when asked",
  evidence: "https://docs.z.ai/api-reference/llm/chat-completion",
  verifiedBy: ["recordings"],
};
