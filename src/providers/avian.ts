import { chatRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

/** Avian. A stream has two ids: its own, then that of whom it routes to. */
export const avian: Provider = {
  name: "avian",
  hosts: ["api.avian.io"],
  routes: [
    chatRoute(),
  ],
  requestIdHeaders: ["x-request-id"],
  streamedUsage: "when asked",
  evidence: "https://avian.io/docs",
  verifiedBy: ["recordings"],
};
