import { chatRoute, completionsRoute, messagesRoute, responsesRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

/** LM Studio, where it listens unless told otherwise. It sends no id but those in bodies. */
export const lmstudio: Provider = {
  name: "lmstudio",
  hosts: ["localhost:1234", "127.0.0.1:1234"],
  routes: [
    chatRoute(),
    completionsRoute(),
    responsesRoute(),
    messagesRoute(),
  ],
  requestIdHeaders: [],
  streamedUsage: "when asked",
  evidence: "https://lmstudio.ai/docs/developer/openai-compat",
  verifiedBy: ["recordings"],
};
