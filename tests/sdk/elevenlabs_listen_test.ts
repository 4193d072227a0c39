import { AudioFormat, RealtimeEvents, Scribe } from "@elevenlabs/client";
import { ElevenLabsClient, RealtimeEvents as NodeEvents } from "@elevenlabs/elevenlabs-js";
import type { Instruments } from "../../src/core.ts";
import { fixture, type FixtureFrame } from "../support/fixtures.ts";
import { answer } from "./compare.ts";
import { converse } from "./converse.ts";
import { hearingSpanOf, type HearingSummary, summarizeHearing } from "./hearing_summary.ts";
import { hushed, type Inbox, openInbox } from "./listen.ts";
import { type SpeechScenario, type SpeechStage, testSockets, type Ways } from "./speech_compare.ts";
import { fixtureFrames, playing } from "./speech_server.ts";

/** The SDK for servers, and what hands its sockets over. That for browsers takes the global class. */
interface Client {
  readonly elevenlabs: ElevenLabsClient;
  readonly observe: Instruments["observeSocket"];
}

type Scenario = SpeechScenario<Client, HearingSummary>;

function elevenlabsClient({ fetch, observeSocket: observe = (socket) => socket }: Ways): Client {
  return { elevenlabs: new ElevenLabsClient({ apiKey: "canary", fetch, maxRetries: 0 }), observe };
}

type Connection = ReturnType<typeof Scribe.connect>;

/** Logs what comes, each kind of it as its own event. */
function listenTo(connection: Connection, events: Record<string, string>, stage: SpeechStage): Inbox {
  const inbox = openInbox(stage);
  const names = Object.values(events) as RealtimeEvents[];
  // an error has two events, and those of the socket are none that came on it
  const apart = names.filter((name) => !["open", "close", "error"].includes(name));
  for (const name of apart) connection.on(name, (...seen: unknown[]) => inbox.put(name, ...seen));
  return inbox;
}

/** What the caller of a fixture sends, by the SDK. */
function talk(connection: Connection, frames: readonly FixtureFrame[], inbox: Inbox): Promise<void> {
  return converse(frames, inbox, {
    audio() {},
    message({ audio_base_64, commit, previous_text }) {
      if (audio_base_64 === "") return connection.commit();
      connection.send({
        audioBase64: audio_base_64 as string,
        ...commit === true && { commit },
        ...previous_text !== undefined && { previousText: previous_text as string },
      });
    },
  });
}

/** The frames of a fixture, but for the warning that the SDK does not know. */
function framesOf(name: string): FixtureFrame[] {
  return fixtureFrames("elevenlabs", name).filter((frame) => !JSON.stringify(frame).includes('"warning"'));
}

/** A Scribe that is talked over as a fixture has it, and closed by the caller or the provider. */
function byGlobal(name: string, more: object = {}): Pick<Scenario, "serve" | "run"> {
  const frames = framesOf(name);
  return {
    serve: playing(...frames),
    run: (_client, stage) =>
      hushed(stage, async () => {
        const connection = Scribe.connect({
          ...{ modelId: "scribe_v2_realtime", token: "canary" },
          ...{ audioFormat: AudioFormat.ULAW_8000, sampleRate: 8000 },
          ...more,
        });
        const inbox = listenTo(connection, RealtimeEvents, stage);
        const closed = new Promise<void>((resolve) => connection.on(RealtimeEvents.CLOSE, () => resolve()));
        await talk(connection, frames, inbox);
        if (!frames.some((frame) => "closed" in frame)) connection.close();
        await closed;
      }),
  };
}

const ID = "0b0a72b57fd743ebbed6555d44836cf2";
const heard = {
  ...{ provider: "elevenlabs", model: "scribe_v2_realtime", ids: [ID] },
  ...{ outcome: "success", first: true, closeCode: 1000 } as const,
};
/** Without the times of words nothing says when speech was. */
const turn: HearingSummary = {
  ...{ provider: "elevenlabs", model: "scribe_v2_realtime", ids: [ID] },
  ...{ turn: "committed", delays: [] },
};

