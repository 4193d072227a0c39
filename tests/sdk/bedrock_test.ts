import { ConverseStreamCommand, InvokeModelCommand } from "@aws-sdk/client-bedrock-runtime";
import { fixture } from "../support/fixtures.ts";
import {
  bedrockClient,
  converse,
  type Fetch,
  iterate,
  iterateInvoked,
  prompt,
  withTools,
} from "./bedrock_client.ts";
import { logAll, type Scenario, testScenarios } from "./compare.ts";
import { datedAnswer as answer } from "./dated_answer.ts";
import { spanOf } from "./span_summary.ts";

const json = fixture("bedrock", "converse_json");
const stream = fixture("bedrock", "converse_stream");
const tools = fixture("bedrock", "converse_tools_stream");
const invoked = fixture("bedrock", "invoke_anthropic_json");
const invokedStream = fixture("bedrock", "invoke_anthropic_stream");

/** The SDK does not say in a header of its own which try a request is. */
const NO_COUNT = { retryCount: undefined };

/** Does the same with the global `fetch`, which the SDK looks up at each call. */
const globally = (run: Scenario<Fetch>["run"]): Scenario<Fetch>["run"] => async (fetch, stage) => {
  const original = globalThis.fetch;
  globalThis.fetch = fetch!;
  try {
    return await run(undefined, stage);
  } finally {
    globalThis.fetch = original;
  }
};

const scenarios: Scenario<Fetch>[] = [
  {
    name: "Converse",
    respond: answer(json, { chunkBytes: 64 }),
    run: converse,
    answers: ["complete"],
    spans: [spanOf(json, NO_COUNT)],
  },
  {
    name: "Converse through the global fetch",
    respond: answer(json),
    run: globally(converse),
    answers: ["complete"],
    spans: [spanOf(json, NO_COUNT)],
  },
  {
    name: "ConverseStream",
    respond: answer(stream),
    run: iterate,
    answers: ["complete"],
    spans: [spanOf(stream, NO_COUNT)],
  },
  {
    name: "ConverseStream in pieces of 7 bytes",
    respond: answer(stream, { chunkBytes: 7 }),
    run: iterate,
    answers: ["complete"],
    spans: [spanOf(stream, NO_COUNT)],
  },
  {
    name: "ConverseStream of tool calls",
    respond: answer(tools, { chunkBytes: 64 }),
    run: async (fetch, stage) => {
      const { stream } = await bedrockClient(fetch).send(new ConverseStreamCommand(withTools));
      return await logAll(stream!, stage);
    },
    answers: ["complete"],
    spans: [spanOf(tools, NO_COUNT)],
  },
  {
    name: "InvokeModel",
    respond: answer(invoked),
    run: (fetch) => bedrockClient(fetch).send(new InvokeModelCommand(prompt)),
    answers: ["complete"],
    spans: [spanOf(invoked, NO_COUNT)],
  },
  {
    name: "InvokeModelWithResponseStream",
    respond: answer(invokedStream, { chunkBytes: 64 }),
    run: iterateInvoked,
    answers: ["complete"],
    spans: [spanOf(invokedStream, NO_COUNT)],
  },
];

testScenarios("bedrock", (fetch): Fetch => fetch, scenarios);
