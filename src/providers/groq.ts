import { openaiCompatible } from "../compatible.ts";
import type { Provider } from "../types.ts";

/** Groq. The header id is also `x_groq.id` in the first and last chunk. */
export const groq: Provider = openaiCompatible({
  name: "groq",
  host: "api.groq.com",
  formats: ["chat", "responses", "speech"],
  streamedUsage: "always",
  evidence: "https://console.groq.com/docs/api-reference#chat-create",
  verifiedBy: ["official SDK", "recordings"],
});
