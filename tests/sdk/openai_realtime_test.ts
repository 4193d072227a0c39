import { createConnection } from "node:net";
import OpenAI, { AzureOpenAI } from "openai";
import { OpenAIRealtimeWebSocket } from "openai/realtime/websocket";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import { ResponsesWS } from "openai/resources/responses/ws";
import { type Inbox, openInbox } from "./listen.ts";
import { conversing, stepsOf } from "./realtime_server.ts";
import { type RealtimeSummary, summarizeRealtime } from "./realtime_summary.ts";
import { type SpeechScenario, type SpeechStage, testSockets, type Ways } from "./speech_compare.ts";

/** A client, and how its sockets are pointed to us where it takes no class. */
interface Client {
  readonly openai: OpenAI;
  readonly azure: AzureOpenAI;
  readonly ways: Ways;
}

type Scenario = SpeechScenario<Client, RealtimeSummary>;

const makeClient = (ways: Ways): Client => ({
  openai: new OpenAI({ apiKey: "sk-canary" }),
  azure: new AzureOpenAI({
    apiKey: "canary",
    endpoint: "https://acme.openai.azure.com",
    apiVersion: "2025-08-28",
  }),
  ways,
});

/** A socket of `ws` to the emulator, whatever the host. */
function toEmulator({ sockets }: SpeechStage) {
  return { createConnection: () => createConnection(sockets.port, "127.0.0.1") } as object;
}

type Realtime = OpenAIRealtimeWebSocket | OpenAIRealtimeWS;

/** Events of the SDK go to the inbox; resolves when the session is there. */
async function listenTo(realtime: Realtime, stage: SpeechStage): Promise<Inbox> {
  const inbox = openInbox(stage);
  realtime.on("event", (event) => inbox.put(event));
  realtime.on("error", (error) => stage.log("error", error));
  await inbox.has(1);
  return inbox;
}

function closing(
  socket: { addEventListener(type: "close", listener: (event: { code: number }) => void): void },
) {
  return new Promise<number>((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)));
}

const audio = btoa("\xff".repeat(800));

/** Two spoken turns and a tool's round. */
async function converse(realtime: Realtime, stage: SpeechStage): Promise<void> {
  const inbox = await listenTo(realtime, stage);
  realtime.send({
    type: "session.update",
    session: {
      type: "realtime",
      instructions: "Be a canary.",
      audio: { input: { format: { type: "audio/pcmu" } } },
    },
  });
  await inbox.has(2);
  for (let i = 0; i < 4; i++) realtime.send({ type: "input_audio_buffer.append", audio });
  await inbox.has(21);
  for (let i = 0; i < 3; i++) realtime.send({ type: "input_audio_buffer.append", audio });
  await inbox.has(31);
  realtime.send({
    type: "conversation.item.create",
    item: { type: "function_call_output", call_id: "call_55", output: "all week" },
  });
  realtime.send({ type: "response.create" });
  await inbox.has(41);
  realtime.close();
}

function spansOf(
  model: string,
  provider = "openai",
  responseModel = "gpt-realtime-2025-08-28",
): RealtimeSummary[] {
  const attempt = {
    provider,
    model,
    responseModel,
    outcome: "success",
    finish: ["completed"],
    ttft: true,
  } as const;
  const turn = { provider, turn: "committed", clock: "provider" } as const;
  return [
    { ...attempt, ids: ["sess_100", "resp_1"], audio: 0.2, ttfb: true, usage: [250, 60], reused: false },
    { ...attempt, ids: ["sess_100", "resp_2"], tools: ["get_weather"], usage: [400, 20], reused: true },
    { ...attempt, ids: ["sess_100", "resp_3"], audio: 0.1, ttfb: true, usage: [430, 25], reused: true },
    { ...turn, ids: ["item_u1"], delays: ["first", "transcription", "end"] },
    { ...turn, ids: ["item_u2"], delays: ["first", "transcription", "end"] },
  ];
}

const reported = (type: string, code: string, eventId: string | null = null) => ({
  type: "error",
  event_id: "event_e",
  error: { type, code, message: "You asked for something private", param: null, event_id: eventId },
});

