import OpenAI, { toFile } from "openai";
import { OpenAIRealtimeWebSocket } from "openai/realtime/websocket";
import { fixture } from "../support/fixtures.ts";
import { answer, stalledAnswer } from "./compare.ts";
import { heard, hearingSpanOf, type HearingSummary, summarizeHearing } from "./hearing_summary.ts";
import { listen, openInbox } from "./listen.ts";
import { type SpeechScenario, type SpeechStage, testSockets, type Ways } from "./speech_compare.ts";
import { NEXT, playing, playingFixture, say, silence } from "./speech_server.ts";

type Scenario = SpeechScenario<OpenAI, HearingSummary>;

/** Sockets are the global class; there is no option. */
function openaiClient({ fetch }: Ways): OpenAI {
  return new OpenAI({ apiKey: "canary", fetch, maxRetries: 0 });
}

const tokens = fixture("openai", "transcription_json");
const verbose = fixture("openai", "transcription_verbose");
const text = fixture("openai", "transcription_text");
const stream = fixture("openai", "transcription_stream");
const cut = fixture("openai", "transcription_stream_cut");
const refused = fixture("openai", "transcription_error_400");
const translation = fixture("openai", "translation_json");

const speech = () => toFile(new Uint8Array(64), "speech.wav", { type: "audio/wav" });
const known = { provider: "openai", retryCount: 0 } as const;

/** Asks for a transcript as a stream of events. */
const streamTranscript = async (client: OpenAI) =>
  await client.audio.transcriptions.create({
    ...{ file: await speech(), model: "gpt-4o-mini-transcribe", stream: true } as const,
  });

const overHttp: Scenario[] = [
  {
    name: "transcriptions.create() of a model that counts tokens",
    respond: answer(tokens),
    run: async (client) =>
      await client.audio.transcriptions.create({
        ...{ file: await speech(), model: "gpt-4o-transcribe", prompt: "canary" },
      }),
    answers: ["complete"],
    spans: [hearingSpanOf(tokens, known)],
  },
  {
    name: "transcriptions.create() with times, of a model that is billed by time",
    respond: answer(verbose),
    run: async (client) => {
      const { data, request_id } = await client.audio.transcriptions.create({
        ...{ file: await speech(), model: "whisper-1", response_format: "verbose_json" } as const,
      }).withResponse();
      return [data, request_id];
    },
    answers: ["complete"],
    spans: [hearingSpanOf(verbose, known)],
  },
  {
    name: "transcriptions.create() as mere text",
    respond: answer(text),
    run: async (client) =>
      await client.audio.transcriptions.create({
        ...{ file: await speech(), model: "whisper-1", response_format: "text" } as const,
      }),
    answers: ["complete"],
    spans: [hearingSpanOf(text, known)],
  },
  {
    name: "transcriptions.create() as a stream",
    respond: answer(stream, { chunkBytes: 40 }),
    run: async (client, stage) => await listen(await streamTranscript(client), stage),
    answers: ["complete"],
    spans: [hearingSpanOf(stream, known)],
  },
  {
    name: "transcriptions.create() as a stream that is cut",
    respond: answer(cut),
    run: async (client, stage) => await listen(await streamTranscript(client), stage),
    answers: ["complete"],
    spans: [hearingSpanOf(cut, known)],
  },
  {
    name: "break out of a stream of transcriptions.create()",
    respond: stalledAnswer(stream, 1),
    run: async (client, stage) => await listen(await streamTranscript(client), stage, 1),
    answers: ["cancelled"],
    spans: [hearingSpanOf(stream, { ...known, outcome: "cancelled", usage: undefined })],
  },
  {
    name: "transcriptions.create() is refused",
    respond: answer(refused),
    run: async (client) =>
      await client.audio.transcriptions.create({ file: await speech(), model: "gpt-4o-transcribe" }),
    throws: "BadRequestError",
    answers: ["complete"],
    spans: [hearingSpanOf(refused, known)],
  },
  {
    name: "translations.create()",
    respond: answer(translation),
    run: async (client) =>
      await client.audio.translations.create({ file: await speech(), model: "whisper-1" }),
    answers: ["complete"],
    spans: [hearingSpanOf(translation, known)],
  },
];

