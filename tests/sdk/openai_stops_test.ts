import { fixture } from "../support/fixtures.ts";
import {
  answer,
  logAll,
  logEvents,
  requestsSeen,
  type Scenario,
  stalledAnswer,
  testScenarios,
} from "./compare.ts";
import { firstEvents, type OpenAI, openaiClient, question, streamed } from "./openai_client.ts";

const stream = fixture("openai", "chat_stream");
const json = fixture("openai", "chat_json");

const scenarios: Scenario<OpenAI>[] = [
  {
    name: "break after the first chunk",
    respond: stalledAnswer(stream, 2),
    run: async (client, stage) => {
      const chunks = await client.chat.completions.create(streamed);
      for await (const chunk of chunks) {
        stage.log(chunk);
        break;
      }
      return chunks;
    },
    answers: ["cancelled"],
    spans: [{ ...firstEvents, outcome: "cancelled", ttft: true }],
  },
  {
    name: "controller.abort() in the middle of a stream",
    respond: stalledAnswer(stream, 2),
    run: async (client, stage) => {
      const chunks = await client.chat.completions.create(streamed);
      let count = 0;
      for await (const chunk of chunks) {
        stage.log(chunk);
        if (++count === 2) chunks.controller.abort();
      }
      return chunks;
    },
    answers: ["cancelled"],
    spans: [{ ...firstEvents, outcome: "cancelled", ttft: true }],
  },
  {
    name: "controller.abort() leaves the body of withResponse() errored",
    respond: stalledAnswer(stream, 2),
    run: async (client, stage) => {
      const { data, response } = await client.chat.completions.create(streamed).withResponse();
      for await (const chunk of data) {
        stage.log(chunk);
        data.controller.abort();
      }
      return await response.body?.getReader().closed.then(() => "closed", (error) => error);
    },
    answers: ["cancelled"],
    spans: [{ ...firstEvents, outcome: "cancelled", ttft: true }],
  },
  {
    name: "abort() of stream() while it waits",
    respond: stalledAnswer(stream, 2),
    run: async (client, stage) => {
      const helper = client.chat.completions.stream(streamed);
      logEvents(helper, ["connect", "content", "error", "abort", "end"], stage);
      helper.on("content", () => setTimeout(() => helper.abort(), 5));
      return await helper.finalChatCompletion();
    },
    throws: "APIUserAbortError",
    answers: ["cancelled"],
    spans: [{ ...firstEvents, outcome: "cancelled", ttft: true }],
  },
  {
    name: "cancel() of toReadableStream()",
    respond: stalledAnswer(stream, 2),
    run: async (client, stage) => {
      const chunks = await client.chat.completions.create(streamed);
      const reader = chunks.toReadableStream().getReader();
      stage.log(await reader.read());
      await reader.cancel("enough");
      return chunks;
    },
    answers: ["cancelled"],
    spans: [{ ...firstEvents, outcome: "cancelled", ttft: true }],
  },
  {
    name: "cancel() of the body of asResponse()",
    respond: stalledAnswer(stream, 1),
    run: async (client) => {
      const response = await client.chat.completions.create(streamed).asResponse();
      await response.body?.cancel("enough");
      return response;
    },
    answers: ["cancelled"],
    spans: [{ ids: ["req_0f2c6b7d1e"], status: 200, retryCount: 0, outcome: "cancelled" }],
  },
  {
    name: "a signal that is aborted before the headers",
    respond: { fault: { kind: "stall", beforeHeaders: true } },
    run: async (client, { emulator }) => {
      const controller = new AbortController();
      const chunks = client.chat.completions.create(streamed, { signal: controller.signal });
      requestsSeen(emulator).then(() => controller.abort(new Error("mine")));
      return await chunks;
    },
    throws: "APIUserAbortError",
    answers: ["cancelled"],
    spans: [{ outcome: "cancelled", retryCount: 0 }],
  },
  {
    name: "a signal that is aborted in the middle of a stream",
    respond: stalledAnswer(stream, 2),
    run: async (client, stage) => {
      const controller = new AbortController();
      const { signal } = controller;
      const chunks = await client.chat.completions.create(streamed, { signal });
      setTimeout(() => controller.abort(new Error("mine")), 30);
      return [await logAll(chunks, stage), chunks];
    },
    answers: ["cancelled"],
    spans: [{ ...firstEvents, outcome: "cancelled", ttft: true }],
  },
  {
    name: "a signal that is aborted before the call",
    respond: answer(stream),
    run: (client) => client.chat.completions.create(streamed, { signal: AbortSignal.abort() }),
    throws: "APIUserAbortError",
    answers: [],
    spans: [],
  },
  {
    name: "AbortSignal.timeout() in the middle of a completion",
    respond: stalledAnswer(json, 1),
    run: (client) => client.chat.completions.create(question, { signal: AbortSignal.timeout(300) }),
    throws: "APIUserAbortError",
    answers: ["cancelled"],
    spans: [{ ids: ["req_json"], status: 200, outcome: "error", errorType: "TimeoutError", retryCount: 0 }],
  },
  {
    name: "the SDK's own timeout",
    respond: answer(stream, { delayMs: 60_000 }),
    run: (client) => client.chat.completions.create(streamed, { timeout: 40 }),
    throws: "APIConnectionTimeoutError",
    answers: ["cancelled"],
    // the SDK aborts with no reason of its own, so a timeout cannot be told from a wish to stop
    spans: [{ outcome: "cancelled", retryCount: 0 }],
  },
];

testScenarios("openai", openaiClient, scenarios);
