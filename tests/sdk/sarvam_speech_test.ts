import { SarvamAIClient } from "sarvamai";
import { fixture } from "../support/fixtures.ts";
import { answer } from "./compare.ts";
import { hear, hearAndAbort, hearAndCancel, untilOpen } from "./listen.ts";
import { type SpeechScenario, type SpeechStage, testSpeech, type Ways } from "./speech_compare.ts";
import { NEXT, playing, playingFixture, say, silence } from "./speech_server.ts";
import { speechSpanOf } from "./speech_summary.ts";

type Scenario = SpeechScenario<SarvamAIClient>;

/** Sockets are the global class; there is no option. */
function sarvamClient({ fetch }: Ways): SarvamAIClient {
  return new SarvamAIClient({ apiSubscriptionKey: "canary", fetch, maxRetries: 0 });
}

const json = fixture("sarvam", "json");
const refused = fixture("sarvam", "json_error");
const stream = fixture("sarvam", "stream");

const greeting = { text: "Namaste 🙂", language_code: "hi-IN", model: "bulbul:v3" } as const;

const overHttp: Scenario[] = [
  {
    name: "convert()",
    respond: answer(json),
    run: (client) => client.textToSpeech.convert(greeting),
    answers: ["complete"],
    spans: [speechSpanOf(json)],
  },
  {
    name: "convert() is refused",
    respond: answer(refused),
    run: (client) => client.textToSpeech.convert({ ...greeting, text: "Namasteji", model: "bulbul:v2" }),
    throws: "TooManyRequestsError",
    answers: ["complete"],
    spans: [speechSpanOf(refused)],
  },
  {
    name: "convertStream()",
    respond: answer(stream, { chunkBytes: 100 }),
    run: async (client, stage) => {
      const { data, rawResponse } = await client.textToSpeech.convertStream(greeting).withRawResponse();
      await hear(data.stream(), stage);
      return [data.bodyUsed, rawResponse];
    },
    answers: ["complete"],
    spans: [speechSpanOf(stream)],
  },
  {
    name: "abort in the middle of convertStream()",
    respond: answer(stream, { fault: { kind: "stall", afterBytes: 284 } }),
    run: async (client, stage) => {
      const controller = new AbortController();
      const options = { abortSignal: controller.signal };
      const audio = await client.textToSpeech.convertStream(greeting, options);
      return await hearAndAbort(audio.stream(), stage, 284, controller);
    },
    throws: "Error",
    answers: ["cancelled"],
    spans: [speechSpanOf(stream, { outcome: "cancelled", audio: 0.005 })],
  },
  {
    name: "cancel() of the audio of convertStream()",
    respond: answer(stream, { fault: { kind: "stall", afterBytes: 284 } }),
    run: async (client, stage) =>
      await hearAndCancel((await client.textToSpeech.convertStream(greeting)).stream(), stage, 284),
    answers: ["cancelled"],
    spans: [speechSpanOf(stream, { outcome: "cancelled", audio: 0.005 })],
  },
];

/** A socket that is open and configured, and what comes on it. */
async function connect(client: SarvamAIClient, stage: SpeechStage) {
  const socket = await client.textToSpeechStreaming.connect({
    ...{ model: "bulbul:v3", send_completion_event: "true", reconnectAttempts: 0 },
    "Api-Subscription-Key": "canary",
  });
  const open = await untilOpen(socket, stage);
  socket.configureConnection({
    ...{ language_code: "hi-IN", speaker: "anushka" },
    ...{ output_audio_codec: "linear16", speech_sample_rate: 16000 },
  });
  return open;
}

const audio = say({
  type: "audio",
  data: { content_type: "audio/wav", audio: silence(3200), request_id: "20261121_c1" },
});
const first = { provider: "sarvam", model: "bulbul:v3", reused: false } as const;

const onSockets: Scenario[] = [
  {
    name: "two utterances on a socket, the first of two texts",
    serve: playingFixture("sarvam", "ws_utterances"),
    run: async (client, stage) => {
      const { socket, inbox } = await connect(client, stage);
      socket.convert("Namaste 🙂, ");
      socket.convert("aap kaise hain?");
      socket.flush();
      await inbox.has(1);
      socket.ping();
      await inbox.has(3);
      socket.convert("Theek.");
      socket.flush();
      await inbox.has(6);
      socket.close();
    },
    closes: [1000],
    spans: [
      { ...first, ids: ["20261121_a1"], outcome: "success", characters: 26, audio: 0.2, ttfb: true },
      {
        ...{ ...first, ids: ["20261121_a2"], reused: true },
        ...{ outcome: "success", characters: 6, audio: 0.05, ttfb: true },
      },
    ],
  },
  {
    name: "an error frame on a socket",
    serve: playing(
      ...[NEXT, NEXT, audio],
      say({ type: "error", data: { message: "slow down", code: 429, request_id: "20261121_c1" } }),
    ),
    run: async (client, stage) => {
      const { socket, inbox } = await connect(client, stage);
      socket.convert("Namaste");
      await inbox.has(2);
      socket.close();
    },
    closes: [1000],
    spans: [{
      ...{ ...first, ids: ["20261121_c1"], characters: 7, audio: 0.1, ttfb: true },
      ...{ outcome: "error", errorType: "429" },
    }],
  },
  {
    name: "a socket that the provider closes in the middle",
    serve: playing(NEXT, NEXT, audio, { closed: 4001 }),
    run: async (client, stage) => {
      const { socket, closed } = await connect(client, stage);
      socket.convert("Namaste");
      await closed;
      stage.log(socket.readyState);
    },
    closes: [4001],
    spans: [{
      ...{ ...first, ids: ["20261121_c1"], characters: 7, audio: 0.1, ttfb: true },
      ...{ outcome: "error", errorType: "close_4001", closeCode: 4001 },
    }],
  },
  {
    name: "a socket that the caller closes in the middle",
    serve: playing(NEXT, NEXT, audio),
    run: async (client, stage) => {
      const { socket, inbox } = await connect(client, stage);
      socket.convert("Namaste");
      await inbox.has(1);
      socket.close();
    },
    closes: [1000],
    spans: [{
      ...{ ...first, ids: ["20261121_c1"], characters: 7, audio: 0.1, ttfb: true },
      ...{ outcome: "cancelled", closeCode: 1000 },
    }],
  },
];

testSpeech("sarvamai", sarvamClient, [...overHttp, ...onSockets]);
