import { openaiCompatible, responsesSocketRoute } from "../compatible.ts";
import { openaiRealtime } from "../formats/openai_realtime.ts";
import type { Provider } from "../types.ts";

/** xAI. Its reasoning tokens come on top of `completion_tokens`, but are part of the output of Responses. */
export const xai: Provider = openaiCompatible({
  name: "xai",
  genAiName: "x_ai",
  host: ["api.x.ai", "*.api.x.ai"],
  formats: ["chat", "completions", "responses", "messages"],
  outputExcludesReasoning: true,
  runsCustomTools: true,
  sockets: [
    { path: "/v1/realtime", operation: "realtime", format: openaiRealtime({ billedByTime: true }) },
    responsesSocketRoute({ runsCustomTools: true }),
  ],
  evidence: "https://docs.x.ai/docs/api-reference#chat-completions",
  verifiedBy: ["recordings"],
});
