import { openaiListen } from "../formats/openai_listen.ts";
import { openaiRealtime } from "../formats/openai_realtime.ts";
import {
  chatRoute,
  completionsRoute,
  responsesRoute,
  responsesSocketRoute,
  speechRoute,
  transcriptionRoutes,
} from "../routes.ts";
import type { Provider } from "../types.ts";

/** OpenAI. Support asks for `x-request-id`; on a socket for the session's id, and that of the item or response. */
export const openai: Provider = {
  name: "openai",
  hosts: ["api.openai.com", "eu.api.openai.com", "us.api.openai.com"],
  routes: [
    chatRoute(),
    completionsRoute(),
    responsesRoute(),
    speechRoute(),
    ...transcriptionRoutes(),
  ],
  sockets: [
    { path: "/realtime", query: { intent: "transcription" }, operation: "stt", format: openaiListen() },
    { path: "/v1/realtime", operation: "realtime", format: openaiRealtime({ paddedSpeech: true }) },
    responsesSocketRoute(),
  ],
  requestIdHeaders: ["x-request-id"],
  streamedUsage: "when asked",
  evidence: "https://platform.openai.com/docs/api-reference/debugging-requests",
  verifiedBy: ["official SDK", "recordings"],
};
