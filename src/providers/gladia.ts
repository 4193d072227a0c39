import { gladiaLive, GladiaSessions } from "../formats/gladia_live.ts";
import { transcriptBody } from "../formats/transcript_body.ts";
import { asId } from "../hearing.ts";
import type { CallRequest, HttpFormat, Provider } from "../types.ts";
import { asObject, asText, type JsonObject } from "../wire/json.ts";

const sessions = new GladiaSessions();

/** The call that makes a session, whose socket is in its answer. */
const live = initiation(
  "gladia_live_call",
  (answer, request) => sessions.remember(asObject(request?.json), answer),
);

/** Gladia. The id of a live session is in the answer to the call that makes it, and in every frame. */
export const gladia: Provider = {
  name: "gladia",
  hosts: ["api.gladia.io", "*.gladia.io"],
  routes: [
    { method: "POST", path: "/v2/live", operation: "stt", format: live },
    // its result is fetched later, how often and by whom is not known
    { method: "POST", path: "/v2/pre-recorded", operation: "stt", format: initiation("gladia_pre_recorded") },
  ],
  sockets: [{ path: "/v2/live", operation: "stt", format: gladiaLive(sessions) }],
  requestIdHeaders: ["x-aipi-call-id", "x-request-id"],
  streamedUsage: "never",
  evidence: "https://docs.gladia.io/api-reference/v2/live/init",
  verifiedBy: ["official SDK"],
};

/** A call that is answered with the id of work to be done. */
function initiation(
  name: string,
  answered: (answer: JsonObject, request: CallRequest | undefined) => void = () => {},
): HttpFormat {
  return transcriptBody(name, {
    request: ({ json }) => ({ requestModel: asText(asObject(json)?.model) }),
    document(answer, notes, request) {
      notes.id(asId(answer.id), "session");
      answered(answer, request);
    },
    error: (json, notes) => notes.id(asId(json.request_id), "request"),
  });
}
