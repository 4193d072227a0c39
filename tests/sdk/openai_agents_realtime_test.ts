import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession, tool } from "@openai/agents-realtime";
import { openInbox } from "./listen.ts";
import { conversing, stepsOf } from "./realtime_server.ts";
import { type RealtimeSummary, summarizeRealtime } from "./realtime_summary.ts";
import { type SpeechScenario, type SpeechStage, testSockets, type Ways } from "./speech_compare.ts";

type Scenario = SpeechScenario<Ways, RealtimeSummary>;

/** An agent that looks up the weather, on sockets of that class. */
function startAgent({ WebSocket }: Ways, stage: SpeechStage) {
  const agent = new RealtimeAgent({
    name: "concierge",
    instructions: "Be a canary.",
    tools: [tool({
      name: "get_weather",
      description: "What the weather is like",
      parameters: {
        type: "object",
        properties: { city: { type: "string" } },
        required: ["city"],
        additionalProperties: false,
      },
      strict: true,
      execute: (input) => {
        stage.log("executed", input);
        return "all week";
      },
    })],
  });
  const transport = new OpenAIRealtimeWebSocket({
    createWebSocket: ({ url, apiKey }) =>
      Promise.resolve(
        new WebSocket(url, { headers: { authorization: `Bearer ${apiKey}` } }) as never,
      ),
  });
  const session = new RealtimeSession(agent, {
    transport,
    model: "gpt-realtime",
    config: {
      audio: { input: { format: { type: "audio/pcmu" } }, output: { format: { type: "audio/pcmu" } } },
    },
  });
  const done = openInbox({ ...stage, log() {} });
  transport.on("*", (event) => {
    stage.log("event", event);
    if (event.type === "response.done") done.put();
  });
  session.on("audio", ({ data }) => stage.log("audio", data.byteLength));
  session.on("audio_interrupted", () => stage.log("audio_interrupted"));
  session.on("error", ({ error }) => stage.log("error", error));
  session.on("history_updated", (history) => stage.log("history", history.length));
  const closed = new Promise<void>((resolve) =>
    transport.on("connection_change", (status) => {
      stage.log("connection", status);
      if (status === "disconnected") resolve();
    })
  );
  return { session, transport, done, closed };
}

const pcmu = new Uint8Array(800).fill(0xff).buffer;

const attempt = {
  ...{ provider: "openai", model: "gpt-realtime", responseModel: "gpt-realtime-2025-08-28" },
  ...{ ttft: true } as const,
};

const scenarios: Scenario[] = [
  {
    name: "an agent hears two turns, calls its tool and answers",
    serve: conversing(...stepsOf("openai", "ws_realtime")),
    run: async (ways, stage) => {
      const { session, transport, done, closed } = startAgent(ways, stage);
      await session.connect({ apiKey: "sk-canary" });
      for (let i = 0; i < 4; i++) session.sendAudio(pcmu);
      await done.has(1);
      for (let i = 0; i < 3; i++) session.sendAudio(pcmu);
      await done.has(3);
      session.close();
      await closed;
      return { history: session.history, status: transport.status };
    },
    closes: [1005],
    spans: [
      {
        ...{ ...attempt, ids: ["sess_100", "resp_1"], outcome: "success", finish: ["completed"] },
        ...{ audio: 0.2, ttfb: true, usage: [250, 60], reused: false },
      },
      {
        ...{ ...attempt, ids: ["sess_100", "resp_2"], outcome: "success", finish: ["completed"] },
        ...{ tools: ["get_weather"], usage: [400, 20], reused: true },
      },
      {
        ...{ ...attempt, ids: ["sess_100", "resp_3"], outcome: "success", finish: ["completed"] },
        ...{ audio: 0.1, ttfb: true, usage: [430, 25], reused: true },
      },
      ...["item_u1", "item_u2"].map((id): RealtimeSummary => ({
        ...{ provider: "openai", turn: "committed", ids: [id], clock: "provider" },
        delays: ["first", "transcription", "end"],
      })),
    ],
  },
  {
    name: "an agent is interrupted, and stops the response itself",
    serve: conversing(
      {
        say: [{
          type: "session.created",
          event_id: "event_s",
          session: { id: "sess_1", model: "gpt-realtime" },
        }],
      },
      {
        after: "response.create",
        say: [
          {
            type: "response.created",
            event_id: "event_1",
            response: { id: "resp_1", status: "in_progress" },
          },
          {
            type: "response.output_audio.delta",
            ...{
              event_id: "event_2",
              response_id: "resp_1",
              item_id: "item_a",
              output_index: 0,
              content_index: 0,
            },
            delta: btoa("\xff".repeat(800)),
          },
          {
            type: "input_audio_buffer.speech_started",
            ...{ event_id: "event_3", item_id: "item_u", audio_start_ms: 10 },
          },
        ],
      },
      {
        after: "response.cancel",
        say: [{
          type: "response.done",
          event_id: "event_4",
          response: {
            ...{ id: "resp_1", status: "cancelled", output: [] },
            status_details: { type: "cancelled", reason: "client_cancelled" },
          },
        }],
      },
    ),
    run: async (ways, stage) => {
      const { session, transport, done, closed } = startAgent(ways, stage);
      await session.connect({ apiKey: "sk-canary" });
      transport.requestResponse();
      await done.has(1);
      session.close();
      await closed;
    },
    closes: [1005],
    spans: [
      {
        ...{ ...attempt, responseModel: "gpt-realtime", ids: ["sess_1", "resp_1"], outcome: "cancelled" },
        ...{ finish: ["client_cancelled"], interrupted: true, audio: 0.1, ttfb: true, reused: false },
      },
      { provider: "openai", turn: "abandoned", ids: ["item_u"], delays: [] },
    ],
  },
];

testSockets("openai agents realtime", (ways) => ways, summarizeRealtime, scenarios);
