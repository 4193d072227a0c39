import { Cartesia } from "@cartesia/cartesia-js";
import { TTSWS } from "@cartesia/cartesia-js/resources/tts/ws";
import assert from "node:assert/strict";
import { startSocketEmulator } from "../../src/testing/mod.ts";
import { startKept } from "../support/memory_exporter.ts";
import { listen } from "./listen.ts";
import { type SpeechScenario, testSpeech, type Ways } from "./speech_compare.ts";
import { NEXT, playing, playingFixture, say, silence } from "./speech_server.ts";
import { summarizeSpeech } from "./speech_summary.ts";

type Scenario = SpeechScenario<Cartesia>;

/** Sockets are the global class, as `require` is not there to find `ws`; the key is then in the query. */
function cartesiaClient({ fetch }: Ways): Cartesia {
  return new Cartesia({ apiKey: "canary", fetch, maxRetries: 0, logLevel: "off" });
}

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

const scenarios: Scenario[] = [
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
      const contexts = ["ctx-1", "ctx-2", "ctx-3"].map((contextId) =>
        socket.context({ ...voice, contextId })
      );
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
      {
        ...first,
        ids: ["ctx-2"],
        outcome: "cancelled",
        characters: 12,
        audio: 0.1,
        ttfb: true,
        reused: true,
      },
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

testSpeech("cartesia", cartesiaClient, scenarios);

Deno.test("cartesia: a socket of another class, shown by the SDK and handed to observeSocket()", async () => {
  await using emulator = await startSocketEmulator({ serve: playingFixture("cartesia", "ws_contexts") });
  const telemetry = startKept({ register: false });
  const native = globalThis.WebSocket;
  globalThis.WebSocket = emulator.WebSocket;
  const socket = new TTSWS(cartesiaClient(telemetry));
  globalThis.WebSocket = native;
  telemetry.observeSocket(socket.socket, { url: socket.url });
  const context = socket.context({ ...voice, contextId: "ctx-1", language: "en" });
  await socket.connect();
  for (const transcript of ["Grüezi 🙂. ", "How are you?"]) await context.push({ transcript });
  await context.no_more_inputs();
  await Array.fromAsync(context.receive());
  socket.close();
  await emulator.connections[0]!.closed;
  await telemetry.shutdown();
  assert.deepEqual(telemetry.spans.map(summarizeSpeech), [
    { ...first, ids: ["ctx-1"], outcome: "success", characters: 22, audio: 0.3, ttfb: true },
  ]);
});
