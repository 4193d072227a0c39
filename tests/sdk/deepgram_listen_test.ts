import { DeepgramClient } from "@deepgram/sdk";
import { attr, spanName } from "../../src/semconv.ts";
import { fixture } from "../support/fixtures.ts";
import type { KeptSpan } from "../support/memory_exporter.ts";
import { answer, requestsSeen } from "./compare.ts";
import { type Caller, converse } from "./converse.ts";
import { transportOn } from "./deepgram_transport.ts";
import { hearingSpanOf, type HearingSummary, summarizeHearing } from "./hearing_summary.ts";
import { openInbox } from "./listen.ts";
import { type SpeechScenario, type SpeechStage, testSockets, type Ways } from "./speech_compare.ts";
import { fixtureFrames, playing, playingFixture, say } from "./speech_server.ts";
import { PATIENCE, tidied } from "./tidied.ts";

/** A judgement of the end of a turn, in short. */
interface Judged {
  readonly probability: unknown;
  readonly eager?: true;
}

type Scenario = SpeechScenario<DeepgramClient, HearingSummary | Judged>;

function deepgramClient({ fetch, WebSocket }: Ways): DeepgramClient {
  return new DeepgramClient({
    ...{ apiKey: "canary", fetch, maxRetries: 0 },
    transportFactory: transportOn(WebSocket),
  });
}

/** Attempts, turns, and the judgements of their ends, in order of their ends. */
function summarizeAll(spans: readonly KeptSpan[]): (HearingSummary | Judged)[] {
  return spans.flatMap((span): (HearingSummary | Judged)[] => {
    if (span.name !== spanName.eouDetection) return summarizeHearing([span]);
    const { [attr.eouProbability]: probability, [attr.eouEager]: eager } = span.attributes;
    return [{ probability, ...eager === true && { eager } }];
  });
}

const V1 = { model: "nova-3", encoding: "mulaw", sample_rate: 8000, reconnectAttempts: 0 } as const;
const V2 = {
  model: "flux-general-en",
  encoding: "mulaw",
  sample_rate: 8000,
  eager_eot_threshold: 0.4,
  reconnectAttempts: 0,
} as const;

type Listen = DeepgramClient["listen"];
type V1Socket = Awaited<ReturnType<Listen["v1"]["createConnection"]>>;
type V2Socket = Awaited<ReturnType<Listen["v2"]["createConnection"]>>;

/** Opens a socket; what comes on it is in the inbox. */
async function open<Socket extends V1Socket | V2Socket>(socket: Socket, stage: SpeechStage) {
  const inbox = openInbox(stage);
  const closed = new Promise<void>((resolve) => {
    socket.on("close", ({ code, reason }) => {
      stage.log("close", code, reason);
      resolve();
    });
  });
  socket.on("message", (message: unknown) => inbox.put(message));
  socket.on("error", ({ message }) => stage.log("error", message));
  socket.connect();
  await socket.waitForOpen();
  return { socket, inbox, closed };
}

const openV1 = async (client: DeepgramClient, stage: SpeechStage, more: Record<string, unknown> = {}) =>
  open(await client.listen.v1.createConnection({ ...V1, ...more } as never), stage);

const openV2 = async (client: DeepgramClient, stage: SpeechStage, more: Record<string, unknown> = {}) =>
  open(await client.listen.v2.createConnection({ ...V2, ...more } as never), stage);

const callerOf = (socket: V1Socket | V2Socket): Caller => ({
  audio: (bytes) => socket.sendMedia(bytes),
  message(json) {
    const { [`send${json.type}`]: send } = socket as unknown as Record<string, (json: unknown) => void>;
    send!.call(socket, json);
  },
});

const FIRST = "1b2c3d4e-0000-4000-8000-aaaaaaaaaaaa";
const SECOND = "1b2c3d4e-0000-4000-8000-bbbbbbbbbbbb";
const FLUX = "9f8e7d6c-0000-4000-8000-cccccccccccc";

const heard = {
  provider: "deepgram",
  model: "nova-3",
  outcome: "success",
  sent: 0.4,
  first: true,
} as const;
const turn = {
  ...{ provider: "deepgram", model: "nova-3", turn: "committed", clock: "words" } as const,
  delays: ["first", "transcription", "end"],
};
const fluxed = { provider: "deepgram", model: "flux-general-en", ids: [FLUX] };

