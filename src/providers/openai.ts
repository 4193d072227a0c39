import { openaiCompatible, responsesSocketRoute } from "../compatible.ts";
import { openaiListen } from "../formats/openai_listen.ts";
import { openaiRealtime } from "../formats/openai_realtime.ts";
import type { Provider } from "../types.ts";

/** OpenAI. Support asks for `x-request-id`; on a socket for the session's id, and that of the item or response. */
export const openai: Provider = openaiCompatible({
  name: "openai",
  host: ["api.openai.com", "eu.api.openai.com", "us.api.openai.com"],
  formats: ["chat", "completions", "responses", "speech", "transcriptions"],
  sockets: [
    { path: "/realtime", query: { intent: "transcription" }, operation: "stt", format: openaiListen() },
    { path: "/v1/realtime", operation: "realtime", format: openaiRealtime({ paddedSpeech: true }) },
    responsesSocketRoute(),
  ],
  evidence: "https://platform.openai.com/docs/api-reference/debugging-requests",
  verifiedBy: ["official SDK", "recordings"],
});