const session = {
  type: "session.created",
  event_id: "event_s",
  session: { type: "realtime", id: "sess_1", model: "gpt-realtime-2025-08-28" },
};
const created = {
  type: "response.created",
  event_id: "event_c",
  response: { id: "resp_1", status: "in_progress" },
};
const delta = {
  type: "response.output_audio.delta",
  ...{ event_id: "event_d", response_id: "resp_1", item_id: "item_a", output_index: 0, content_index: 0 },
  delta: btoa("\0".repeat(4800)),
};
const begun: RealtimeSummary = {
  ...{ provider: "openai", model: "gpt-realtime", responseModel: "gpt-realtime-2025-08-28" },
  ...{ ids: ["sess_1", "resp_1"], audio: 0.1, ttfb: true, ttft: true, reused: false } as const,
};

/** Asks for a response, and waits for the close that ends it. */
async function askOnce({ openai }: Client, stage: SpeechStage): Promise<number> {
  const realtime = new OpenAIRealtimeWebSocket({ model: "gpt-realtime" }, openai);
  const closed = closing(realtime.socket);
  await listenTo(realtime, stage);
  realtime.send({ type: "response.create", event_id: "mine" });
  return await closed;
}

const scenarios: Scenario[] = [
  {
    name: "a conversation over the platform's socket",
    serve: conversing(...stepsOf("openai", "ws_realtime")),
    run: async ({ openai }, stage) => {
      const realtime = new OpenAIRealtimeWebSocket({ model: "gpt-realtime" }, openai);
      const closed = closing(realtime.socket);
      await converse(realtime, stage);
      return { code: await closed, url: realtime.url };
    },
    closes: [1000],
    spans: spansOf("gpt-realtime"),
  },
  {
    name: "a conversation with a deployment at Azure",
    serve: conversing(...stepsOf("azure_openai", "ws_realtime")),
    run: async ({ azure }, stage) => {
      const realtime = await OpenAIRealtimeWebSocket.azure(azure, { deploymentName: "voice-deployment" });
      const closed = closing(realtime.socket);
      await converse(realtime, stage);
      return { code: await closed, url: realtime.url };
    },
    closes: [1000],
    spans: spansOf("voice-deployment", "azure.ai.openai", "gpt-realtime"),
  },
  {
    name: "a conversation over a socket of `ws`, which it makes itself and shows",
    serve: conversing(...stepsOf("openai", "ws_realtime")),
    run: async ({ openai, ways }, stage) => {
      const realtime = new OpenAIRealtimeWS({ model: "gpt-realtime", options: toEmulator(stage) }, openai);
      ways.observeSocket?.(realtime.socket, { url: realtime.url });
      const closed = closing(realtime.socket);
      await converse(realtime, stage);
      return { code: await closed, url: realtime.url };
    },
    closes: [1000],
    spans: spansOf("gpt-realtime"),
  },
  {
    name: "a conversation with xAI, which it is pointed at",
    serve: conversing(...stepsOf("xai", "ws_realtime")),
    run: async (_client, stage) => {
      const xai = new OpenAI({ apiKey: "canary", baseURL: "https://api.x.ai/v1" });
      const realtime = new OpenAIRealtimeWebSocket({ model: "grok-voice-latest" }, xai);
      const closed = closing(realtime.socket);
      const inbox = await listenTo(realtime, stage);
      const format = { type: "audio/pcm", rate: 16_000 } as never;
      realtime.send({ type: "session.update", session: { type: "realtime", audio: { input: { format } } } });
      await inbox.has(4);
      for (let i = 0; i < 3; i++) {
        realtime.send({ type: "input_audio_buffer.append", audio: btoa("\0".repeat(3200)) });
      }
      await inbox.has(14);
      realtime.send({
        type: "conversation.item.create",
        item: { type: "message", role: "user", content: [{ type: "input_text", text: "Be a canary." }] },
      });
      realtime.send({ type: "response.create" });
      await inbox.has(17);
      realtime.close();
      return await closed;
    },
    closes: [1000],
    spans: [
      ...[
        { id: "1424e44c-2aa2", audio: 0.1, ttfb: true, usage: [5, 42], reused: false },
        { id: "2b3c4d5e-6f70", usage: [60, 5], reused: true },
      ] as const,
    ].map(({ id, ...span }): RealtimeSummary => ({
      ...{ provider: "x_ai", model: "grok-voice-latest", responseModel: "grok-voice-latest" },
      ...{ outcome: "success", finish: ["completed"], ttft: true },
      ...{ ids: ["7f6185aea7b747eb", "8d525b4d-a514", id], ...span },
    })).concat({
      ...{ provider: "x_ai", turn: "committed", ids: ["u-1"], clock: "provider" },
      delays: ["first", "transcription", "end"],
    }),
  },
  {
    name: "a response that is refused",
    serve: conversing(
      { say: [session] },
      {
        after: "response.create",
        say: [reported("invalid_request_error", "invalid_value", "mine")],
        close: 1000,
      },
    ),
    run: askOnce,
    closes: [1000],
    spans: [{
      ...{ provider: "openai", model: "gpt-realtime", ids: ["sess_1"], reused: false },
      ...{ outcome: "error", errorType: "invalid_request_error", errorCode: "invalid_value" },
    }],
  },
  {
    name: "errors that break nothing, and a close in the middle",
    serve: conversing(
      { say: [session, reported("invalid_request_error", "response_cancel_not_active")] },
      {
        after: "response.create",
        say: [created, delta, reported("invalid_request_error", "input_audio_buffer_commit_empty", "other")],
        close: 1011,
      },
    ),
    run: askOnce,
    closes: [1011],
    spans: [{ ...begun, outcome: "error", errorType: "close_1011", closeCode: 1011 }],
  },
  {
    name: "a session whose time is over",
    serve: conversing(
      { say: [session] },
      {
        after: "response.create",
        say: [created, delta, reported("invalid_request_error", "session_expired")],
        close: 1001,
      },
    ),
    run: askOnce,
    closes: [1001],
    spans: [{
      ...begun,
      ...{ outcome: "error", errorType: "invalid_request_error", errorCode: "session_expired" },
    }],
  },
  {
    name: "a model that is not there",
    serve: conversing({ say: [reported("invalid_request_error", "invalid_model")], close: 4000 }),
    run: async ({ openai }, stage) => {
      const realtime = new OpenAIRealtimeWebSocket({ model: "gpt-nothing" }, openai);
      const closed = closing(realtime.socket);
      await listenTo(realtime, stage);
      return await closed;
    },
    closes: [4000],
    spans: [{
      ...{ provider: "openai", reused: false },
      ...{ outcome: "error", errorType: "invalid_request_error", errorCode: "invalid_model" },
    }],
  },
  {
    name: "a handshake that is refused over a socket of `ws`",
    handshake: () => ({ status: 401, headers: { "x-request-id": "req_denied" }, body: "{}" }),
    run: async ({ openai, ways }, stage) => {
      const realtime = new OpenAIRealtimeWS({ model: "gpt-realtime", options: toEmulator(stage) }, openai);
      ways.observeSocket?.(realtime.socket, { url: realtime.url });
      return await new Promise((resolve) => realtime.on("error", ({ message }) => resolve(message)));
    },
    spans: [{
      ...{ provider: "openai", ids: ["req_denied"], reused: false },
      ...{ outcome: "error", errorType: "401" },
    }],
  },
  {
    name: "responses over a socket of `ws`, in lanes",
    serve: conversing(...stepsOf("openai", "ws_responses")),
    run: async ({ openai, ways }, stage) => {
      const socket = new ResponsesWS(openai, toEmulator(stage));
      ways.observeSocket?.(socket.socket.platformSocket, { url: socket.url });
      const inbox = openInbox(stage);
      socket.on("event", (event) => inbox.put(event));
      socket.on("error", (error) => stage.log("error", error));
      const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
      for (const stream of [undefined, undefined, "fork-1"]) {
        socket.send({
          ...{ type: "response.create", model: "gpt-5.2", store: false, input: "Be a canary." },
          ...stream && { stream_id: stream },
        });
      }
      await inbox.has(9);
      socket.close();
      await closed;
    },
    closes: [1000],
    spans: [
      ...[
        { ids: ["resp_a"], usage: [30, 8], finish: ["completed"], reused: false },
        { ids: ["resp_c"], usage: [50, 9], finish: ["completed"], tools: ["get_weather"], reused: true },
        { ids: ["resp_b"], usage: [44, 3], finish: ["max_output_tokens"], reused: true },
      ] as const,
    ].map((span): RealtimeSummary => ({
      ...{ provider: "openai", model: "gpt-5.2", responseModel: "gpt-5.2-2025-12-11" },
      ...{ outcome: "success", ttft: true },
      ...span,
    })),
  },
];

testSockets("openai realtime", makeClient, summarizeRealtime, scenarios);
