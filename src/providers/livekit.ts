import { livekitListen } from "../formats/livekit_listen.ts";
import { livekitTts } from "../formats/livekit_tts.ts";
import { chatRoute } from "../routes.ts";
import type { Provider } from "../types.ts";

/** LiveKit's inference gateway. */
export const livekit: Provider = {
  name: "livekit",
  hosts: ["agent-gateway.livekit.cloud", "agent-gateway.staging.livekit.cloud"],
  routes: [
    chatRoute(),
  ],
  sockets: [
    { path: "/v1/stt", operation: "stt", format: livekitListen() },
    { path: "/v1/tts", operation: "tts", format: livekitTts() },
  ],
  requestIdHeaders: ["x-request-id"],
  streamedUsage: "when asked",
  evidence: "https://docs.livekit.io/agents/models/llm/",
  verifiedBy: ["documentation only"],
};
