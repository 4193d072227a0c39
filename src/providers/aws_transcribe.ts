import { awsTranscribeStream } from "../formats/aws_transcribe.ts";
import type { Provider } from "../types.ts";

const stream = awsTranscribeStream();

/** Amazon Transcribe, streaming. Over HTTP/2 the answer has ids in headers; over a socket only the client's is known. */
export const awsTranscribe: Provider = {
  name: "aws_transcribe",
  genAiName: "aws.transcribe",
  hosts: [
    "transcribestreaming.*.amazonaws.com",
    "transcribestreaming.*.amazonaws.com:8443",
    "transcribestreaming-fips.*.amazonaws.com",
    "transcribestreaming-fips.*.amazonaws.com:8443",
    "transcribestreaming.*.amazonaws.com.cn",
    "transcribestreaming.*.amazonaws.com.cn:8443",
  ],
  routes: [],
  sockets: [
    { path: "/stream-transcription", operation: "stt", format: stream },
    { path: "/stream-transcription-websocket", operation: "stt", format: stream },
    { path: "/medical-stream-transcription", operation: "stt", format: stream },
    { path: "/medical-stream-transcription-websocket", operation: "stt", format: stream },
  ],
  requestIdHeaders: ["x-amzn-request-id", "x-amzn-requestid", "x-amzn-transcribe-session-id"],
  streamedUsage: "never",
  evidence:
    "https://docs.aws.amazon.com/transcribe/latest/APIReference/API_streaming_StartStreamTranscription.html",
  verifiedBy: ["official SDK"],
};
