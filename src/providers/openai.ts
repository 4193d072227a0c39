import { openaiCompatible } from "../compatible.ts";
import type { Provider } from "../types.ts";

/** OpenAI. Support asks for `x-request-id`. */
export const openai: Provider = openaiCompatible({
  name: "openai",
  host: ["api.openai.com", "eu.api.openai.com", "us.api.openai.com"],
  formats: ["chat", "completions", "responses", "speech"],
  evidence: "https://platform.openai.com/docs/api-reference/debugging-requests",
  verifiedBy: ["official SDK", "recordings"],
});
