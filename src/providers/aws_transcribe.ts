import { awsTranscribeListen } from "../formats/aws_transcribe_listen.ts";
import type { Provider } from "../types.ts";

const listen = awsTranscribeListen();

/**
 * Amazon Transcribe, on its socket and over HTTP/2, which the SDK takes on Node and Deno. There the answer has ids in
 * its headers; on the socket nothing comes back, so the session's id is the one that the client made.
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
    { path: "/stream-transcription", operation: "stt", format: listen },
    { path: "/stream-transcription-websocket", operation: "stt", format: listen },
    { path: "/medical-stream-transcription", operation: "stt", format: listen },
    { path: "/medical-stream-transcription-websocket", operation: "stt", format: listen },
  ],
  requestIdHeaders: ["x-amzn-request-id", "x-amzn-requestid", "x-amzn-transcribe-session-id"],
  streamedUsage: "never",
  evidence:
    "https://docs.aws.amazon.com/transcribe/latest/APIReference/API_streaming_StartStreamTranscription.html",
  verifiedBy: ["official SDK"],
};
