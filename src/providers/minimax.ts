import { minimaxShape, minimaxTts, readMinimaxAnswer } from "../formats/minimax_tts.ts";
import { speechBody } from "../formats/speech_body.ts";
import { chatRoute, messagesRoute, responsesRoute } from "../routes.ts";
import type { Provider } from "../types.ts";
import { asText } from "../wire/json.ts";

/** MiniMax, and its house in China. `trace-id` equals the body id; support asks for it. */
export const minimax: Provider = {
  name: "minimax",
  hosts: ["api.minimax.io", "api-uw.minimax.io", "api.minimaxi.com", "api.minimaxi.chat"],
  routes: [
    {
      method: "POST",
      path: "/t2a_v2",
      operation: "tts",
      format: speechBody("minimax_t2a", {
        text: (json) => asText(json.text),
        model: (json) => asText(json.model),
        streamed: (json) => json.stream === true,
        shape: minimaxShape,
        json: readMinimaxAnswer,
      }),
    },
    chatRoute(),
    responsesRoute(),
    messagesRoute(),
  ],
  sockets: [
    { path: "/ws/v1/t2a_v2", operation: "tts", format: minimaxTts() },
    { path: "/ws/v1/t2a_v2_bidi", operation: "tts", format: minimaxTts() },
  ],
  requestIdHeaders: ["minimax-request-id", "trace-id", "x-trace-id"],
  streamedUsage: "when asked",
  evidence: "https://platform.minimax.io/docs/api-reference/text-openai-api",
  verifiedBy: ["recordings"],
};
