import { openaiCompatible, responsesSocketRoute } from "../compatible.ts";
import { aiSdkStream } from "../formats/ai_sdk_stream.ts";
import type { Provider } from "../types.ts";

/** Vercel's AI gateway. What it says of Gemini leaves reasoning out; of others, as far as is known, it does not. */
export const vercelGateway: Provider = openaiCompatible({
  name: "vercel_gateway",
  host: "ai-gateway.vercel.sh",
  routes: [{ method: "POST", path: "/language-model", operation: "llm", format: aiSdkStream() }],
  formats: ["chat", "responses", "messages"],
  sockets: [responsesSocketRoute()],
  outputExcludesReasoning: /^google\/gemini/,
  requestIdHeaders: ["x-vercel-id"],
  evidence: "https://vercel.com/docs/ai-gateway/sdks-and-apis/openai-chat-completions",
  verifiedBy: ["recordings"],
});
