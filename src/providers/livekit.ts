import { openaiCompatible } from "../compatible.ts";
import { livekitListen } from "../formats/livekit_listen.ts";
import { livekitTts } from "../formats/livekit_tts.ts";
import type { Provider } from "../types.ts";

/** LiveKit's inference gateway. */
export const livekit: Provider = openaiCompatible({
  name: "livekit",
  host: ["agent-gateway.livekit.cloud", "agent-gateway.staging.livekit.cloud"],
  formats: ["chat"],
  evidence: "https://docs.livekit.io/agents/models/llm/",
  sockets: [
    { path: "/v1/stt", operation: "stt", format: livekitListen() },
    { path: "/v1/tts", operation: "tts", format: livekitTts() },
  ],
});
