import { Cartesia } from "@cartesia/cartesia-js";
import { fixture } from "../support/fixtures.ts";
import { answer } from "./compare.ts";
import { heard, hearingSpanOf, type HearingSummary, summarizeHearing } from "./hearing_summary.ts";
import { openInbox } from "./listen.ts";
import { type SpeechScenario, type SpeechStage, testSockets, type Ways } from "./speech_compare.ts";
import { fixtureFrames, playing, playingFixture } from "./speech_server.ts";

type Scenario = SpeechScenario<Cartesia, HearingSummary>;

/** Sockets are the global class, as `require` is not there to find `ws`; the key is then in the query. */
function cartesiaClient({ fetch }: Ways): Cartesia {
  return new Cartesia({ apiKey: "canary", fetch, maxRetries: 0, logLevel: "off" });
}

const transcript = fixture("cartesia", "transcript");
const refused = fixture("cartesia", "transcript_error_400");

const speech = () => new File([new Uint8Array(64)], "speech.raw");

const overHttp: Scenario[] = [
  {
    name: "stt.transcribe()",
    respond: answer(transcript),
    run: (client) =>
      client.stt.transcribe({
        ...{ file: speech(), model: "ink-whisper", language: "en" },
        ...{ encoding: "pcm_s16le", sample_rate: 16_000 },
      }),
    answers: ["complete"],
    spans: [hearingSpanOf(transcript, { provider: "cartesia", retryCount: 0 })],
  },
  {
    name: "stt.transcribe() is refused",
    respond: answer(refused),
    run: (client) => client.stt.transcribe({ file: speech(), model: "ink-2" }),
    throws: "BadRequestError",
    answers: ["complete"],
    spans: [hearingSpanOf(refused, { provider: "cartesia", retryCount: 0 })],
  },
];

const settings = { encoding: "pcm_mulaw", sample_rate: 8000, model: "ink-2" } as const;
const audio = new Uint8Array(800);
const id = "5a6b7c8d-0000-4000-9000-cccccccccccc";

type Socket = ReturnType<
  Cartesia["stt"]["manualFinalize"]["websocket"] | Cartesia["stt"]["autoFinalize"]["websocket"]
>;

async function open<S extends Socket>(socket: S, stage: SpeechStage) {
  const inbox = openInbox(stage);
  const plain = socket as unknown as {
    on(event: "event", listener: (event: unknown) => void): void;
    on(event: "error", listener: (error: Error) => void): void;
    readonly socket: { on(event: "close", listener: (code: number, reason: unknown) => void): void };
  };
  plain.on("event", (event) => inbox.put(event));
  plain.on("error", ({ message }) => stage.log("error", message));
  const closed = new Promise<void>((resolve) => {
    plain.socket.on("close", (code) => {
      stage.log("close", code);
      resolve();
    });
  });
  await new Promise<void>((resolve) => socket.socket.once("open", () => resolve()));
  return { socket, inbox, closed };
}

const attempt: HearingSummary = {
  ...{ provider: "cartesia", model: "ink-2", ids: [id], outcome: "success", first: true, sent: 0.3 },
};
const turn: HearingSummary = { provider: "cartesia", model: "ink-2", turn: "committed", ids: [id] };

const onSockets: Scenario[] = [
  {
    name: "manualFinalize.websocket() with two utterances",
    serve: playingFixture("cartesia", "ws_listen"),
    run: async (client, stage) => {
      const { socket, inbox, closed } = await open(
        client.stt.manualFinalize.websocket({ ...settings, language: "en" }),
        stage,
      );
      socket.sendRaw(audio);
      socket.sendRaw(audio);
      await inbox.has(1);
      socket.send("finalize");
      await inbox.has(3);
      socket.sendRaw(audio);
      await inbox.has(6);
      socket.send("finalize");
      await inbox.has(7);
      socket.send("close");
      await closed;
    },
    closes: [1000],
    spans: [
      // the words' times tell when speech was, as nothing else does
      { ...turn, language: "en", clock: "words", delays: ["first", "transcription", "end"] },
      { ...turn, language: "en", delays: [] },
      { ...attempt, language: "en" },
    ],
  },
  {
    name: "autoFinalize.websocket() with two turns and noise",
    serve: playingFixture("cartesia", "ws_turns"),
    run: async (client, stage) => {
      const { socket, inbox, closed } = await open(client.stt.autoFinalize.websocket(settings), stage);
      await inbox.has(1);
      socket.sendRaw(audio);
      await inbox.has(5);
      socket.sendRaw(audio);
      await inbox.has(7);
      socket.send({ type: "config", turn: { end_threshold: 0.3 } });
      socket.sendRaw(audio);
      await inbox.has(11);
      socket.send({ type: "close" });
      await closed;
    },
    closes: [1000],
    spans: [
      { ...turn, delays: ["first"] },
      { ...turn, turn: "cleared", delays: [] },
      { ...turn, delays: ["first"] },
      { ...attempt, closeCode: 1000 },
    ],
  },
  {
    name: "a refused setting, and a connection that breaks",
    serve: async (connection) => {
      const frames = fixtureFrames("cartesia", "ws_turns_error").filter((frame) => !("closed" in frame));
      await playing(...frames)(connection);
      connection.reset();
    },
    run: async (client, stage) => {
      const { socket, inbox, closed } = await open(client.stt.autoFinalize.websocket(settings), stage);
      await inbox.has(1);
      socket.send({ type: "config", turn: { end_threshold: 3 } });
      await inbox.has(2);
      socket.sendRaw(audio);
      await closed;
    },
    closes: [1006],
    spans: [
      { ...turn, turn: "abandoned", delays: ["first"] },
      heard({ ...attempt, sent: 0.1, outcome: "error", errorType: "400", closeCode: 1006 }),
    ],
  },
];

testSockets("@cartesia/cartesia-js", cartesiaClient, summarizeHearing, [...overHttp, ...onSockets]);
