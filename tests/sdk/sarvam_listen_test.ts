import { SarvamAIClient } from "sarvamai";
import { fixture } from "../support/fixtures.ts";
import { answer } from "./compare.ts";
import { heard, hearingSpanOf, type HearingSummary, summarizeHearing } from "./hearing_summary.ts";
import { untilOpen } from "./listen.ts";
import { type SpeechScenario, type SpeechStage, testSockets, type Ways } from "./speech_compare.ts";
import { playingFixture, silence } from "./speech_server.ts";

type Scenario = SpeechScenario<SarvamAIClient, HearingSummary>;

/** Sockets are the global class; there is no option. */
function sarvamClient({ fetch }: Ways): SarvamAIClient {
  return new SarvamAIClient({ apiSubscriptionKey: "canary", fetch, maxRetries: 0 });
}

const transcript = fixture("sarvam", "transcript");
const translated = fixture("sarvam", "transcript_metadata_id");
const refused = fixture("sarvam", "transcript_error_429");

const speech = () => new File([new Uint8Array(64)], "speech.wav", { type: "audio/wav" });
const known = { provider: "sarvam" } as const;

const overHttp: Scenario[] = [
  {
    name: "speechToText.transcribe()",
    respond: answer(transcript),
    run: (client) =>
      client.speechToText.transcribe({ file: speech(), model: "saaras:v3", language_code: "unknown" }),
    answers: ["complete"],
    spans: [hearingSpanOf(transcript, known)],
  },
  {
    name: "speechToText.translate(), whose answer has JSON where its id stands",
    respond: answer(translated),
    run: (client) => client.speechToText.translate({ file: speech(), model: "saaras:v2.5" }),
    answers: ["complete"],
    spans: [hearingSpanOf(translated, known)],
  },
  {
    name: "speechToText.transcribe() is refused",
    respond: answer(refused),
    run: (client) => client.speechToText.transcribe({ file: speech(), model: "saaras:v3" }),
    throws: "TooManyRequestsError",
    answers: ["complete"],
    spans: [hearingSpanOf(refused, known)],
  },
];

const streaming = async (client: SarvamAIClient, stage: SpeechStage) =>
  await untilOpen(
    await client.speechToTextStreaming.connect({
      ...{
        "language-code": "hi-IN",
        model: "saaras:v3",
        sample_rate: "8000",
        vad_signals: "true",
      } as const,
      ...{ input_audio_codec: "pcm_s16le", "Api-Subscription-Key": "canary", reconnectAttempts: 0 } as const,
    }),
    stage,
  );

const realtime = async (client: SarvamAIClient, stage: SpeechStage) =>
  await untilOpen(
    await client.speechToTextRealtimeStreaming.connect({
      ...{
        language_code: "auto",
        model: "saaras:v3-realtime",
        encoding: "mulaw",
        sample_rate: "8000",
      } as const,
      ...{ return_timestamps: "true", "Api-Subscription-Key": "canary", reconnectAttempts: 0 } as const,
    }),
    stage,
  );

const audio = { audio: silence(1600) };
const ulaw = { event: "audio_input", audio: silence(800) } as const;
const attempt: HearingSummary = { provider: "sarvam", outcome: "success", first: true, closeCode: 1000 };
const turn: HearingSummary = {
  ...{ provider: "sarvam", turn: "committed", language: "hi-IN", clock: "provider" },
  delays: ["first", "transcription", "end"],
};
const legacy = { model: "saaras:v3" };
const newer = { model: "saaras:v3-realtime" };

const onSockets: Scenario[] = [
  {
    name: "utterances and noise with signals of speech",
    serve: playingFixture("sarvam", "ws_listen"),
    run: async (client, stage) => {
      const { socket, inbox, closed } = await streaming(client, stage);
      socket.transcribe(audio);
      await inbox.has(1);
      socket.transcribe(audio);
      await inbox.has(2);
      socket.flush();
      await inbox.has(3);
      socket.transcribe(audio);
      await inbox.has(6);
      socket.transcribe(audio);
      await inbox.has(9);
      socket.close();
      await closed;
    },
    closes: [1000],
    spans: [
      { ...turn, ...legacy, ids: ["20261121_u1"] },
      heard({
        ...{ ...turn, ...legacy, ids: ["20261121_u2"], turn: "cleared" },
        ...{ language: undefined, delays: [] },
      }),
      { ...turn, ...legacy, ids: ["20261121_u1"] },
      {
        ...{ ...attempt, ...legacy, ids: ["20261121_u1", "20261121_u2"], language: "hi-IN", sent: 0.3125 },
      },
    ],
  },
  {
    name: "numbered utterances, the second begun before the first is final",
    serve: playingFixture("sarvam", "ws_realtime_listen"),
    run: async (client, stage) => {
      const { socket, inbox, closed } = await realtime(client, stage);
      await inbox.has(1);
      socket.sendRealtimeAudioInput(ulaw);
      socket.sendRealtimeAudioInput(ulaw);
      await inbox.has(3);
      socket.sendRealtimeAudioInput(ulaw);
      await inbox.has(6);
      socket.sendRealtimeConfigUpdate({ event: "config.update", threshold: 0.4 });
      await inbox.has(10);
      socket.sendRealtimeAudioInput(ulaw);
      await inbox.has(13);
      socket.sendRealtimeEnd({ event: "end" });
      await closed;
    },
    closes: [1000],
    spans: [
      { ...turn, ...newer, ids: ["20261121_ab12cd34"] },
      { ...turn, ...newer, ids: ["20261121_ab12cd34"], delays: ["first", "transcription", "end"] },
      heard({
        ...{ ...turn, ...newer, ids: ["20261121_ab12cd34"], turn: "cleared" },
        ...{ language: undefined, delays: [] },
      }),
      heard({
        ...{ ...attempt, ...newer, ids: ["20261121_ab12cd34"], language: "auto", closeCode: undefined },
        ...{ sent: 0.4, billed: 0.35 },
      }),
    ],
  },
  {
    name: "an error frame, and the close after it",
    serve: playingFixture("sarvam", "ws_realtime_listen_error"),
    run: async (client, stage) => {
      const { socket, inbox, closed } = await realtime(client, stage);
      await inbox.has(1);
      socket.sendRealtimeAudioInput(ulaw);
      await closed;
    },
    closes: [1003],
    spans: [heard({
      ...{ ...attempt, ...newer, ids: ["20261121_ef56"], language: "hi-IN", closeCode: undefined },
      ...{ outcome: "error", errorType: "invalid_api_key", first: undefined, sent: 0.025 },
    })],
  },
];

testSockets("sarvamai", sarvamClient, summarizeHearing, [...overHttp, ...onSockets]);
