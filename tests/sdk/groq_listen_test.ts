import Groq from "groq-sdk";
import { fixture } from "../support/fixtures.ts";
import { answer, requestsSeen } from "./compare.ts";
import { hearingSpanOf, type HearingSummary, summarizeHearing } from "./hearing_summary.ts";
import { type SpeechScenario, testSockets, type Ways } from "./speech_compare.ts";

type Scenario = SpeechScenario<Groq, HearingSummary>;

function groqClient({ fetch }: Ways): Groq {
  return new Groq({ apiKey: "canary", fetch, maxRetries: 0 });
}

const json = fixture("groq", "transcription");
const verbose = fixture("groq", "transcription_verbose");
const text = fixture("groq", "translation_text");
const refused = fixture("groq", "transcription_error");
const known = { provider: "groq", retryCount: 0 };

const speech = () => new File([new Uint8Array(64)], "speech.wav");

const scenarios: Scenario[] = [
  {
    name: "audio.transcriptions.create()",
    respond: answer(json),
    run: (client) =>
      client.audio.transcriptions.create({
        ...{
          file: speech(),
          model: "whisper-large-v3-turbo",
          prompt: "canary birds",
          response_format: "json",
        },
      }),
    answers: ["complete"],
    spans: [hearingSpanOf(json, known)],
  },
  {
    name: "audio.transcriptions.create() with a verbose answer",
    respond: answer(verbose, { cutAt: [10, 40] }),
    run: (client) =>
      client.audio.transcriptions.create({
        ...{ file: speech(), model: "whisper-large-v3", response_format: "verbose_json" },
      }).withResponse(),
    answers: ["complete"],
    spans: [hearingSpanOf(verbose, known)],
  },
  {
    name: "audio.translations.create() as plain text",
    respond: answer(text),
    run: (client) =>
      client.audio.translations.create({
        ...{ file: speech(), model: "whisper-large-v3", response_format: "text" as "json" },
      }),
    answers: ["complete"],
    spans: [hearingSpanOf(text, known)],
  },
  {
    name: "audio.transcriptions.create() is refused",
    respond: answer(refused),
    run: (client) => client.audio.transcriptions.create({ file: speech(), model: "whisper-large-v3" }),
    throws: "BadRequestError",
    answers: ["complete"],
    spans: [hearingSpanOf(refused, known)],
  },
  {
    name: "audio.transcriptions.create() is refused, and tried again",
    respond: [
      { status: 429, headers: { "x-request-id": "req_01stt9", "retry-after-ms": "1" } },
      answer(json),
    ],
    run: (client) =>
      client.audio.transcriptions.create({ file: speech(), model: "whisper-large-v3-turbo" }, {
        maxRetries: 1,
      }),
    answers: ["complete", "complete"],
    spans: [
      {
        ...{ provider: "groq", model: "whisper-large-v3-turbo", ids: ["req_01stt9"], retryCount: 0 },
        ...{ status: 429, outcome: "error", errorType: "429" },
      },
      hearingSpanOf(json, { ...known, retryCount: 1 }),
    ],
  },
  {
    name: "abort of audio.transcriptions.create() that is not answered",
    respond: { fault: { kind: "stall", beforeHeaders: true } },
    run: async (client, { emulator }) => {
      const controller = new AbortController();
      requestsSeen(emulator).then(() => controller.abort(new Error("mine")));
      return await client.audio.transcriptions.create({ file: speech(), model: "whisper-large-v3" }, {
        signal: controller.signal,
      });
    },
    throws: "APIUserAbortError",
    answers: ["cancelled"],
    spans: [{ provider: "groq", model: "whisper-large-v3", retryCount: 0, outcome: "cancelled" }],
  },
];

testSockets("groq", groqClient, summarizeHearing, scenarios);
