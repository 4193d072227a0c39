import { chatRoute, completionsRoute, messagesRoute, responsesRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

/** Fireworks. */
export const fireworks: Provider = {
  name: "fireworks",
  hosts: ["api.fireworks.ai"],
  routes: [
    chatRoute(),
    completionsRoute(),
    responsesRoute(),
    messagesRoute(),
  ],
  requestIdHeaders: ["x-request-id"],
  streamedUsage: "always",
  evidence: "https://docs.fireworks.ai/api-reference/post-chatcompletions",
  verifiedBy: ["documentation only"],
};
