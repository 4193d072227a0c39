import { openaiCompatible } from "../compatible.ts";
import type { Provider } from "../types.ts";

/** LM Studio, where it listens unless told otherwise. It sends no id but those in bodies. */
export const lmstudio: Provider = openaiCompatible({
  name: "lmstudio",
  host: ["localhost:1234", "127.0.0.1:1234"],
  formats: ["chat", "completions", "responses", "messages"],
  requestIdHeaders: [],
  evidence: "https://lmstudio.ai/docs/developer/openai-compat",
  verifiedBy: ["recordings"],
});
