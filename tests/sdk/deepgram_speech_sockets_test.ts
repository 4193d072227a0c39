import { DeepgramClient } from "@deepgram/sdk";
import { transportOn } from "./deepgram_transport.ts";
import { untilOpen } from "./listen.ts";
import { type SpeechScenario, type SpeechStage, testSpeech, type Ways } from "./speech_compare.ts";
import { NEXT, playing, playingFixture, say, saySilence } from "./speech_server.ts";

type Scenario = SpeechScenario<DeepgramClient>;

function deepgramClient({ WebSocket }: Ways): DeepgramClient {
  return new DeepgramClient({ apiKey: "canary", transportFactory: transportOn(WebSocket) });
}

type V1 = Awaited<ReturnType<DeepgramClient["speak"]["v1"]["createConnection"]>>;
type V2 = Awaited<ReturnType<DeepgramClient["speak"]["v2"]["createConnection"]>>;

/** Opens a socket; what comes on it is in the inbox. */
async function open<Socket extends V1 | V2>(socket: Socket, stage: SpeechStage) {
  socket.on("error", ({ message }) => stage.log("error", message));
  socket.connect();
  return await untilOpen(
    socket,
    stage,
    (message) => message instanceof Blob ? { bytes: message.size } : message,
  );
}

const openV1 = async (client: DeepgramClient, stage: SpeechStage) =>
  open(
    await client.speak.v1.createConnection({
      ...{ model: "aura-2-thalia-en", encoding: "linear16", sample_rate: "24000" } as const,
      reconnectAttempts: 0,
    }),
    stage,
  );

const openV2 = async (client: DeepgramClient, stage: SpeechStage) =>
  open(
    await client.speak.v2.createConnection({
      ...{ model: "flux-alexis-en", encoding: "mulaw", sample_rate: "8000" } as const,
      reconnectAttempts: 0,
    }),
    stage,
  );

const metadata = say({ type: "Metadata", request_id: "5b0f-socket", model_name: "aura-2-thalia-en" });
const first = {
  ids: ["5b0f-socket"],
  provider: "deepgram",
  model: "aura-2-thalia-en",
  reused: false,
} as const;

const scenarios: Scenario[] = [
  {
    name: "two segments on a socket, the second sent while the first is spoken",
    serve: playingFixture("deepgram", "ws_segments"),
    run: async (client, stage) => {
      const { socket, inbox, closed } = await openV1(client, stage);
      await inbox.has(1);
      for (const text of ["Grüezi 🙂.", " ", "Hi."]) socket.sendText({ type: "Speak", text });
      socket.sendFlush({ type: "Flush" });
      await inbox.has(2);
      socket.sendText({ type: "Speak", text: "How are you?" });
      await inbox.has(4);
      socket.sendFlush({ type: "Flush" });
      socket.sendFlush({ type: "Flush" });
      await inbox.has(7);
      socket.sendText({ type: "Speak", text: " " });
      socket.sendClose({ type: "Close" });
      await closed;
    },
    closes: [1000],
    spans: [
      { ...first, outcome: "success", characters: 13, audio: 0.15, ttfb: true },
      { ...first, outcome: "success", characters: 12, audio: 0.2, ttfb: true, reused: true },
    ],
  },
  {
    name: "a segment that is cleared, and another",
    serve: playingFixture("deepgram", "ws_clear"),
    run: async (client, stage) => {
      const { socket, inbox, closed } = await openV1(client, stage);
      await inbox.has(1);
      socket.sendText({ type: "Speak", text: "A long story" });
      socket.sendFlush({ type: "Flush" });
      await inbox.has(2);
      socket.sendClear({ type: "Clear" });
      socket.sendText({ type: "Speak", text: "Another" });
      await inbox.has(6);
      socket.sendFlush({ type: "Flush" });
      await inbox.has(7);
      socket.close();
      await closed;
    },
    closes: [1000],
    spans: [
      { ...first, outcome: "cancelled", characters: 12, audio: 0.1, ttfb: true },
      { ...first, outcome: "success", characters: 7, audio: 0.05, ttfb: true, reused: true },
    ],
  },
  {
    name: "two turns on a socket of v2",
    serve: playingFixture("deepgram", "ws_turns"),
    run: async (client, stage) => {
      const { socket, inbox, closed } = await openV2(client, stage);
      await inbox.has(1);
      socket.sendSpeak({ type: "Speak", text: "Hello " });
      await inbox.has(2);
      socket.sendSpeak({ type: "Speak", text: "there\u0007" });
      socket.sendFlush({ type: "Flush" });
      await inbox.has(4);
      socket.sendSpeak({ type: "Speak", text: "Bye" });
      socket.sendFlush({ type: "Flush" });
      await inbox.has(11);
      socket.sendClose({ type: "Close" });
      await closed;
    },
    closes: [1000],
    spans: [
      {
        ...{ provider: "deepgram", model: "flux-alexis-en", ids: ["5b0f-flux", "dg_sp_1"], reused: false },
        ...{ outcome: "success", characters: 11, audio: 0.205, ttfb: true },
      },
      {
        ...{ provider: "deepgram", model: "flux-alexis-en", ids: ["5b0f-flux", "dg_sp_2"], reused: true },
        ...{ outcome: "success", characters: 3, audio: 0.05, ttfb: true },
      },
    ],
  },
  {
    name: "a socket that the caller closes in the middle",
    serve: playing(metadata, NEXT, saySilence(4800)),
    run: async (client, stage) => {
      const { socket, inbox } = await openV1(client, stage);
      socket.sendText({ type: "Speak", text: "Hello" });
      await inbox.has(2);
      socket.close();
    },
    closes: [1000],
    spans: [{
      ...{ ...first, characters: 5, audio: 0.1, ttfb: true },
      ...{ outcome: "cancelled", closeCode: 1000 },
    }],
  },
  ...[
    {
      name: "an error frame on a socket",
      serve: playing(metadata, NEXT, say({ type: "Error", code: "NET-0001" }), { closed: 1011 }),
      ending: { outcome: "error", errorType: "NET-0001" },
    },
    {
      name: "a socket that the provider closes in the middle",
      serve: playing(metadata, NEXT, saySilence(4800), { closed: 1011 }),
      ending: { audio: 0.1, ttfb: true, outcome: "error", errorType: "close_1011", closeCode: 1011 } as const,
    },
  ].map(({ name, serve, ending }): Scenario => ({
    name,
    serve,
    run: async (client, stage) => {
      const { socket, inbox, closed } = await openV1(client, stage);
      await inbox.has(1);
      socket.sendText({ type: "Speak", text: "Hello" });
      await closed;
    },
    closes: [1011],
    spans: [{ ...first, characters: 5, ...ending }],
  })),
];

testSpeech("deepgram", deepgramClient, scenarios);
