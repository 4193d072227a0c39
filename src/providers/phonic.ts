import { phonicConversation } from "../formats/phonic.ts";
import type { Provider } from "../types.ts";

/** Phonic. Support asks for the conversation's id. */
export const phonic: Provider = {
  name: "phonic",
  hosts: ["api.phonic.ai", "api.phonic.co"],
  routes: [],
  sockets: [{ path: "/v1/sts/ws", operation: "realtime", format: phonicConversation() }],
  requestIdHeaders: [],
  streamedUsage: "never",
  evidence: "https://docs.phonic.co/api-reference/speech-to-speech/web-socket",
  verifiedBy: ["documentation only"],
};
