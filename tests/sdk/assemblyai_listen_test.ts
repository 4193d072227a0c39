import { AssemblyAI, StreamingTranscriber } from "assemblyai";
import type { Instruments } from "../../src/core.ts";
import { fixture } from "../support/fixtures.ts";
import { answer } from "./compare.ts";
import { converse } from "./converse.ts";
import { hearingSpanOf, type HearingSummary, summarizeHearing } from "./hearing_summary.ts";
import { openInbox } from "./listen.ts";
import { type SpeechScenario, type SpeechStage, testSockets, type Ways } from "./speech_compare.ts";
import { fixtureFrames, playing, say } from "./speech_server.ts";

/** The SDK, what it has to go through, and what hands its sockets over. */
interface Client {
  readonly assemblyai: AssemblyAI;
  /** Does something while our `fetch` is the global one, which the SDK takes at each call. */
  during<T>(work: () => Promise<T>): Promise<T>;
  readonly observe: Instruments["observeSocket"];
}

type Scenario = SpeechScenario<Client, HearingSummary>;

function assemblyaiClient({ fetch, observeSocket: observe = (socket) => socket }: Ways): Client {
  return {
    assemblyai: new AssemblyAI({ apiKey: "canary" }),
    async during(work) {
      const native = globalThis.fetch;
      globalThis.fetch = fetch;
      try {
        return await work();
      } finally {
        globalThis.fetch = native;
      }
    },
    observe,
  };
}

type Settings = Omit<ConstructorParameters<typeof StreamingTranscriber>[0], "encoding">;

/**
 * Its sockets are those of `ws`, on Deno and Workers, too, and to `wss:` only: the emulator is put in place of the
 * address that was made, and the socket is handed over as soon as there is one.
 */
async function connect({ observe }: Client, stage: SpeechStage, settings: Settings = {}) {
  const transcriber = new StreamingTranscriber({
    ...{ apiKey: "canary", sampleRate: 8000, encoding: "pcm_mulaw", maxConnectionRetries: 0 },
    ...settings,
  });
  const inside = transcriber as unknown as { connectionUrl(): URL; socket: WebSocket };
  const url = inside.connectionUrl();
  inside.connectionUrl = () => new URL(`${stage.sockets.url}${url.pathname}${url.search}`);
  const inbox = openInbox(stage);
  for (const name of ["open", "turn", "speechStarted", "heartbeat"] as const) {
    transcriber.on(name as "turn", (event) => inbox.put(name, event));
  }
  transcriber.on("error", (error) => stage.log("error", error));
  const closed = new Promise<void>((resolve) => {
    transcriber.on("close", (code, reason) => {
      stage.log("close", code, reason);
      resolve();
    });
  });
  const connected = transcriber.connect();
  observe(inside.socket, { url });
  await connected;
  return { transcriber, inbox, closed };
}

/** A socket that is talked over as a fixture has it; the SDK closes it when the last word came. */
function over(name: string, settings: Settings): Pick<Scenario, "serve" | "run" | "closes"> {
  const frames = fixtureFrames("assemblyai", name).filter((frame) => !("closed" in frame));
  return {
    serve: playing(...frames),
    run: async (client, stage) => {
      const { transcriber, inbox } = await connect(client, stage, settings);
      await converse(frames, inbox, {
        audio: (bytes) => transcriber.sendAudio(bytes.buffer),
        message: ({ type, ...json }) =>
          type === "Terminate" ? transcriber.close() : transcriber.updateConfiguration(json as never),
      }, { keepsToItself: (content) => JSON.stringify(content).includes('"Termination"') });
    },
    closes: [1005],
  };
}

const BEGIN = "de5d9927-73a6-4be8-b52d-b4c07be37e6b";
const heard = { provider: "assemblyai", ids: [BEGIN], outcome: "success", first: true } as const;
const turn = {
  ...{ provider: "assemblyai", ids: [BEGIN], turn: "committed", clock: "words" } as const,
  delays: ["first", "transcription", "end"],
};
const english = "universal-streaming-english";