const onSockets: Scenario[] = [
  {
    name: "Scribe of the client SDK, with segments that the provider commits",
    ...byGlobal("ws_scribe_vad", { commitStrategy: "vad", languageCode: "en" }),
    closes: [1000],
    spans: [turn, turn, { ...heard, language: "en", sent: 0.4 }],
  },
  {
    name: "Scribe of the client SDK, with the times of words",
    ...byGlobal("ws_scribe_timestamps", { commitStrategy: "vad", includeTimestamps: true }),
    closes: [1000],
    spans: [
      { ...turn, language: "en", clock: "words", delays: ["first", "transcription", "end"] },
      turn,
      { ...turn, language: "en", clock: "words", delays: ["first", "transcription", "end"] },
      { ...heard, sent: 0.5 },
    ],
  },
  {
    name: "Scribe of the client SDK, with segments that the caller commits",
    ...byGlobal("ws_scribe_manual", { audioFormat: AudioFormat.PCM_16000, sampleRate: 16_000 }),
    closes: [1000],
    spans: [turn, turn, { ...heard, sent: 0.15 }],
  },
  {
    name: "Scribe of the client SDK, whose quota ends",
    ...byGlobal("ws_scribe_error"),
    closes: [1008],
    spans: [
      {
        ...{ provider: "elevenlabs", model: "scribe_v2_realtime", ids: [ID], first: true, sent: 0.1 },
        ...{ outcome: "error", errorType: "quota_exceeded" },
      },
      { ...turn, turn: "abandoned" },
    ],
  },
  {
    name: "Scribe of the client SDK, which is refused",
    ...byGlobal("ws_scribe_refused"),
    closes: [1008],
    spans: [{
      ...{ provider: "elevenlabs", model: "scribe_v2_realtime" },
      ...{ outcome: "error", errorType: "auth_error" },
    }],
  },
  {
    name: "speechToText.realtime of the server SDK, whose socket is handed over",
    serve: playing(...framesOf("ws_scribe_timestamps")),
    run: async ({ observe }, stage) => {
      const { speechToText } = new ElevenLabsClient({
        apiKey: "canary",
        baseUrl: `http://127.0.0.1:${stage.sockets.port}`,
      });
      const connection = await speechToText.realtime.connect({
        ...{ modelId: "scribe_v2_realtime", audioFormat: AudioFormat.ULAW_8000, sampleRate: 8000 },
        ...{ commitStrategy: "vad", includeTimestamps: true },
      } as never);
      const { websocket } = connection as unknown as { readonly websocket: WebSocket };
      const { search } = new URL(websocket.url);
      observe(websocket, { url: `wss://api.elevenlabs.io/v1/speech-to-text/realtime${search}` });
      const shared = connection as unknown as Connection;
      const inbox = listenTo(shared, NodeEvents, stage);
      const closed = new Promise<void>((resolve) => connection.on(NodeEvents.CLOSE, () => resolve()));
      await talk(shared, framesOf("ws_scribe_timestamps"), inbox);
      connection.close();
      await closed;
    },
    closes: [1005],
    spans: [
      { ...turn, language: "en", clock: "words", delays: ["first", "transcription", "end"] },
      turn,
      { ...turn, language: "en", clock: "words", delays: ["first", "transcription", "end"] },
      { ...heard, sent: 0.5, closeCode: 1005 },
    ],
  },
];

const whole = fixture("elevenlabs", "transcript");
const channels = fixture("elevenlabs", "transcript_channels");
const webhook = fixture("elevenlabs", "transcript_webhook");
const refused = fixture("elevenlabs", "transcript_error");

const overHttp: Scenario[] = ([
  [whole, { modelId: "scribe_v2", languageCode: "en", diarize: true }],
  [channels, { modelId: "scribe_v1", useMultiChannel: true }],
  [webhook, { modelId: "scribe_v2", webhook: true, webhookId: "canary" }],
  [refused, { modelId: "scribe_v9" }],
] as const).map(([one, asked]): Scenario => ({
  name: `speechToText.convert() as in ${one.case}`,
  respond: answer(one),
  run: async ({ elevenlabs }) => {
    const file = new File([new Uint8Array(64)], "speech.wav");
    return await elevenlabs.speechToText.convert({ file, ...asked } as never);
  },
  ...one === refused && { throws: "ElevenLabsError" },
  answers: ["complete"],
  spans: [hearingSpanOf(one, { provider: "elevenlabs" })],
}));

testSockets("elevenlabs", elevenlabsClient, summarizeHearing, [...onSockets, ...overHttp]);
