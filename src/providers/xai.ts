import { openaiRealtime } from "../formats/openai_realtime.ts";
import { transcriptBody } from "../formats/transcript_body.ts";
import { xaiStt } from "../formats/xai_stt.ts";
import {
  chatRoute,
  completionsRoute,
  messagesRoute,
  responsesRoute,
  responsesSocketRoute,
} from "../routes.ts";
import type { Provider } from "../types.ts";
import { asCount, asText } from "../wire/json.ts";

const transcript = transcriptBody("xai_transcript", {
  document: (json, notes) =>
    notes.facts({ sentAudioSeconds: asCount(json.duration), language: asText(json.language) }),
});

/** xAI. Its reasoning tokens come on top of `completion_tokens`, but are part of the output of Responses. */
export const xai: Provider = {
  name: "xai",
  genAiName: "x_ai",
  hosts: ["api.x.ai", "*.api.x.ai"],
  routes: [
    { method: "POST", path: "/v1/stt", operation: "stt", format: transcript },
    chatRoute({ outputExcludesReasoning: true }),
    completionsRoute(),
    responsesRoute({ runsCustomTools: true }),
    messagesRoute(),
  ],
  sockets: [
    { path: "/v1/stt", operation: "stt", format: xaiStt() },
    { path: "/v1/realtime", operation: "realtime", format: openaiRealtime({ billedByTime: true }) },
    responsesSocketRoute({ runsCustomTools: true }),
  ],
  requestIdHeaders: ["x-request-id", "x-trace-id"],
  streamedUsage: "when asked",
  evidence: "https://docs.x.ai/docs/api-reference#chat-completions",
  verifiedBy: ["recordings"],
};
