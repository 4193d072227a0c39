import { openaiCompatible } from "../compatible.ts";
import type { Provider } from "../types.ts";

/** Crusoe. */
export const crusoe: Provider = openaiCompatible({
  name: "crusoe",
  host: ["api.inference.crusoecloud.com", "api.crusoe.ai"],
  formats: ["chat", "completions"],
  evidence: "https://docs.crusoecloud.com/quickstart/getting-started-with-serverless-inference",
  verifiedBy: ["recordings"],
});
