import { openaiCompatible } from "../compatible.ts";
import type { Provider } from "../types.ts";

/** Perplexity. Not every response has the header. */
export const perplexity: Provider = openaiCompatible({
  name: "perplexity",
  host: "api.perplexity.ai",
  streamedUsage: "always",
  evidence: "https://docs.perplexity.ai/api-reference/chat-completions-post",
  verifiedBy: ["recordings"],
});
