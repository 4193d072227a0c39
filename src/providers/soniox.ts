import { soniox as realtime } from "../formats/soniox.ts";
import type { Provider } from "../types.ts";

/** Soniox. Only its errors have a request id; the key is in the first frame of a socket. */
export const soniox: Provider = {
  name: "soniox",
  hosts: ["stt-rt.soniox.com", "stt-rt.*.soniox.com"],
  routes: [],
  sockets: [{ path: "/transcribe-websocket", operation: "stt", format: realtime() }],
  requestIdHeaders: [],
  streamedUsage: "always",
  evidence: "https://soniox.com/docs/stt/api-reference/websocket-api",
  verifiedBy: ["official SDK"],
};