/** A socket of v1 that is talked over as a fixture has it. */
function overV1(name: string, more: Record<string, unknown>): Pick<Scenario, "serve" | "run"> {
  return {
    serve: playingFixture("deepgram", name),
    run: async (client, stage) => {
      const { socket, inbox, closed } = await openV1(client, stage, more);
      await converse(fixtureFrames("deepgram", name), inbox, callerOf(socket));
      await closed;
    },
  };
}

/** A socket of v2, likewise. */
function overV2(name: string, more: Record<string, unknown> = {}): Pick<Scenario, "serve" | "run"> {
  return {
    serve: playingFixture("deepgram", name),
    run: async (client, stage) => {
      const { socket, inbox, closed } = await openV2(client, stage, more);
      await converse(fixtureFrames("deepgram", name), inbox, callerOf(socket));
      await closed;
    },
  };
}

const onSockets: Scenario[] = [
  {
    name: "listen.v1 with two utterances that Deepgram ends",
    ...overV1("ws_listen", { vad_events: true, utterance_end_ms: 1000, tag: "canary" }),
    closes: [1000],
    spans: [
      { ...turn, ids: [FIRST], confidence: 0.98 },
      { ...turn, ids: [FIRST], confidence: 0.9 },
      { ...heard, ids: [FIRST] },
    ],
  },
  {
    name: "listen.v1 with two utterances that the caller ends",
    ...overV1("ws_listen_finalize", { interim_results: true, endpointing: false }),
    closes: [1000],
    spans: [
      { ...turn, ids: [SECOND], confidence: 0.96 },
      { ...turn, ids: [SECOND], confidence: 0.94 },
      { ...heard, ids: [SECOND] },
    ],
  },
  {
    name: "listen.v1 with two channels",
    ...overV1("ws_listen_multichannel", { channels: 2, multichannel: true, language: "multi" }),
    closes: [1000],
    spans: [
      { ...turn, ids: [SECOND], language: "de", confidence: (0.9 + 0.8) / 2 },
      { ...turn, ids: [SECOND], language: "en", confidence: 0.92 },
      { ...heard, ids: [SECOND], language: "multi" },
    ],
  },
  {
    name: "an error frame on listen.v1",
    ...overV1("ws_listen_error", {}),
    closes: [1011],
    spans: [
      { ...heard, ids: [SECOND], outcome: "error", errorType: "INTERNAL-0000", sent: 0.1 },
      { ...turn, ids: [SECOND], turn: "abandoned", delays: ["first"] },
    ],
  },
  {
    name: "listen.v1 closes as the audio is none",
    ...overV1("ws_listen_closed_1008", {}),
    closes: [1008],
    spans: [
      { ...turn, ids: [SECOND], turn: "abandoned", delays: ["first"] },
      { ...heard, ids: [SECOND], outcome: "error", errorType: "close_1008", closeCode: 1008, sent: 0.0125 },
    ],
  },
  {
    name: "listen.v1 closes as there is no audio",
    ...overV1("ws_listen_closed_1011", {}),
    closes: [1011],
    spans: [
      {
        ...{ provider: "deepgram", model: "nova-3" },
        outcome: "error",
        errorType: "close_1011",
        closeCode: 1011,
      },
    ],
  },
  {
    name: "the caller closes listen.v1 in the middle of an utterance",
    serve: playing(...fixtureFrames("deepgram", "ws_listen_error").slice(0, 2)),
    run: async (client, stage) => {
      const { socket, inbox } = await openV1(client, stage);
      await converse(fixtureFrames("deepgram", "ws_listen_error").slice(0, 2), inbox, callerOf(socket));
      socket.close();
    },
    closes: [1000],
    spans: [
      { ...turn, ids: [SECOND], turn: "abandoned", delays: ["first"] },
      { ...heard, ids: [SECOND], outcome: "cancelled", closeCode: 1000, sent: 0.1 },
    ],
  },
  {
    name: "listen.v1 is refused",
    handshake: () => ({ status: 401, headers: { "dg-request-id": SECOND, "dg-error": "INVALID_AUTH" } }),
    run: async (client, stage) => {
      const { message } = await openV1(client, stage).then(() => new Error("it opened"), (error) => error);
      return message;
    },
    spans: [{
      ...{ provider: "deepgram", model: "nova-3" },
      outcome: "error",
      errorType: "401",
      status: 401,
    }],
  },
  {
    name: "listen.v2 with an early end that is taken back",
    ...overV2("ws_flux", { eot_threshold: 0.7 }),
    closes: [1000],
    spans: [
      { probability: 0.5, eager: true },
      { probability: 0.6, eager: true },
      { probability: 0.86 },
      // words have no times, and nothing else says when speech stopped
      { ...fluxed, turn: "committed", confidence: 0.85, delays: ["first"] },
      { probability: 0.4 },
      { ...fluxed, turn: "committed", confidence: 0.75, delays: ["first"] },
      { ...heard, ...fluxed, sent: 0.7, closeCode: 1000 },
    ],
  },
  {
    name: "listen.v2 in several languages, with a turn that the caller ends",
    ...overV2("ws_flux_multilingual", {
      ...{ model: "flux-general-multi", encoding: "linear16", language_hint: "de" },
      eager_eot_threshold: undefined,
    }),
    closes: [1000],
    spans: [
      { probability: 0.3 },
      {
        ...{ ...turn, ids: [FLUX], model: "flux-general-multi", language: "de", confidence: 0.5 },
      },
      { ...heard, ids: [FLUX], model: "flux-general-multi", sent: 0.2, closeCode: 1000 },
    ],
  },
  {
    name: "an error in the middle of a turn on listen.v2",
    ...overV2("ws_flux_error"),
    closes: [1011],
    spans: [
      { ...heard, ...fluxed, outcome: "error", errorType: "INTERNAL_SERVER_ERROR", sent: 0.1 },
      { ...fluxed, turn: "abandoned", delays: ["first"] },
    ],
  },
  {
    name: "listen.v2 takes no KeepAlive, and closes without a word",
    serve: async (connection) => {
      await playing(say({ type: "Connected", request_id: FLUX, sequence_id: 0 }), { sent: "" })(connection);
      connection.close();
    },
    run: async (client, stage) => {
      const { socket, inbox, closed } = await openV2(client, stage);
      await inbox.has(1);
      socket.socket.send(JSON.stringify({ type: "KeepAlive" }));
      await closed;
    },
    closes: [1005],
    // nothing was said, so nothing is missing
    spans: [{ ...fluxed, outcome: "success", closeCode: 1005 }],
  },
];

