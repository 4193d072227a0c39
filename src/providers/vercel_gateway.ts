import { aiSdkStream } from "../formats/ai_sdk_stream.ts";
import { chatRoute, messagesRoute, responsesRoute, responsesSocketRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

/** Vercel's AI gateway. What it says of Gemini leaves reasoning out; of others, as far as is known, it does not. */
export const vercelGateway: Provider = {
  name: "vercel_gateway",
  hosts: ["ai-gateway.vercel.sh"],
  routes: [
    { method: "POST", path: "/language-model", operation: "llm", format: aiSdkStream() },
    chatRoute({ outputExcludesReasoning: /^google\/gemini/ }),
    responsesRoute(),
    messagesRoute(),
  ],
  sockets: [responsesSocketRoute()],
  requestIdHeaders: ["x-vercel-id"],
  streamedUsage: "when asked",
  evidence: "https://vercel.com/docs/ai-gateway/sdks-and-apis/openai-chat-completions",
  verifiedBy: ["recordings"],
};
