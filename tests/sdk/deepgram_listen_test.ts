import type { DeepgramClient } from "@deepgram/sdk";
import { fixture } from "../support/fixtures.ts";
import { answer, requestsSeen } from "./compare.ts";
import { converse } from "./converse.ts";
import { deepgramClient, listenOver, openListen } from "./deepgram_listening.ts";
import { hearingSpanOf, type HearingSummary, summarizeHearing } from "./hearing_summary.ts";
import { type SpeechScenario, testSockets } from "./speech_compare.ts";
import { fixtureFrames, playing } from "./speech_server.ts";
import { PATIENCE, tidied } from "./tidied.ts";

type Scenario = SpeechScenario<DeepgramClient, HearingSummary>;

const FIRST = "1b2c3d4e-0000-4000-8000-aaaaaaaaaaaa";
const SECOND = "1b2c3d4e-0000-4000-8000-bbbbbbbbbbbb";

const heard = { provider: "deepgram", model: "nova-3", outcome: "success", sent: 0.4, first: true } as const;
const turn = {
  ...{ provider: "deepgram", model: "nova-3", turn: "committed", clock: "words" } as const,
  delays: ["first", "transcription", "end"],
};

const onSockets: Scenario[] = [
  {
    name: "listen.v1 with two utterances that Deepgram ends",
    ...listenOver("v1", "ws_listen", { vad_events: true, utterance_end_ms: 1000, tag: "canary" }),
    closes: [1000],
    spans: [
      { ...turn, ids: [FIRST], confidence: 0.98 },
      { ...turn, ids: [FIRST], confidence: 0.9 },
      { ...heard, ids: [FIRST] },
    ],
  },
  {
    name: "listen.v1 with two utterances that the caller ends",
    ...listenOver("v1", "ws_listen_finalize", { interim_results: true, endpointing: false }),
    closes: [1000],
    spans: [
      { ...turn, ids: [SECOND], confidence: 0.96 },
      { ...turn, ids: [SECOND], confidence: 0.94 },
      { ...heard, ids: [SECOND] },
    ],
  },
  {
    name: "listen.v1 with two channels",
    ...listenOver("v1", "ws_listen_multichannel", { channels: 2, multichannel: true, language: "multi" }),
    closes: [1000],
    spans: [
      { ...turn, ids: [SECOND], language: "de", confidence: (0.9 + 0.8) / 2 },
      { ...turn, ids: [SECOND], language: "en", confidence: 0.92 },
      { ...heard, ids: [SECOND], language: "multi" },
    ],
  },
  {
    name: "an error frame on listen.v1",
    ...listenOver("v1", "ws_listen_error"),
    closes: [1011],
    spans: [
      { ...heard, ids: [SECOND], outcome: "error", errorType: "INTERNAL-0000", sent: 0.1 },
      { ...turn, ids: [SECOND], turn: "abandoned", delays: ["first"] },
    ],
  },
  {
    name: "listen.v1 closes as the audio is none",
    ...listenOver("v1", "ws_listen_closed_1008"),
    closes: [1008],
    spans: [
      { ...turn, ids: [SECOND], turn: "abandoned", delays: ["first"] },
      { ...heard, ids: [SECOND], outcome: "error", errorType: "close_1008", closeCode: 1008, sent: 0.0125 },
    ],
  },
  {
    name: "listen.v1 closes as there is no audio",
    ...listenOver("v1", "ws_listen_closed_1011"),
    closes: [1011],
    spans: [
      {
        ...{ provider: "deepgram", model: "nova-3" },
        outcome: "error",
        errorType: "close_1011",
        closeCode: 1011,
      },
    ],
  },
  {
    name: "the caller closes listen.v1 in the middle of an utterance",
    serve: playing(...fixtureFrames("deepgram", "ws_listen_error").slice(0, 2)),
    run: async (client, stage) => {
      const { socket, inbox, caller } = await openListen(client, stage, "v1");
      await converse(fixtureFrames("deepgram", "ws_listen_error").slice(0, 2), inbox, caller);
      socket.close();
    },
    closes: [1000],
    spans: [
      { ...turn, ids: [SECOND], turn: "abandoned", delays: ["first"] },
      { ...heard, ids: [SECOND], outcome: "cancelled", closeCode: 1000, sent: 0.1 },
    ],
  },
  {
    name: "listen.v1 is refused",
    handshake: () => ({ status: 401, headers: { "dg-request-id": SECOND, "dg-error": "INVALID_AUTH" } }),
    run: async (client, stage) => {
      const { message } = await openListen(client, stage, "v1").then(
        () => new Error("it opened"),
        (error) => error,
      );
      return message;
    },
    spans: [{
      ...{ provider: "deepgram", model: "nova-3" },
      outcome: "error",
      errorType: "401",
      status: 401,
    }],
  },
];

const listen = fixture("deepgram", "listen");
const callback = fixture("deepgram", "listen_callback");
const refused = fixture("deepgram", "listen_error_400");
const unpaid = fixture("deepgram", "listen_error_402");

const overHttp: Scenario[] = [
  {
    name: "listen.v1.media.transcribeFile()",
    respond: answer(listen),
    run: (client) =>
      client.listen.v1.media.transcribeFile(new Uint8Array(400), {
        ...{ model: "nova-3", detect_language: true, multichannel: true, keyterm: "canary" },
      }),
    answers: ["complete"],
    spans: [hearingSpanOf(listen, { provider: "deepgram" })],
  },
  {
    name: "listen.v1.media.transcribeUrl() with a callback",
    respond: answer(callback),
    run: async (client) => {
      const options = { url: "https://example.com/canary.wav", model: "nova-3" } as const;
      const answered = client.listen.v1.media.transcribeUrl({
        ...options,
        callback: "https://canary.example/hook",
      });
      const { data, rawResponse } = await answered.withRawResponse();
      return [data, rawResponse.headers.get("dg-request-id")];
    },
    answers: ["complete"],
    spans: [hearingSpanOf(callback, { provider: "deepgram" })],
  },
  ...[refused, unpaid].map((one): Scenario => ({
    name: `listen.v1.media.transcribeFile() is refused with ${one.response.status}`,
    respond: answer(one),
    run: (client) => client.listen.v1.media.transcribeFile(new Uint8Array(40), { model: "nova-3" }),
    throws: one === refused ? "BadRequestError" : "DeepgramError",
    answers: ["complete"],
    spans: [hearingSpanOf(one, { provider: "deepgram" })],
  })),
  {
    name: "abort of listen.v1.media.transcribeUrl() that is not answered",
    respond: { fault: { kind: "stall", beforeHeaders: true } },
    run: (client, { emulator }) =>
      tidied(async () => {
        const controller = new AbortController();
        requestsSeen(emulator).then(() => controller.abort(new Error("mine")));
        const options = { abortSignal: controller.signal, timeoutInSeconds: PATIENCE / 1000 };
        return await client.listen.v1.media.transcribeUrl({ url: "https://example.com/canary.wav" }, options);
      }),
    throws: "DeepgramError",
    answers: ["cancelled"],
    spans: [{ provider: "deepgram", outcome: "cancelled" }],
  },
];

testSockets("deepgram", deepgramClient, summarizeHearing, [...onSockets, ...overHttp]);
