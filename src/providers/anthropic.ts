import { messagesRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

/** Anthropic. Support asks for `request-id`; error bodies repeat it. */
export const anthropic: Provider = {
  name: "anthropic",
  hosts: ["api.anthropic.com"],
  routes: [messagesRoute()],
  requestIdHeaders: ["request-id"],
  streamedUsage: "always",
  evidence: "https://docs.anthropic.com/en/api/errors#request-id",
  verifiedBy: ["official SDK", "recordings"],
};