const onSockets: Scenario[] = [
  {
    name: "a StreamingTranscriber that is handed over, with two turns",
    ...over("ws_turns", { speechModel: "u3-rt-pro", languageDetection: true }),
    spans: [
      { ...turn, model: "u3-rt-pro", language: "en", confidence: 0.75 },
      { ...turn, model: "u3-rt-pro", language: "en", confidence: (0.9 + 0.7) / 2 },
      // nothing ended it but the end of all
      { ...turn, model: "u3-rt-pro", delays: ["first", "end"] },
      { ...heard, model: "u3-rt-pro", sent: 0.5, billed: 1.5 },
    ],
  },
  {
    name: "a StreamingTranscriber whose turns are formatted afterwards, or not",
    ...over("ws_formatted", { speechModel: english, formatTurns: true }),
    spans: [
      { ...turn, model: english, confidence: 0.75 },
      { ...turn, model: english, delays: ["first", "end"] },
      { ...turn, model: english, confidence: 0.75 },
      { ...turn, model: english, delays: ["first", "end"] },
      { ...turn, model: english, confidence: 1 },
      { ...heard, model: english, sent: 0.8, billed: 2 },
    ],
  },
  {
    name: "an error on a StreamingTranscriber",
    serve: playing(...fixtureFrames("assemblyai", "ws_error")),
    run: async (client, stage) => {
      const { transcriber, closed } = await connect(client, stage, { speechModel: english });
      transcriber.sendAudio(new Uint8Array(800).buffer);
      await closed;
    },
    closes: [3007],
    spans: [
      { ...heard, model: english, outcome: "error", errorType: "3007", sent: 0.1 },
      { ...turn, model: english, turn: "abandoned", delays: ["first"] },
    ],
  },
  {
    name: "a StreamingTranscriber that is refused",
    serve: playing(say({ type: "Error", error_code: 1008, error: "Not authorized: canary" })),
    run: async (client, stage) => await connect(client, stage),
    throws: "StreamingError",
    closes: [1005],
    spans: [{ provider: "assemblyai", outcome: "error", errorType: "1008" }],
  },
  {
    name: "a StreamingTranscriber that the caller closes in the middle of a turn",
    serve: playing(...fixtureFrames("assemblyai", "ws_error").slice(0, 3)),
    run: async (client, stage) => {
      const { transcriber, inbox } = await connect(client, stage, { speechModel: english });
      transcriber.sendAudio(new Uint8Array(800).buffer);
      await inbox.has(2);
      await transcriber.close(false);
    },
    closes: [1005],
    spans: [
      { ...turn, model: english, turn: "abandoned", delays: ["first"] },
      { ...heard, model: english, outcome: "cancelled", closeCode: 1005, sent: 0.1 },
    ],
  },
];

const job = fixture("assemblyai", "transcript");
const refusedJob = fixture("assemblyai", "transcript_error");
const sync = fixture("assemblyai", "sync");
const refusedSync = fixture("assemblyai", "sync_error");
const known = { provider: "assemblyai" };
const asked = {
  audio_url: "https://example.com/canary.mp3",
  speech_models: ["universal"],
  language_code: "en_us",
};

const overHttp: Scenario[] = [
  {
    name: "transcripts.transcribe(), which asks until the job is done",
    respond: [
      answer(job),
      { body: `{"id":"9ea68fd3-f953-42c1-9742-976c447fb463","status":"processing"}` },
      { body: `{"id":"9ea68fd3-f953-42c1-9742-976c447fb463","status":"completed","text":"See you soon."}` },
    ],
    run: ({ assemblyai, during }) =>
      during(() => assemblyai.transcripts.transcribe(asked, { pollingInterval: 1 })),
    answers: ["complete", "complete", "complete"],
    // whoever asks whether it is done asks no model
    spans: [hearingSpanOf(job, known)],
  },
  {
    name: "transcripts.submit() is refused",
    respond: answer(refusedJob),
    run: ({ assemblyai, during }) =>
      during(() => assemblyai.transcripts.submit({ audio_url: "canary", speech_model: "best" })),
    throws: "Error",
    answers: ["complete"],
    spans: [hearingSpanOf(refusedJob, known)],
  },
  {
    name: "sync.transcribe(), whose body is a stream",
    respond: answer(sync),
    run: ({ assemblyai, during }) =>
      during(() => assemblyai.sync.transcribe(new Uint8Array(64), { sample_rate: 8000, channels: 1 })),
    answers: ["complete"],
    spans: [hearingSpanOf(sync, known)],
  },
  {
    name: "sync.transcribe() is refused",
    respond: answer(refusedSync),
    run: ({ assemblyai, during }) =>
      during(() => assemblyai.sync.transcribe(new Uint8Array(64), { sample_rate: 8000, channels: 1 })),
    throws: "SyncTranscriptError",
    answers: ["complete"],
    spans: [hearingSpanOf(refusedSync, known)],
  },
];

testSockets("assemblyai", assemblyaiClient, summarizeHearing, [...onSockets, ...overHttp]);
