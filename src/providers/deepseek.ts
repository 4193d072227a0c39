import { openaiCompatible } from "../compatible.ts";
import type { Provider } from "../types.ts";

/** DeepSeek. */
export const deepseek: Provider = openaiCompatible({
  name: "deepseek",
  host: "api.deepseek.com",
  formats: ["chat", "completions", "responses", "messages"],
  requestIdHeaders: ["x-ds-trace-id"],
  streamedUsage: "always",
  evidence: "https://api-docs.deepseek.com/api/create-chat-completion",
  verifiedBy: ["recordings"],
});
