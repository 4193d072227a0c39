import { chatRoute, completionsRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

/** Crusoe. */
export const crusoe: Provider = {
  name: "crusoe",
  hosts: ["api.inference.crusoecloud.com", "api.crusoe.ai"],
  routes: [
    chatRoute(),
    completionsRoute(),
  ],
  requestIdHeaders: ["x-request-id"],
  streamedUsage: "when asked",
  evidence: "https://docs.crusoecloud.com/quickstart/getting-started-with-serverless-inference",
  verifiedBy: ["recordings"],
};
