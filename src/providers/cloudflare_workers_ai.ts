import { openaiChat } from "../formats/openai_chat.ts";
import { openaiResponses } from "../formats/openai_responses.ts";
import { workersAi } from "../formats/workers_ai.ts";
import { chatRoute, responsesRoute } from "../routes.ts";
import type { JsonFormat, Provider } from "../types.ts";

/** What the binding `env.AI` answers in, for calls that are observed by hand: the models' own shapes among it. */
export const workersAiBinding: JsonFormat = workersAi([
  { keys: ["choices"], format: openaiChat() },
  { keys: ["output", "type"], format: openaiResponses() },
]);

/** Cloudflare Workers AI. The first id is that of the model's run, the other that of the edge in front. */
export const cloudflareWorkersAi: Provider = {
  name: "cloudflare_workers_ai",
  hosts: ["api.cloudflare.com"],
  routes: [
    { method: "POST", path: "/ai/run/**", operation: "llm", format: workersAiBinding },
    chatRoute(),
    responsesRoute(),
  ],
  requestIdHeaders: ["cf-ai-req-id", "cf-ray"],
  streamedUsage: "always",
  evidence: "https://developers.cloudflare.com/workers-ai/get-started/rest-api/",
  verifiedBy: ["recordings"],
};
