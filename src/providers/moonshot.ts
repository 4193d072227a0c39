import { openaiCompatible } from "../compatible.ts";
import type { Provider } from "../types.ts";

/** Moonshot, and its house in China. Error bodies repeat the header id. */
export const moonshot: Provider = openaiCompatible({
  name: "moonshot",
  host: ["api.moonshot.ai", "api.moonshot.cn"],
  formats: ["chat", "messages"],
  requestIdHeaders: ["msh-request-id"],
  streamedUsage: "always",
  evidence: "https://platform.moonshot.ai/docs/api/chat",
  verifiedBy: ["recordings"],
});
