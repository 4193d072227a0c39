import { openaiCompatible } from "../compatible.ts";
import type { Provider } from "../types.ts";

/** Avian. A stream has two ids: its own, then that of whom it routes to. */
export const avian: Provider = openaiCompatible({
  name: "avian",
  host: "api.avian.io",
  formats: ["chat"],
  evidence: "https://avian.io/docs",
  verifiedBy: ["recordings"],
});