const listen = fixture("deepgram", "listen");
const callback = fixture("deepgram", "listen_callback");
const refused = fixture("deepgram", "listen_error_400");
const unpaid = fixture("deepgram", "listen_error_402");

const overHttp: Scenario[] = [
  {
    name: "listen.v1.media.transcribeFile()",
    respond: answer(listen),
    run: (client) =>
      client.listen.v1.media.transcribeFile(new Uint8Array(400), {
        ...{ model: "nova-3", detect_language: true, multichannel: true, keyterm: "canary" },
      }),
    answers: ["complete"],
    spans: [hearingSpanOf(listen, { provider: "deepgram" })],
  },
  {
    name: "listen.v1.media.transcribeUrl() with a callback",
    respond: answer(callback),
    run: async (client) => {
      const options = { url: "https://example.com/canary.wav", model: "nova-3" } as const;
      const answered = client.listen.v1.media.transcribeUrl({
        ...options,
        callback: "https://canary.example/hook",
      });
      const { data, rawResponse } = await answered.withRawResponse();
      return [data, rawResponse.headers.get("dg-request-id")];
    },
    answers: ["complete"],
    spans: [hearingSpanOf(callback, { provider: "deepgram" })],
  },
  ...[refused, unpaid].map((one): Scenario => ({
    name: `listen.v1.media.transcribeFile() is refused with ${one.response.status}`,
    respond: answer(one),
    run: (client) => client.listen.v1.media.transcribeFile(new Uint8Array(40), { model: "nova-3" }),
    throws: one === refused ? "BadRequestError" : "DeepgramError",
    answers: ["complete"],
    spans: [hearingSpanOf(one, { provider: "deepgram" })],
  })),
  {
    name: "abort of listen.v1.media.transcribeUrl() that is not answered",
    respond: { fault: { kind: "stall", beforeHeaders: true } },
    run: (client, { emulator }) =>
      tidied(async () => {
        const controller = new AbortController();
        requestsSeen(emulator).then(() => controller.abort(new Error("mine")));
        const options = { abortSignal: controller.signal, timeoutInSeconds: PATIENCE / 1000 };
        return await client.listen.v1.media.transcribeUrl({ url: "https://example.com/canary.wav" }, options);
      }),
    throws: "DeepgramError",
    answers: ["cancelled"],
    spans: [{ provider: "deepgram", outcome: "cancelled" }],
  },
];

testSockets("deepgram", deepgramClient, summarizeAll, [...onSockets, ...overHttp]);
