import { Cartesia } from "@cartesia/cartesia-js";
import { TTSWS } from "@cartesia/cartesia-js/resources/tts/ws";
import { fixture } from "../support/fixtures.ts";
import { answer, stalledAnswer } from "./compare.ts";
import { hear, hearAndAbort, hearAndCancel, listen } from "./listen.ts";
import { type SpeechScenario, testSpeech, type Ways } from "./speech_compare.ts";
import { NEXT, playing, playingFixture, say, silence } from "./speech_server.ts";
import { speechSpanOf } from "./speech_summary.ts";

type Scenario = SpeechScenario<Cartesia>;

/** Sockets are the global class, as `require` is not there to find `ws`; the key is then in the query. */
function cartesiaClient({ fetch }: Ways): Cartesia {
  return new Cartesia({ apiKey: "canary", fetch, maxRetries: 0, logLevel: "off" });
}

const bytes = fixture("cartesia", "bytes");
const bytesError = fixture("cartesia", "bytes_error");
const sse = fixture("cartesia", "sse");

const asked = { model_id: "sonic-3", transcript: "Hello there", voice: { mode: "id", id: "v1" } } as const;
const floats = { container: "raw", encoding: "pcm_f32le", sample_rate: 44100 } as const;
const shorts = { container: "raw", encoding: "pcm_s16le", sample_rate: 8000 } as const;

const overHttp: Scenario[] = [
  {
    name: "generate()",
    respond: answer(bytes),
    run: async (client, stage) => {
      const response = await client.tts.generate({ ...asked, output_format: floats });
      await hear(response.body, stage);
      return response;
    },
    answers: ["complete"],
    spans: [speechSpanOf(bytes, { retryCount: 0 })],
  },
  {
    name: "generate() is refused",
    respond: answer(bytesError),
    run: (client) => client.tts.generate({ ...asked, output_format: floats }),
    throws: "APIError",
    answers: ["complete"],
    spans: [speechSpanOf(bytesError, { retryCount: 0 })],
  },
  {
    name: "generate() is refused, and tried again",
    respond: [{ status: 503, headers: { "retry-after-ms": "1" } }, answer(bytes)],
    run: async (client, stage) => {
      const response = await client.tts.generate({ ...asked, output_format: floats }, { maxRetries: 1 });
      await hear(response.body, stage);
    },
    answers: ["complete", "complete"],
    spans: [
      {
        ...{ provider: "cartesia", model: "sonic-3", characters: 11 },
        ...{ status: 503, outcome: "error", errorType: "503", retryCount: 0 },
      },
      speechSpanOf(bytes, { retryCount: 1 }),
    ],
  },
  {
    name: "abort in the middle of generate()",
    respond: answer(bytes, { fault: { kind: "stall", afterBytes: 882 } }),
    run: async (client, stage) => {
      const controller = new AbortController();
      const { signal } = controller;
      const response = await client.tts.generate({ ...asked, output_format: floats }, { signal });
      return await hearAndAbort(response.body, stage, 882, controller);
    },
    throws: "DOMException",
    answers: ["cancelled"],
    spans: [speechSpanOf(bytes, { outcome: "cancelled", retryCount: 0, audio: 0.005 })],
  },
  {
    name: "cancel() of the body of generate()",
    respond: answer(bytes, { fault: { kind: "stall", afterBytes: 882 } }),
    run: async (client, stage) => {
      const response = await client.tts.generate({ ...asked, output_format: floats });
      return await hearAndCancel(response.body, stage, 882);
    },
    answers: ["cancelled"],
    spans: [speechSpanOf(bytes, { outcome: "cancelled", retryCount: 0, audio: 0.005 })],
  },
  {
    name: "generateSSE()",
    respond: answer(sse),
    run: async (client, stage) => {
      const events = await client.tts.generateSSE({ ...asked, output_format: shorts });
      await listen(events, stage);
    },
    answers: ["complete"],
    spans: [speechSpanOf(sse, { retryCount: 0 })],
  },
  {
    name: "break after the first event of generateSSE()",
    respond: stalledAnswer(sse, 1),
    run: async (client, stage) => {
      const events = await client.tts.generateSSE({ ...asked, output_format: shorts });
      await listen(events, stage, 1);
    },
    answers: ["cancelled"],
    spans: [speechSpanOf(sse, { outcome: "cancelled", retryCount: 0, audio: 0.1 })],
  },
];

const format = { container: "raw", encoding: "pcm_s16le", sample_rate: 24000 } as const;
const voice = { model_id: "sonic-3", voice: { mode: "id", id: "v1" }, output_format: format } as const;

