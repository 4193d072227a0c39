import { awsTranscribeListen } from "../formats/aws_transcribe_listen.ts";
import type { Provider } from "../types.ts";

const listen = awsTranscribeListen();

/**
 * Amazon Transcribe on its socket. On Node and Deno the SDK takes HTTP/2 instead, which passes neither `fetch` nor a
 * socket. The id is the session's, as the client made it: nothing comes back.
 */
export const awsTranscribe: Provider = {
  name: "aws_transcribe",
  genAiName: "aws.transcribe",
  hosts: [
    "transcribestreaming*.amazonaws.com:8443",
    "transcribestreaming*.amazonaws.com.cn:8443",
    "transcribestreaming*.api.aws:8443",
    "transcribestreaming*.amazonaws.com",
    "transcribestreaming*.amazonaws.com.cn",
    "transcribestreaming*.api.aws",
  ],
  routes: [],
  sockets: [
    { path: "/stream-transcription-websocket", operation: "stt", format: listen },
    { path: "/medical-stream-transcription-websocket", operation: "stt", format: listen },
  ],
  requestIdHeaders: ["x-amzn-request-id"],
  streamedUsage: "never",
  evidence: "https://docs.aws.amazon.com/transcribe/latest/dg/websocket.html",
  verifiedBy: ["official SDK"],
};
