import { openaiCompatible } from "../compatible.ts";
import type { Provider } from "../types.ts";

/** MiniMax, and its house in China. `trace-id` equals the body id. */
export const minimax: Provider = openaiCompatible({
  name: "minimax",
  host: ["api.minimax.io", "api.minimaxi.com"],
  formats: ["chat", "responses", "messages"],
  requestIdHeaders: ["minimax-request-id", "trace-id"],
  evidence: "https://platform.minimax.io/docs/api-reference/text-openai-api",
  verifiedBy: ["recordings"],
});
