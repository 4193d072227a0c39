import { Mistral } from "@mistralai/mistralai";
import { RealtimeTranscription } from "@mistralai/mistralai/extra/realtime";
import { HTTPClient } from "@mistralai/mistralai/lib/http";
import type { Instruments } from "../../src/core.ts";
import { fixture } from "../support/fixtures.ts";
import { answer, stalledAnswer } from "./compare.ts";
import { heard, hearingSpanOf, type HearingSummary, summarizeHearing } from "./hearing_summary.ts";
import { listen } from "./listen.ts";
import { type SpeechScenario, testSockets, type Ways } from "./speech_compare.ts";
import { fixtureFrames, NEXT, playing } from "./speech_server.ts";

/** The client, and what hands its sockets over. */
interface Client {
  readonly mistral: Mistral;
  readonly realtime: RealtimeTranscription;
  readonly observe: Instruments["observeSocket"];
}

type Scenario = SpeechScenario<Client, HearingSummary>;

/** Its sockets are those of `ws`, always: what made them shows them, and they are handed over. */
function mistralClient({ fetch, observeSocket: observe = (socket) => socket }: Ways): Client {
  const httpClient = new HTTPClient({ fetcher: fetch });
  return {
    mistral: new Mistral({ apiKey: "canary", httpClient }),
    realtime: new RealtimeTranscription({ apiKey: "canary" }),
    observe,
  };
}

const json = fixture("mistral", "transcription_json");
const stream = fixture("mistral", "transcription_stream");
const refused = fixture("mistral", "transcription_error_422");

const file = () => ({ fileName: "speech.wav", content: new Uint8Array(64) });
/** The SDK hands a whole `Request` to its `fetch`, whose body is a stream: what is asked is not seen. */
const known = { provider: "mistral_ai", model: undefined };

const overHttp: Scenario[] = [
  {
    name: "audio.transcriptions.complete()",
    respond: answer(json),
    run: ({ mistral }) =>
      mistral.audio.transcriptions.complete({ model: "voxtral-mini-latest", file: file(), language: "en" }),
    answers: ["complete"],
    spans: [hearingSpanOf(json, { ...known, language: undefined })],
  },
  {
    name: "audio.transcriptions.stream()",
    respond: answer(stream, { chunkBytes: 50 }),
    run: async ({ mistral }, stage) =>
      await listen(
        await mistral.audio.transcriptions.stream({ model: "voxtral-mini-latest", file: file() }),
        stage,
      ),
    answers: ["complete"],
    spans: [hearingSpanOf(stream, known)],
  },
  {
    name: "break out of audio.transcriptions.stream()",
    respond: stalledAnswer(stream, 2),
    run: async ({ mistral }, stage) =>
      await listen(
        await mistral.audio.transcriptions.stream({ model: "voxtral-mini-latest", file: file() }),
        stage,
        2,
      ),
    answers: ["cancelled"],
    spans: [hearingSpanOf(stream, { ...known, outcome: "cancelled", sent: undefined, usage: undefined })],
  },
  {
    name: "audio.transcriptions.complete() is refused",
    respond: answer(refused),
    run: ({ mistral }) =>
      mistral.audio.transcriptions.complete({ model: "voxtral-mini-latest", file: file() }),
    throws: "SDKError",
    answers: ["complete"],
    spans: [hearingSpanOf(refused, known)],
  },
];

const MODEL = "voxtral-mini-transcribe-realtime-2602";
const URL = `wss://api.mistral.ai/v1/audio/transcriptions/realtime?model=${MODEL}`;

const onSockets: Scenario[] = [
  {
    name: "a socket of RealtimeTranscription that is handed over",
    serve: playing(...fixtureFrames("mistral", "ws_listen")),
    run: async ({ realtime, observe }, stage) => {
      const connection = await realtime.connect(MODEL, {
        serverUrl: stage.sockets.url,
        // the answer to it says again what the first frame said, before it could be observed
        audioFormat: { encoding: "pcm_mulaw", sampleRate: 8000 },
      });
      const { websocket } = connection as unknown as { readonly websocket: WebSocket };
      observe(websocket, { url: URL });
      let came = 0;
      for await (const event of connection) {
        stage.log(event);
        came++;
        if (came === 2 || came === 4) await connection.sendAudio(new Uint8Array(800));
        if (came === 5) await connection.flushAudio();
        if (came === 7) await connection.sendAudio(new Uint8Array(800));
        if (came === 8) await connection.endAudio();
      }
    },
    closes: [1000],
    spans: [
      {
        ...{ provider: "mistral_ai", model: MODEL, turn: "committed", language: "en", ids: ["m-7f3a"] },
        ...{ clock: "words", delays: ["first", "transcription", "end"] },
      },
      {
        ...{ provider: "mistral_ai", model: MODEL, turn: "committed", language: "en", ids: ["m-7f3a"] },
        ...{ delays: [] },
      },
      {
        ...{ provider: "mistral_ai", model: MODEL, ids: ["m-7f3a"], language: "en", outcome: "success" },
        ...{ sent: 2, usage: [28, 8], first: true },
      },
    ],
  },
  {
    name: "an error on a socket of RealtimeTranscription that is handed over",
    serve: playing(
      ...fixtureFrames("mistral", "ws_listen_error").slice(0, 1),
      NEXT,
      ...fixtureFrames("mistral", "ws_listen_error").slice(1),
    ),
    run: async ({ realtime, observe }, stage) => {
      const connection = await realtime.connect(MODEL, {
        serverUrl: stage.sockets.url,
        audioFormat: { encoding: "pcm_mulaw", sampleRate: 8000 },
      });
      const { websocket } = connection as unknown as { readonly websocket: WebSocket };
      // the id that came before it could be observed stands where a handshake would have it
      const headers = new Headers({ "mistral-correlation-id": connection.requestId });
      observe(websocket, { url: URL, headers });
      await connection.sendAudio(new Uint8Array(1600));
      await listen(connection, stage);
    },
    closes: [1011],
    spans: [heard({
      ...{ provider: "mistral_ai", model: MODEL, ids: ["m-8c4b"], outcome: "error", errorType: "3000" },
      ...{ sent: 0.05 },
    })],
  },
];

testSockets("@mistralai/mistralai", mistralClient, summarizeHearing, [...overHttp, ...onSockets]);
