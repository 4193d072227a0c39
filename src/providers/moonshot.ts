import { chatRoute, messagesRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

/** Moonshot, and its house in China. Error bodies repeat the header id. */
export const moonshot: Provider = {
  name: "moonshot",
  hosts: ["api.moonshot.ai", "api.moonshot.cn"],
  routes: [
    chatRoute(),
    messagesRoute(),
  ],
  requestIdHeaders: ["msh-request-id"],
  streamedUsage: "always",
  evidence: "https://platform.moonshot.ai/docs/api/chat",
  verifiedBy: ["recordings"],
};
