import { openaiCompatible } from "../compatible.ts";
import { openaiListen } from "../formats/openai_listen.ts";
import type { Provider } from "../types.ts";

/** OpenAI. Support asks for `x-request-id`; on a socket for the session's id, and that of the item or response. */
export const openai: Provider = {
  ...openaiCompatible({
    name: "openai",
    host: ["api.openai.com", "eu.api.openai.com", "us.api.openai.com"],
    formats: ["chat", "completions", "responses", "speech", "transcriptions"],
    evidence: "https://platform.openai.com/docs/api-reference/debugging-requests",
    verifiedBy: ["official SDK", "recordings"],
  }),
  sockets: [{
    path: "/realtime",
    query: { intent: "transcription" },
    operation: "stt",
    format: openaiListen(),
  }],
};
