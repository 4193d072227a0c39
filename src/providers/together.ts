import { openaiCompatible } from "../compatible.ts";
import type { Provider } from "../types.ts";

/** Together. Its header id, where sent, equals the body id. */
export const together: Provider = openaiCompatible({
  name: "together",
  host: ["api.together.xyz", "api.together.ai", "api-inference.together.ai"],
  formats: ["chat", "completions", "responses"],
  streamedUsage: "always",
  evidence: "https://docs.together.ai/reference/chat-completions-1",
  verifiedBy: ["recordings"],
});
