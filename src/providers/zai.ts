import { openaiCompatible } from "../compatible.ts";
import type { Provider } from "../types.ts";

/** Z.ai, and its house in China. The header id equals the body id. */
export const zai: Provider = openaiCompatible({
  name: "zai",
  host: ["api.z.ai", "open.bigmodel.cn"],
  formats: ["chat", "messages"],
  requestIdHeaders: ["x-log-id"],
  evidence: "https://docs.z.ai/api-reference/llm/chat-completion",
  verifiedBy: ["recordings"],
});