/** A socket that is open, and what comes on it. */
async function connect(client: OpenAI, stage: SpeechStage) {
  const connection = new OpenAIRealtimeWebSocket(
    { intent: "transcription", dangerouslyAllowBrowser: true },
    client,
  );
  const { socket } = connection;
  const inbox = openInbox(stage);
  connection.on("event", (event) => inbox.put(event));
  connection.on("error", ({ message }) => stage.log("error", message));
  const closed = new Promise<void>((resolve) => {
    socket.addEventListener("close", ({ code, reason }) => {
      stage.log("close", code, reason);
      resolve();
    });
  });
  await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
  return { connection, inbox, closed };
}

const append = { type: "input_audio_buffer.append", audio: silence(800) } as const;
const update = {
  type: "session.update",
  session: {
    type: "transcription",
    audio: {
      input: {
        format: { type: "audio/pcmu" },
        transcription: { model: "gpt-4o-transcribe", language: "en", prompt: "canary" },
        turn_detection: { type: "server_vad" },
      },
    },
  },
} as const;
const created = say({
  type: "session.created",
  event_id: "event_1",
  session: { id: "sess_C1", object: "realtime.transcription_session", type: "transcription" },
});

const attempt: HearingSummary = {
  ...{ provider: "openai", model: "gpt-4o-transcribe", language: "en" },
  ...{ outcome: "success", sent: 0.3, first: true, closeCode: 1000 },
};
const turn: HearingSummary = {
  ...{ provider: "openai", model: "gpt-4o-transcribe", turn: "committed" },
  ...{ clock: "provider", delays: ["first", "transcription", "end"] },
};

const onSockets: Scenario[] = [
  {
    name: "two turns on a socket, the second transcribed first",
    serve: playingFixture("openai", "ws_transcription"),
    run: async (client, stage) => {
      const { connection, inbox, closed } = await connect(client, stage);
      await inbox.has(1);
      connection.send(update);
      await inbox.has(2);
      connection.send(append);
      connection.send(append);
      await inbox.has(3);
      connection.send(append);
      await inbox.has(13);
      connection.close();
      await closed;
    },
    closes: [1000],
    spans: [
      { ...turn, ids: ["item_2"] },
      { ...turn, ids: ["item_1"] },
      heard({ ...attempt, ids: ["sess_C1", "item_1", "item_2"], usage: [32, 10] }),
    ],
  },
  {
    name: "a socket that the caller closes before the transcript came",
    serve: playing(
      created,
      NEXT,
      NEXT,
      say({ type: "input_audio_buffer.speech_started", audio_start_ms: 20, item_id: "item_1" }),
      say({
        ...{ type: "conversation.item.input_audio_transcription.delta", item_id: "item_1" },
        ...{ content_index: 0, delta: "see you" },
      }),
    ),
    run: async (client, stage) => {
      const { connection, inbox, closed } = await connect(client, stage);
      await inbox.has(1);
      connection.send(update);
      connection.send(append);
      await inbox.has(3);
      connection.close();
      await closed;
    },
    closes: [1000],
    spans: [
      heard({ ...turn, turn: "abandoned", ids: ["item_1"], clock: undefined, delays: ["first"] }),
      heard({ ...attempt, ids: ["sess_C1", "item_1"], outcome: "cancelled", sent: 0.1 }),
    ],
  },
  {
    name: "an error that ends a socket",
    serve: playing(
      created,
      NEXT,
      say({
        type: "error",
        event_id: "event_2",
        error: { type: "invalid_request_error", code: "invalid_model", message: "no canary", param: null },
      }),
      { closed: 4000 },
    ),
    run: async (client, stage) => {
      const { connection, inbox, closed } = await connect(client, stage);
      await inbox.has(1);
      connection.send(update);
      await closed;
    },
    closes: [4000],
    spans: [heard({
      ...{ ...attempt, ids: ["sess_C1"], outcome: "error", sent: undefined, first: undefined },
      ...{ errorType: "invalid_request_error", errorCode: "invalid_model", closeCode: 4000 },
    })],
  },
];

testSockets("openai", openaiClient, summarizeHearing, [...overHttp, ...onSockets]);
