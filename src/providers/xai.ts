import { openaiCompatible } from "../compatible.ts";
import type { Provider } from "../types.ts";

/** xAI. Its reasoning tokens come on top of `completion_tokens`. */
export const xai: Provider = openaiCompatible({
  name: "xai",
  genAiName: "x_ai",
  host: "api.x.ai",
  outputExcludesReasoning: true,
  evidence: "https://docs.x.ai/docs/api-reference#chat-completions",
  verifiedBy: ["recordings"],
});
