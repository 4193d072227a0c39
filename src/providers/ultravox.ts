import { ultravox as ultravoxFormats } from "../formats/ultravox.ts";
import type { Provider } from "../types.ts";

const { create, call } = ultravoxFormats();

/**
 * Ultravox. Support asks for the call's id, which the making of the call answers and its socket's path has. Calls over
 * WebRTC or telephony have no socket that could be read.
 */
export const ultravox: Provider = {
  name: "ultravox",
  hosts: ["api.ultravox.ai", "*.ultravox.ai", "prod-voice-*.a.run.app"],
  routes: [
    { method: "POST", path: "/api/calls", operation: "realtime", format: create },
    { method: "POST", path: "/api/agents/*/calls", operation: "realtime", format: create },
  ],
  sockets: [{ path: "/calls/*/server_web_socket", operation: "realtime", format: call }],
  requestIdHeaders: [],
  streamedUsage: "never",
  evidence: "https://docs.ultravox.ai/apps/websockets",
  verifiedBy: ["documentation only"],
};