/** One context that speaks, and the close. */
async function speakOnce(client: Cartesia, stage: Parameters<Scenario["run"]>[1]): Promise<void> {
  const socket = await client.tts.websocket();
  socket.on("error", (error) => stage.log("error", error));
  const closed = new Promise<void>((resolve) => socket.socket.addEventListener("close", () => resolve()));
  try {
    const context = socket.context({ ...voice, contextId: "ctx-1" });
    await context.push({ transcript: "Hello" });
    await listen(context.receive({ timeout: 300 }), stage);
  } finally {
    socket.close();
    await closed;
  }
}

const chunk = (context_id: string, byteCount: number) =>
  say({ type: "chunk", context_id, done: false, status_code: 206, step_time: 41, data: silence(byteCount) });
const done = (context_id: string) => say({ type: "done", context_id, done: true, status_code: 206 });

const first = { provider: "cartesia", model: "sonic-3", reused: false } as const;

const onSockets: Scenario[] = [
  {
    name: "websocket() with one context of two texts",
    serve: playingFixture("cartesia", "ws_contexts"),
    run: async (client, stage) => {
      const socket = await client.tts.websocket();
      const context = socket.context({ ...voice, contextId: "ctx-1", language: "en" });
      await context.push({ transcript: "Grüezi 🙂. " });
      await context.push({ transcript: "How are you?" });
      await context.no_more_inputs();
      await listen(context.receive(), stage);
      socket.close();
    },
    closes: [1000],
    spans: [{ ...first, ids: ["ctx-1"], outcome: "success", characters: 22, audio: 0.3, ttfb: true }],
  },
  {
    name: "websocket() with three contexts, two of them at once, one cancelled",
    serve: playing(
      ...[NEXT, NEXT, chunk("ctx-1", 4800), chunk("ctx-2", 4800), chunk("ctx-1", 4800), done("ctx-1")],
      ...[NEXT, NEXT, chunk("ctx-2", 4800), chunk("ctx-3", 2400), done("ctx-3")],
    ),
    run: async (client, stage) => {
      const socket = await client.tts.websocket();
      const contexts = ["ctx-1", "ctx-2", "ctx-3"].map((contextId) => socket.context({ ...voice, contextId }));
      const [one, two, three] = contexts;
      await one!.send({ transcript: "One" });
      await two!.send({ transcript: "A long story" });
      await listen(one!.receive(), stage);
      await two!.cancel();
      await listen(three!.generate({ transcript: "Three." }), stage);
      socket.close();
    },
    closes: [1000],
    spans: [
      { ...first, ids: ["ctx-1"], outcome: "success", characters: 3, audio: 0.2, ttfb: true },
      { ...first, ids: ["ctx-2"], outcome: "cancelled", characters: 12, audio: 0.1, ttfb: true, reused: true },
      { ...first, ids: ["ctx-3"], outcome: "success", characters: 6, audio: 0.05, ttfb: true, reused: true },
    ],
  },
  {
    name: "websocket() with an error frame",
    serve: playingFixture("cartesia", "ws_error"),
    run: speakOnce,
    throws: "CartesiaError",
    closes: [1000],
    spans: [{
      ...first,
      ...{ ids: ["ctx-1", "9b2f6a3e-err"], characters: 5 },
      ...{ outcome: "error", errorType: "voice_not_found", errorCode: "404" },
    }],
  },
  {
    name: "websocket() that closes in the middle",
    serve: playing(NEXT, chunk("ctx-1", 4800), { closed: 1011 }),
    run: speakOnce,
    throws: "WebSocketTimeoutError",
    closes: [1011],
    spans: [{
      ...first,
      ...{ ids: ["ctx-1"], characters: 5, audio: 0.1, ttfb: true },
      ...{ outcome: "error", errorType: "close_1011", closeCode: 1011 },
    }],
  },
  {
    name: "websocket() that the caller closes in the middle",
    serve: playing(NEXT, chunk("ctx-1", 4800)),
    run: async (client, stage) => {
      const socket = await client.tts.websocket();
      const context = socket.context({ ...voice, contextId: "ctx-1" });
      await context.push({ transcript: "Hello" });
      await listen(context.receive(), stage, 1);
      socket.close();
    },
    closes: [1000],
    spans: [{
      ...first,
      ...{ ids: ["ctx-1"], characters: 5, audio: 0.1, ttfb: true },
      ...{ outcome: "cancelled", closeCode: 1000 },
    }],
  },
  {
    name: "websocket() that is refused",
    handshake: () => ({ status: 401 }),
    run: async (client, stage) => {
      // `websocket()` would reject, and besides reject a promise that nobody has
      const socket = new TTSWS(client);
      socket.on("error", ({ message }) => stage.log("error", message));
      await socket.connect().catch((event) => stage.log(event.constructor.name));
    },
    spans: [{ provider: "cartesia", status: 401, outcome: "error", errorType: "401", reused: false }],
  },
];

testSpeech("cartesia", cartesiaClient, [...overHttp, ...onSockets]);
