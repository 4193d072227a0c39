import { GladiaClient } from "@gladiaio/sdk";
import type { EmulatedConnection } from "../../src/testing/mod.ts";
import { fixture } from "../support/fixtures.ts";
import { answer } from "./compare.ts";
import { heard, hearingSpanOf, type HearingSummary, summarizeHearing } from "./hearing_summary.ts";
import { openInbox } from "./listen.ts";
import { type SpeechScenario, type SpeechStage, testSockets, type Ways } from "./speech_compare.ts";
import { NEXT, playing, say } from "./speech_server.ts";

/** Makes a client, while `fetch` is the global one: there is no option. */
type MakeClient = () => GladiaClient;

type Scenario = SpeechScenario<Ways & { readonly make: MakeClient }, HearingSummary>;

function gladiaWays(ways: Ways) {
  const make = () =>
    new GladiaClient({
      apiKey: "canary",
      httpRetry: { maxAttempts: 1 },
      wsRetry: { delay: () => 1, maxAttemptsPerConnection: 1 },
    });
  return { ...ways, make };
}

/** Does something while the global `fetch` is that of the scenario. */
async function withFetch({ fetch }: Ways, work: () => Promise<void>): Promise<void> {
  const native = globalThis.fetch;
  globalThis.fetch = fetch;
  try {
    await work();
  } finally {
    globalThis.fetch = native;
  }
}

const call = fixture("gladia", "live_call");
const refused = fixture("gladia", "live_call_error_429");
const ID = "45463597-20b7-4af7-b3b3-f5fb778203ab";

const frame = (type: string, data?: unknown, more: object = {}) =>
  say({ type, session_id: ID, created_at: "2026-11-21T10:00:00.000Z", ...data ? { data } : {}, ...more });
const ack = (begin: number, end: number) =>
  frame("audio_chunk", { byte_range: [begin * 8000, end * 8000], time_range: [begin, end] }, {
    acknowledged: true,
    error: null,
  });
const transcript = (is_final: boolean, text: string, start: number, end: number) =>
  frame("transcript", {
    id: "00_00000001",
    is_final,
    utterance: { text, start, end, confidence: 0.75, channel: 0, language: "en", words: [] },
  });
const ending = [
  frame("stop_recording", { recording_duration: 0.2, recording_left_to_process: 0 }, { acknowledged: true }),
  frame("end_recording", { recording_duration: 0.2 }),
  frame("post_final_transcript", {
    metadata: {
      audio_duration: 0.2,
      number_of_distinct_channels: 1,
      billing_time: 0.2,
      transcription_time: 1,
    },
    transcription: { full_transcript: "two tickets to Basel" },
  }),
  frame("end_session"),
];

/** A session that is connected, and what comes of it. */
function start({ make }: { readonly make: MakeClient }, stage: SpeechStage) {
  const session = make().liveV2().startSession({
    ...{ encoding: "wav/ulaw", bit_depth: 8, sample_rate: 8000, channels: 1, model: "solaria-1" },
    messages_config: { receive_speech_events: true },
  });
  const inbox = openInbox(stage);
  const connections = openInbox(stage);
  session.on("message", (message) => inbox.put(message));
  session.on("connected", () => connections.put("connected"));
  session.on("error", (error) => stage.log("error", error.message));
  const ended = new Promise<void>((resolve) => {
    session.on("ended", ({ code }) => {
      stage.log("ended", code);
      resolve();
    });
  });
  return { session, inbox, connections, ended };
}

/** Does something in a session. */
function inSession(work: (session: ReturnType<typeof start>) => Promise<void>): Scenario["run"] {
  return (ways, stage) => withFetch(ways, () => work(start(ways, stage)));
}

const post = hearingSpanOf(call, { provider: "gladia" });
const attempt: HearingSummary = {
  ...{ provider: "gladia", model: "solaria-1", ids: [ID], outcome: "success", first: true },
};
const turn: HearingSummary = {
  ...{ provider: "gladia", model: "solaria-1", ids: [ID], turn: "committed", language: "en" },
  ...{ clock: "provider", confidence: 0.75, delays: ["first", "transcription", "end"] },
};

const scenarios: Scenario[] = [
  {
    name: "startSession(): the call and its socket have the same id, and the socket the audio of the call",
    respond: answer(call),
    serve: playing(
      ...[frame("start_recording"), NEXT, ack(0, 0.1), NEXT, ack(0.1, 0.2)],
      ...[frame("speech_start", { time: 0.02, channel: 0 }), transcript(false, "two tickets", 0.02, 0.1)],
      ...[
        frame("speech_end", { time: 0.18, channel: 0 }),
        transcript(true, "two tickets to Basel", 0.02, 0.18),
      ],
      ...[NEXT, ...ending, { closed: 1000 }],
    ),
    run: inSession(async ({ session, inbox, connections, ended }) => {
      await connections.has(1);
      await inbox.has(1);
      session.sendAudio(new Uint8Array(800));
      session.sendAudio(new Uint8Array(800));
      await inbox.has(5);
      session.stopRecording();
      await ended;
    }),
    answers: ["complete"],
    closes: [1000],
    spans: [post, turn, { ...attempt, sent: 0.2, billed: 0.2 }],
  },
  {
    name: "a socket that breaks and comes back: times of the session are those of its audio",
    respond: answer(call),
    serve: async (connection: EmulatedConnection) => {
      if (connection.index === 0) {
        await playing(frame("start_recording"), NEXT, ack(0, 0.1))(connection);
        connection.close(1011, "worn out");
      } else {
        await playing(
          ...[NEXT, ack(0.1, 0.2), frame("speech_start", { time: 0.12, channel: 0 })],
          ...[frame("speech_end", { time: 0.18, channel: 0 }), transcript(true, "to Basel", 0.12, 0.18)],
          ...[NEXT, ...ending, { closed: 1000 }] as const,
        )(connection);
      }
    },
    run: inSession(async ({ session, inbox, connections, ended }) => {
      await connections.has(1);
      await inbox.has(1);
      session.sendAudio(new Uint8Array(800));
      await connections.has(2);
      session.sendAudio(new Uint8Array(800));
      await inbox.has(4);
      session.stopRecording();
      await ended;
    }),
    answers: ["complete"],
    closes: [1011, 1000],
    spans: [
      post,
      heard({
        ...{ ...attempt, sent: 0.1, outcome: "error", errorType: "close_1011", closeCode: 1011 },
        first: undefined,
      }),
      turn,
      { ...attempt, sent: 0.1, billed: 0.2 },
    ],
  },
  {
    name: "startSession() is refused",
    respond: answer(refused),
    run: inSession(({ ended }) => ended),
    answers: ["complete"],
    spans: [hearingSpanOf(refused, { provider: "gladia", model: "solaria-1" })],
  },
];

testSockets("@gladiaio/sdk", gladiaWays, summarizeHearing, scenarios);
