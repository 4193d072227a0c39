import { fixture } from "../support/fixtures.ts";
import { answer, logEvents, requestsSeen, type Scenario, stalledAnswer, testScenarios } from "./compare.ts";
import {
  type Anthropic,
  anthropicClient,
  EVENTS,
  firstEvents,
  question,
  streamed,
  UP_TO_TEXT,
} from "./anthropic_client.ts";

const stream = fixture("anthropic", "messages_stream");

const scenarios: Scenario<Anthropic>[] = [
  {
    name: "break at the first text",
    respond: stalledAnswer(stream, UP_TO_TEXT),
    run: async (client, stage) => {
      const events = await client.messages.create(streamed);
      for await (const event of events) {
        stage.log(event);
        if (event.type === "content_block_delta" && event.delta.type === "text_delta") break;
      }
      return events;
    },
    answers: ["cancelled"],
    spans: [{ ...firstEvents, outcome: "cancelled" }],
  },
  {
    name: "abort() of stream() at the first text",
    respond: stalledAnswer(stream, UP_TO_TEXT),
    run: async (client, stage) => {
      const helper = client.messages.stream(question);
      logEvents(helper, EVENTS, stage);
      helper.on("text", () => helper.abort());
      return await helper.finalMessage();
    },
    throws: "APIUserAbortError",
    answers: ["cancelled"],
    spans: [{ ...firstEvents, outcome: "cancelled" }],
  },
  {
    name: "a signal that is aborted while a stream waits",
    respond: stalledAnswer(stream, UP_TO_TEXT),
    run: async (client, stage) => {
      const controller = new AbortController();
      const helper = client.messages.stream(question, { signal: controller.signal });
      logEvents(helper, EVENTS, stage);
      helper.on("text", () => setTimeout(() => controller.abort(new Error("mine")), 5));
      return await helper.done();
    },
    throws: "APIUserAbortError",
    answers: ["cancelled"],
    spans: [{ ...firstEvents, outcome: "cancelled" }],
  },
  {
    name: "a signal that is aborted before the headers",
    respond: { fault: { kind: "stall", beforeHeaders: true } },
    run: async (client, { emulator }) => {
      const controller = new AbortController();
      const message = client.messages.create(question, { signal: controller.signal });
      requestsSeen(emulator).then(() => controller.abort(new Error("mine")));
      return await message;
    },
    throws: "APIUserAbortError",
    answers: ["cancelled"],
    spans: [{ outcome: "cancelled", retryCount: 0 }],
  },
  {
    name: "the SDK's own timeout",
    respond: answer(stream, { delayMs: 60_000 }),
    run: (client) => client.messages.create(streamed, { timeout: 40 }),
    throws: "APIConnectionTimeoutError",
    answers: ["cancelled"],
    // the SDK aborts with no reason of its own, so a timeout cannot be told from a wish to stop
    spans: [{ outcome: "cancelled", retryCount: 0 }],
  },
];

testScenarios("anthropic", anthropicClient, scenarios);
