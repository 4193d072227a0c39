import { speechmatics as realtime } from "../formats/speechmatics.ts";
import type { Provider } from "../types.ts";

/** Speechmatics. Support asks for the session id, which begins a socket. */
export const speechmatics: Provider = {
  name: "speechmatics",
  hosts: ["*.rt.speechmatics.com"],
  routes: [],
  sockets: [
    { path: "/v2", operation: "stt", format: realtime() },
    { path: "/v2/*", operation: "stt", format: realtime() },
  ],
  requestIdHeaders: [],
  streamedUsage: "never",
  evidence: "https://docs.speechmatics.com/api-ref/realtime-transcription-websocket",
  verifiedBy: ["official SDK"],
};
