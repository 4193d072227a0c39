import Groq from "groq-sdk";
import { OpenAI } from "openai";
import { fixture } from "../support/fixtures.ts";
import { answer, stalledAnswer } from "./compare.ts";
import { hear, hearAndAbort, hearAndCancel } from "./listen.ts";
import { type SpeechScenario, testSpeech } from "./speech_compare.ts";
import { speechSpanOf } from "./speech_summary.ts";

const speech = fixture("openai", "speech");
const refused = fixture("openai", "speech_error");
const events = fixture("openai", "speech_sse");

const greeting = {
  model: "gpt-4o-mini-tts",
  input: "Grüezi 🙂.",
  voice: "alloy",
  instructions: "Like a canary",
} as const;
const raw = { ...greeting, response_format: "pcm" } as const;
const asEvents = { ...greeting, stream_format: "sse" } as const;

const openaiScenarios: SpeechScenario<OpenAI>[] = [
  {
    name: "audio.speech.create()",
    respond: answer(speech, { chunkBytes: 700 }),
    run: async (client, stage) => {
      const { data, request_id, response } = await client.audio.speech.create(raw).withResponse();
      stage.log(request_id, data === response);
      await hear(data.body, stage);
      return data;
    },
    answers: ["complete"],
    spans: [speechSpanOf(speech, { retryCount: 0 })],
  },
  {
    name: "arrayBuffer() of audio.speech.create()",
    respond: answer(speech),
    run: async (client) => new Uint8Array(await (await client.audio.speech.create(raw)).arrayBuffer()),
    answers: ["complete"],
    spans: [speechSpanOf(speech, { retryCount: 0 })],
  },
  {
    name: "audio.speech.create() is refused",
    respond: answer(refused),
    run: (client) => client.audio.speech.create({ ...greeting, voice: "nobody" }),
    throws: "BadRequestError",
    answers: ["complete"],
    spans: [speechSpanOf(refused, { retryCount: 0 })],
  },
  {
    name: "abort in the middle of audio.speech.create()",
    respond: answer(speech, { fault: { kind: "stall", afterBytes: 2400 } }),
    run: async (client, stage) => {
      const controller = new AbortController();
      const { body } = await client.audio.speech.create(raw, { signal: controller.signal });
      return await hearAndAbort(body, stage, 2400, controller);
    },
    throws: "Error",
    answers: ["cancelled"],
    spans: [speechSpanOf(speech, { outcome: "cancelled", retryCount: 0, audio: 0.05 })],
  },
  {
    name: "cancel() of the body of audio.speech.create()",
    respond: answer(speech, { fault: { kind: "stall", afterBytes: 2400 } }),
    run: async (client, stage) =>
      await hearAndCancel((await client.audio.speech.create(raw)).body, stage, 2400),
    answers: ["cancelled"],
    spans: [speechSpanOf(speech, { outcome: "cancelled", retryCount: 0, audio: 0.05 })],
  },
  {
    name: "audio.speech.create() with stream_format sse",
    respond: answer(events, { chunkBytes: 300 }),
    // the SDK hands out the response: its events are for the caller to read
    run: async (client, stage) => {
      const response = await client.audio.speech.create(asEvents);
      await hear(response.body, stage);
      return response;
    },
    answers: ["complete"],
    spans: [speechSpanOf(events, { retryCount: 0 })],
  },
  {
    name: "cancel() in the middle of audio.speech.create() with stream_format sse",
    respond: stalledAnswer(events, 1),
    run: async (client, stage) =>
      await hearAndCancel((await client.audio.speech.create(asEvents)).body, stage, 1),
    answers: ["cancelled"],
    spans: [speechSpanOf(events, { outcome: "cancelled", retryCount: 0, audio: 0.052245, usage: undefined })],
  },
];

const wav = fixture("groq", "speech");
const spoken = {
  model: "canopylabs/orpheus-v1-english",
  input: "Hello there",
  voice: "troy",
  response_format: "wav",
} as const;

const groqScenarios: SpeechScenario<Groq>[] = [
  {
    name: "audio.speech.create()",
    respond: answer(wav, { chunkBytes: 700 }),
    run: async (client, stage) => {
      const response = await client.audio.speech.create(spoken);
      await hear(response.body, stage);
      return response;
    },
    answers: ["complete"],
    spans: [speechSpanOf(wav, { retryCount: 0 })],
  },
  {
    name: "audio.speech.create() is refused, and tried again",
    respond: [
      {
        status: 429,
        headers: { "content-type": "application/json", "x-request-id": "req_429", "retry-after": "0.001" },
        // the SDK cancels it unread
        body: '{"error":{"message":"Slow down","type":"tokens","code":"rate_limit_exceeded"}}',
      },
      answer(wav),
    ],
    run: async (client, stage) => {
      const response = await client.audio.speech.create(spoken, { maxRetries: 1 });
      await hear(response.body, stage);
    },
    answers: ["complete", "complete"],
    spans: [
      {
        ...{ ids: ["req_429"], provider: "groq", model: spoken.model, characters: 11, retryCount: 0 },
        ...{ status: 429, outcome: "error", errorType: "429" },
      },
      speechSpanOf(wav, { retryCount: 1 }),
    ],
  },
  {
    name: "abort in the middle of audio.speech.create()",
    respond: answer(wav, { fault: { kind: "stall", afterBytes: 2444 } }),
    run: async (client, stage) => {
      const controller = new AbortController();
      const { body } = await client.audio.speech.create(spoken, { signal: controller.signal });
      return await hearAndAbort(body, stage, 2444, controller);
    },
    throws: "DOMException",
    answers: ["cancelled"],
    spans: [speechSpanOf(wav, { outcome: "cancelled", retryCount: 0, audio: 0.05 })],
  },
];

testSpeech(
  "openai",
  ({ fetch }) => new OpenAI({ apiKey: "canary", fetch, maxRetries: 0, logLevel: "off" }),
  openaiScenarios,
);
testSpeech(
  "groq",
  ({ fetch }) => new Groq({ apiKey: "canary", fetch, maxRetries: 0, logLevel: "off" }),
  groqScenarios,
);
