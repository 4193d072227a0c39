import { SonioxClient } from "@soniox/client";
import { FetchHttpClient, SonioxNodeClient } from "@soniox/node";
import { fixture } from "../support/fixtures.ts";
import { answer } from "./compare.ts";
import { converse } from "./converse.ts";
import { hearingSpanOf, type HearingSummary, summarizeHearing } from "./hearing_summary.ts";
import { openInbox } from "./listen.ts";
import { type SpeechScenario, type SpeechStage, testSockets, type Ways } from "./speech_compare.ts";
import { fixtureFrames, playing } from "./speech_server.ts";

/** Both SDKs: their sockets are of the global class, and `fetch` can be given to one. */
interface Client {
  readonly browser: SonioxClient;
  readonly node: SonioxNodeClient;
  readonly european: SonioxNodeClient;
}

type Scenario = SpeechScenario<Client, HearingSummary>;

function sonioxClient({ fetch }: Ways): Client {
  const http_client = new FetchHttpClient({
    base_url: "https://api.soniox.com",
    default_headers: { Authorization: "Bearer canary" },
    fetch,
  });
  return {
    browser: new SonioxClient({ api_key: "canary" }),
    node: new SonioxNodeClient({ api_key: "canary", http_client }),
    european: new SonioxNodeClient({ api_key: "canary", region: "eu" }),
  };
}

const settings = {
  ...{ model: "stt-rt-v5", audio_format: "mulaw", sample_rate: 8000, num_channels: 1 } as const,
  ...{ client_reference_id: "canary", context: { text: "about canary birds" } },
};

const sessions = {
  browser: ({ browser }: Client, more: object) =>
    browser.realtime.stt({ ...settings, ...more }, { api_key: "canary" }),
  node: ({ node }: Client, more: object) => node.realtime.stt({ ...settings, ...more }),
  european: ({ european }: Client, more: object) => european.realtime.stt({ ...settings, ...more }),
};

type Session = ReturnType<typeof sessions["node" | "browser"]>;

/** Opens a session; its results are in the inbox. */
async function open(session: Session, stage: SpeechStage) {
  const inbox = openInbox(stage);
  for (
    const name of ["endpoint", "finalized", "finished", "disconnected", "error", "state_change"] as const
  ) {
    session.on(name as "error", (seen) => stage.log(name, seen));
  }
  session.on("result", (result) => inbox.put(result));
  await session.connect();
  return { session, inbox };
}

/** What the SDK sends when it has connected. */
const isConfiguration = (content: unknown): boolean => JSON.stringify(content).includes('"api_key"');

/** A session that is talked over as a fixture has it; the SDK closes it when the last word came. */
function over(
  name: string,
  make: typeof sessions["node" | "browser"],
  more: object,
): Pick<Scenario, "serve" | "run" | "closes"> {
  const frames = fixtureFrames("soniox", name).filter((frame) => !("closed" in frame));
  return {
    serve: playing(...frames),
    run: async (client, stage) => {
      const { session, inbox } = await open(make(client, more), stage);
      await converse(frames, inbox, {
        audio: (bytes) => session.sendAudio(bytes),
        message: ({ type }) => type === "finalize" ? session.finalize() : session.keepAlive(),
        text: () => session.finish(),
      }, { sendsItself: isConfiguration });
    },
    closes: [1005],
  };
}

const heard = { provider: "soniox", model: "stt-rt-v5", outcome: "success", first: true } as const;
const turn = {
  ...{ provider: "soniox", model: "stt-rt-v5", turn: "committed", clock: "words" } as const,
  delays: ["first", "transcription", "end"],
};
const english = { language_hints: ["en"], enable_endpoint_detection: true };
const german = {
  ...{ language_hints: ["de", "en"], enable_language_identification: true },
  translation: { type: "one_way", target_language: "en" },
};
const failing = fixtureFrames("soniox", "ws_error").filter((frame) => !("closed" in frame));

const onSockets: Scenario[] = [
  ...(["browser", "node"] as const).map((kind): Scenario => ({
    name: `two utterances that Soniox ends, by the ${kind} SDK`,
    ...over("ws_endpoints", sessions[kind], english),
    spans: [
      { ...turn, confidence: 0.75 },
      { ...turn, confidence: 0.5 },
      { ...heard, language: "en", sent: 0.4 },
    ],
  })),
  {
    name: "utterances that the caller ends, in Europe",
    ...over("ws_finalize", sessions.european, german),
    spans: [
      { ...turn, language: "de", confidence: 0.75 },
      // nobody ended it but the stream
      { ...turn, language: "de", confidence: 0.25 },
      { ...heard, sent: 0.2 },
    ],
  },
  ...(["browser", "node"] as const).map((kind): Scenario => ({
    name: `an error, by the ${kind} SDK`,
    serve: playing(...failing),
    run: async (client, stage) => {
      const { session, inbox } = await open(sessions[kind](client, {}), stage);
      const failed = new Promise<void>((resolve) => session.on("error", () => resolve()));
      session.sendAudio(new Uint8Array(800));
      await inbox.has(1);
      await failed;
    },
    closes: [1005],
    spans: [
      {
        ...{ ...heard, ids: ["3d37a3bd-5078-47ee-a369-b204e3bbedda"], sent: 0.1 },
        ...{ outcome: "error", errorType: "408", errorCode: "request_timeout" },
      },
      { ...turn, turn: "abandoned", ids: ["3d37a3bd-5078-47ee-a369-b204e3bbedda"], delays: ["first"] },
    ],
  })),
  {
    name: "a session that is aborted in the middle of an utterance",
    serve: playing(...failing.slice(0, 3)),
    run: async (client, stage) => {
      const { session, inbox } = await open(sessions.node(client, {}), stage);
      session.sendAudio(new Uint8Array(800));
      await inbox.has(1);
      session.close();
    },
    closes: [1005],
    spans: [
      { ...turn, turn: "abandoned", delays: ["first"] },
      { ...heard, outcome: "cancelled", closeCode: 1005, sent: 0.1 },
    ],
  },
  {
    name: "a session that Soniox does not open",
    handshake: () => ({ status: 503 }),
    run: async (client, stage) => await open(sessions.node(client, {}), stage),
    throws: "ConnectionError",
    spans: [{ provider: "soniox", outcome: "error", errorType: "503", status: 503 }],
  },
];

const job = fixture("soniox", "transcript");
const refused = fixture("soniox", "transcript_error");

const overHttp: Scenario[] = [job, refused].map((one): Scenario => ({
  name: `stt.create() is answered with ${one.response.status}`,
  respond: answer(one),
  run: ({ node }) => node.stt.create(one.request.body as never),
  ...one === refused && { throws: "SonioxHttpError" },
  answers: ["complete"],
  spans: [hearingSpanOf(one, { provider: "soniox" })],
}));

testSockets("soniox", sonioxClient, summarizeHearing, [...onSockets, ...overHttp]);
