import { chatRoute, completionsRoute, responsesRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

/** Hugging Face's router. The first header is its own, the others are those of whom it routes to. */
export const huggingface: Provider = {
  name: "huggingface",
  hosts: ["router.huggingface.co"],
  routes: [
    chatRoute(),
    completionsRoute(),
    responsesRoute(),
  ],
  requestIdHeaders: [
    "x-request-id",
    "request-id",
    "inference-id",
    "x-inference-request-id",
    "x-inference-id",
  ],
  streamedUsage: "always",
  evidence: "https://huggingface.co/docs/inference-providers/index",
  verifiedBy: ["recordings"],
};
