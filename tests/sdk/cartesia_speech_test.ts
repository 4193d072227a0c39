import { Cartesia } from "@cartesia/cartesia-js";
import { fixture } from "../support/fixtures.ts";
import { answer, stalledAnswer } from "./compare.ts";
import { hear, hearAndAbort, hearAndCancel, listen } from "./listen.ts";
import { type SpeechScenario, testSpeech, type Ways } from "./speech_compare.ts";
import { speechSpanOf } from "./speech_summary.ts";

function cartesiaClient({ fetch }: Ways): Cartesia {
  return new Cartesia({ apiKey: "canary", fetch, maxRetries: 0, logLevel: "off" });
}

const bytes = fixture("cartesia", "bytes");
const bytesError = fixture("cartesia", "bytes_error");
const sse = fixture("cartesia", "sse");

const asked = { model_id: "sonic-3", transcript: "Hello there", voice: { mode: "id", id: "v1" } } as const;
const floats = { container: "raw", encoding: "pcm_f32le", sample_rate: 44100 } as const;
const shorts = { container: "raw", encoding: "pcm_s16le", sample_rate: 8000 } as const;

const scenarios: SpeechScenario<Cartesia>[] = [
  {
    name: "generate()",
    respond: answer(bytes),
    run: async (client, stage) => {
      const response = await client.tts.generate({ ...asked, output_format: floats });
      await hear(response.body, stage);
      return response;
    },
    answers: ["complete"],
    spans: [speechSpanOf(bytes, { retryCount: 0 })],
  },
  {
    name: "generate() is refused",
    respond: answer(bytesError),
    run: (client) => client.tts.generate({ ...asked, output_format: floats }),
    throws: "APIError",
    answers: ["complete"],
    spans: [speechSpanOf(bytesError, { retryCount: 0 })],
  },
  {
    name: "generate() is refused, and tried again",
    respond: [{ status: 503, headers: { "retry-after-ms": "1" } }, answer(bytes)],
    run: async (client, stage) => {
      const response = await client.tts.generate({ ...asked, output_format: floats }, { maxRetries: 1 });
      await hear(response.body, stage);
    },
    answers: ["complete", "complete"],
    spans: [
      {
        ...{ provider: "cartesia", model: "sonic-3", characters: 11 },
        ...{ status: 503, outcome: "error", errorType: "503", retryCount: 0 },
      },
      speechSpanOf(bytes, { retryCount: 1 }),
    ],
  },
  {
    name: "abort in the middle of generate()",
    respond: answer(bytes, { fault: { kind: "stall", afterBytes: 882 } }),
    run: async (client, stage) => {
      const controller = new AbortController();
      const { signal } = controller;
      const response = await client.tts.generate({ ...asked, output_format: floats }, { signal });
      return await hearAndAbort(response.body, stage, 882, controller);
    },
    throws: "DOMException",
    answers: ["cancelled"],
    spans: [speechSpanOf(bytes, { outcome: "cancelled", retryCount: 0, audio: 0.005 })],
  },
  {
    name: "cancel() of the body of generate()",
    respond: answer(bytes, { fault: { kind: "stall", afterBytes: 882 } }),
    run: async (client, stage) => {
      const response = await client.tts.generate({ ...asked, output_format: floats });
      return await hearAndCancel(response.body, stage, 882);
    },
    answers: ["cancelled"],
    spans: [speechSpanOf(bytes, { outcome: "cancelled", retryCount: 0, audio: 0.005 })],
  },
  {
    name: "generateSSE()",
    respond: answer(sse),
    run: async (client, stage) => {
      const events = await client.tts.generateSSE({ ...asked, output_format: shorts });
      await listen(events, stage);
    },
    answers: ["complete"],
    spans: [speechSpanOf(sse, { retryCount: 0 })],
  },
  {
    name: "break after the first event of generateSSE()",
    respond: stalledAnswer(sse, 1),
    run: async (client, stage) => {
      const events = await client.tts.generateSSE({ ...asked, output_format: shorts });
      await listen(events, stage, 1);
    },
    answers: ["cancelled"],
    spans: [speechSpanOf(sse, { outcome: "cancelled", retryCount: 0, audio: 0.1 })],
  },
];

testSpeech("cartesia", cartesiaClient, scenarios);
