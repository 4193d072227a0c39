import { Modality } from "@google/genai";
import { GoogleGenAI as NodeGenAI } from "@google/genai/node";
import { GoogleGenAI as WebGenAI } from "@google/genai/web";
import { type Inbox, openInbox } from "./listen.ts";
import { conversing, stepsOf } from "./realtime_server.ts";
import { type RealtimeSummary, summarizeRealtime } from "./realtime_summary.ts";
import { type SpeechScenario, type SpeechStage, testSockets, type Ways } from "./speech_compare.ts";

type Client = NodeGenAI | WebGenAI;
type Session = Awaited<ReturnType<Client["live"]["connect"]>>;
type Scenario = SpeechScenario<Ways, RealtimeSummary>;

const MODEL = "gemini-2.5-flash-native-audio-preview-09-2025";
const PATH = "ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";

const audio = { data: btoa("\0".repeat(3200)), mimeType: "audio/pcm;rate=16000" };

/** A session, whose messages go to the inbox, and the code with which it closes. */
async function open(client: Client, stage: SpeechStage, model = MODEL) {
  const inbox = openInbox(stage);
  const closing = Promise.withResolvers<unknown>();
  const session = await client.live.connect({
    model,
    config: {
      responseModalities: [Modality.AUDIO],
      systemInstruction: "Be a canary.",
      inputAudioTranscription: {},
      outputAudioTranscription: {},
    },
    callbacks: {
      onmessage: (message) => inbox.put(message),
      onclose: ({ code, reason }) => closing.resolve([code, reason]),
    },
  });
  return { session, inbox, closed: closing.promise };
}

/** Two spoken turns and a tool's round. */
async function converse(session: Session, inbox: Inbox): Promise<void> {
  await inbox.has(2);
  for (let i = 0; i < 3; i++) session.sendRealtimeInput({ audio });
  await inbox.has(9);
  session.sendToolResponse({
    functionResponses: { id: "function-call-322", name: "get_weather", response: { output: "sunny" } },
  });
  await inbox.has(17);
  session.sendRealtimeInput({ audio });
  await inbox.has(23);
  session.close();
}

const ask = (session: Session): void =>
  session.sendClientContent({ turns: "Be a canary.", turnComplete: true });

const spans = (known: Pick<RealtimeSummary, "model" | "ids" | "reused">): RealtimeSummary[] => [
  {
    ...{ provider: "gcp.gemini", outcome: "success", ttft: true, ttfb: true, ...known },
    ...{ audio: 0.2, usage: [410, 120], tools: ["get_weather"], reused: false },
  },
  {
    ...{ provider: "gcp.gemini", outcome: "success", ttft: true, ttfb: true, ...known },
    ...{ audio: 0.1, usage: [520, 10], finish: ["NEED_MORE_INPUT"], reused: true },
  },
];

const turn = { provider: "gcp.gemini", turn: "committed", clock: "provider" } as const;

const scenarios: Scenario[] = [
  {
    name: "a conversation over the platform's socket, whose frames are blobs",
    serve: conversing(...stepsOf("gemini", "ws_live")),
    run: async (_ways, stage) => {
      const { session, inbox, closed } = await open(
        new WebGenAI({ apiKey: "canary", vertexai: false }),
        stage,
      );
      await converse(session, inbox);
      return await closed;
    },
    closes: [1005],
    spans: [
      ...spans({ model: MODEL, ids: ["a1b2-session"] }),
      { ...turn, ids: ["a1b2-session"], delays: ["first", "transcription", "end"] },
      { ...turn, ids: ["a1b2-session"], delays: ["first", "transcription", "end"] },
    ],
  },
  {
    name: "a conversation over a socket of `ws`, which it makes itself and does not hide",
    serve: conversing(...stepsOf("gemini", "ws_live")),
    run: async ({ observeSocket }, stage) => {
      const baseUrl = stage.sockets.url.replace("ws", "http");
      const client = new NodeGenAI({ apiKey: "canary", vertexai: false, httpOptions: { baseUrl } });
      const { session, inbox, closed } = await open(client, stage);
      const { ws } = session.conn as unknown as { readonly ws: WebSocket };
      observeSocket?.(ws, { url: `wss://generativelanguage.googleapis.com/${PATH}` });
      await converse(session, inbox);
      return await closed;
    },
    closes: [1005],
    // the setup went by before: neither model nor session is known
    spans: [
      ...spans({}),
      { ...turn, delays: ["first", "transcription", "end"] },
      { ...turn, delays: ["first", "transcription", "end"] },
    ],
  },
  {
    name: "a turn of the model's that is interrupted, another that a close cuts off",
    serve: conversing(
      { after: "setup", say: [{ setupComplete: {} }] },
      {
        after: "clientContent",
        say: [
          { serverContent: { outputTranscription: { text: "Once upon" } } },
          { serverContent: { interrupted: true } },
          {
            serverContent: { turnComplete: true },
            usageMetadata: { promptTokenCount: 30, responseTokenCount: 4, totalTokenCount: 34 },
          },
        ],
      },
      { after: "clientContent", say: [], close: 1011 },
    ),
    run: async (_ways, stage) => {
      const { session, inbox, closed } = await open(
        new WebGenAI({ apiKey: "canary", vertexai: false }),
        stage,
      );
      ask(session);
      await inbox.has(4);
      ask(session);
      return await closed;
    },
    closes: [1011],
    spans: [
      {
        ...{ provider: "gcp.gemini", model: MODEL, outcome: "cancelled", interrupted: true, reused: false },
        ...{ ttft: true, usage: [30, 4] },
      },
      {
        ...{ provider: "gcp.gemini", model: MODEL, outcome: "error", reused: true },
        ...{ errorType: "close_1011", closeCode: 1011 },
      },
    ],
  },
  {
    name: "a setup that is refused",
    serve: conversing({ after: "setup", say: [], close: 1007 }),
    run: (_ways, stage) => open(new WebGenAI({ apiKey: "canary", vertexai: false }), stage),
    throws: "Error",
    closes: [1007],
    spans: [{
      ...{ provider: "gcp.gemini", outcome: "error", reused: false },
      ...{ errorType: "close_1007", closeCode: 1007 },
    }],
  },
  {
    name: "a conversation at Vertex AI",
    serve: conversing(
      { after: "setup", say: [{ setupComplete: { sessionId: "df14" } }] },
      {
        after: "clientContent",
        say: [{
          serverContent: { modelTurn: { parts: [{ text: "Written." }] }, turnComplete: true },
          usageMetadata: { promptTokenCount: 12, candidatesTokenCount: 3, totalTokenCount: 15 },
        }],
      },
    ),
    run: async (_ways, stage) => {
      const client = new WebGenAI({ apiKey: "canary", vertexai: true });
      const { session, inbox, closed } = await open(client, stage, "gemini-live-2.5-flash");
      ask(session);
      await inbox.has(2);
      session.close();
      return await closed;
    },
    closes: [1005],
    spans: [{
      ...{ provider: "gcp.vertex_ai", model: "gemini-live-2.5-flash", ids: ["df14"], reused: false },
      ...{ outcome: "success", ttft: true, usage: [12, 3] },
    }],
  },
];

testSockets("google live", (ways) => ways, summarizeRealtime, scenarios);
