import { RealtimeClient } from "@speechmatics/real-time-client";
// what bundlers for browsers and Workers take; elsewhere its sockets are those of `ws`
import * as bundled from "@speechmatics/real-time-client/dist/index.browser.js";
import type { Instruments } from "../../src/core.ts";
import { converse } from "./converse.ts";
import { type HearingSummary, summarizeHearing } from "./hearing_summary.ts";
import { openInbox } from "./listen.ts";
import { type SpeechScenario, type SpeechStage, testSockets, type Ways } from "./speech_compare.ts";
import { fixtureFrames, playing, playingFixture } from "./speech_server.ts";
import { PATIENCE, tidied } from "./tidied.ts";

/** What hands over the sockets that the SDK shows. */
interface Client {
  readonly observe: Instruments["observeSocket"];
}

type Scenario = SpeechScenario<Client, HearingSummary>;

function speechmaticsClient({ observeSocket: observe = (socket) => socket }: Ways): Client {
  return { observe };
}

const BrowserClient = (bundled as { readonly RealtimeClient: typeof RealtimeClient }).RealtimeClient;

/** Opens a client; what comes is in the inbox, but for the acknowledgement that ends it. */
function prepare(client: RealtimeClient, stage: SpeechStage) {
  const inbox = openInbox(stage);
  client.addEventListener("receiveMessage", ({ data }) => inbox.put(data));
  const closed = new Promise<void>((resolve) => {
    client.addEventListener("socketStateChange", ({ socketState }) => {
      stage.log(socketState);
      if (socketState === "closed") resolve();
    });
  });
  return { client, inbox, closed };
}

type Prepared = ReturnType<typeof prepare>;

/** Talks over the client as a fixture has it. */
async function talk({ client, inbox, closed }: Prepared, name: string, started: Promise<unknown>) {
  await started;
  await converse(fixtureFrames("speechmatics", name), inbox, {
    audio: (bytes) => client.sendAudio(bytes),
    // the SDK closes when the last word came
    message: () => client.stopRecognition(),
  }, {
    sendsItself: (content) => JSON.stringify(content).includes('"StartRecognition"'),
  });
  await closed;
}

const config = {
  audio_format: { type: "raw", encoding: "mulaw", sample_rate: 8000 },
  transcription_config: {
    ...{ language: "en", model: "enhanced", enable_partials: true },
    additional_vocab: [{ content: "canary" }],
  },
} as const;

/** The provider's side of two utterances; the SDK closes first. */
const serveUtterances = playing(
  ...fixtureFrames("speechmatics", "ws_utterances").filter((frame) => !("closed" in frame)),
);

/** With the class that is the global one. */
function overGlobal(name: string): Pick<Scenario, "run"> {
  return {
    run: (_client, stage) =>
      tidied(async () => {
        const prepared = prepare(new BrowserClient({ connectionTimeout: PATIENCE }), stage);
        await talk(prepared, name, prepared.client.start("canary", config as never));
      }),
  };
}

const ID = "807670e9-14af-4fa2-9e8f-5d525c22156e";
const heard = {
  ...{ provider: "speechmatics", model: "enhanced", language: "en", ids: [ID] },
  ...{ outcome: "success", first: true, sent: 0.4 } as const,
};
const turn = {
  ...{ provider: "speechmatics", model: "enhanced", language: "en", ids: [ID], turn: "committed" },
  ...{ clock: "words", delays: ["first", "transcription", "end"] },
};

const scenarios: Scenario[] = [
  {
    name: "a RealtimeClient of the bundle for browsers and Workers",
    ...overGlobal("ws_utterances"),
    serve: serveUtterances,
    closes: [1005],
    spans: [{ ...turn, confidence: 0.75 }, { ...turn, confidence: 0.5 }, heard],
  },
  {
    name: "a RealtimeClient whose quota ends",
    ...overGlobal("ws_error"),
    serve: playingFixture("speechmatics", "ws_error"),
    closes: [4005],
    spans: [
      { ...heard, sent: 0.1, outcome: "error", errorType: "quota_exceeded", errorCode: "4005" },
      { ...turn, turn: "abandoned", delays: ["first"] },
    ],
  },
  {
    name: "a RealtimeClient that is refused",
    serve: playingFixture("speechmatics", "ws_refused"),
    run: (_client, stage) =>
      tidied(async () => {
        const { client, closed } = prepare(new BrowserClient({ connectionTimeout: PATIENCE }), stage);
        const started = client.start("canary", config as never);
        stage.log(await started.catch((error: unknown) => error));
        await closed;
      }),
    closes: [4001],
    spans: [{
      ...{ provider: "speechmatics", model: "enhanced", language: "en" },
      ...{ outcome: "error", errorType: "not_authorised" },
    }],
  },
  {
    name: "a RealtimeClient whose connection breaks",
    serve: async (connection) => {
      await playing(...fixtureFrames("speechmatics", "ws_error").slice(0, 4))(connection);
      connection.reset();
    },
    run: (_client, stage) =>
      tidied(async () => {
        const { client, closed } = prepare(new BrowserClient({ connectionTimeout: PATIENCE }), stage);
        await client.start("canary", config as never);
        client.sendAudio(new Uint8Array(800));
        await closed;
      }),
    closes: [1006],
    spans: [
      { ...turn, turn: "abandoned", delays: ["first"] },
      { ...heard, sent: 0.1, outcome: "error", errorType: "close_1006", closeCode: 1006 },
    ],
  },
  {
    name: "a RealtimeClient on a socket of ws that is handed over",
    serve: serveUtterances,
    run: ({ observe }, stage) =>
      tidied(async () => {
        const url = `${stage.sockets.url}/v2`;
        const prepared = prepare(new RealtimeClient({ url, connectionTimeout: PATIENCE }), stage);
        const started = prepared.client.start("canary", config as never);
        const { socket } = prepared.client as unknown as { readonly socket: WebSocket };
        observe(socket, { url: "wss://eu2.rt.speechmatics.com/v2" });
        await talk(prepared, "ws_utterances", started);
      }),
    closes: [1005],
    spans: [{ ...turn, confidence: 0.75 }, { ...turn, confidence: 0.5 }, heard],
  },
];

testSockets("speechmatics", speechmaticsClient, summarizeHearing, scenarios);
