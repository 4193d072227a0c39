import { openaiCompatible } from "../compatible.ts";
import type { Provider } from "../types.ts";

/** Fireworks. */
export const fireworks: Provider = openaiCompatible({
  name: "fireworks",
  host: "api.fireworks.ai",
  formats: ["chat", "completions", "responses", "messages"],
  streamedUsage: "always",
  evidence: "https://docs.fireworks.ai/api-reference/post-chatcompletions",
});
