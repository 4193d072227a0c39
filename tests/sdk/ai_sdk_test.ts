import { fixture } from "../support/fixtures.ts";
import { type Scenario, testScenarios } from "./compare.ts";
import { datedAnswer as answer } from "./dated_answer.ts";
import { aiModels, generate, type Models, stream } from "./ai_sdk_client.ts";
import { spanOf } from "./span_summary.ts";

/** The SDK does not say in its requests which try they are. */
const NO_COUNT = { retryCount: undefined };

const doors = [
  {
    door: "responses",
    json: fixture("openai", "responses_json"),
    whole: fixture("openai", "responses_stream"),
    tools: fixture("openai", "responses_tools_stream"),
  },
  {
    door: "chat",
    json: fixture("openai", "chat_json"),
    whole: fixture("openai", "chat_stream"),
    tools: fixture("openai", "tools_stream"),
  },
  {
    door: "anthropic",
    json: fixture("anthropic", "messages_json"),
    whole: fixture("anthropic", "messages_stream"),
    tools: fixture("anthropic", "tools_stream"),
  },
  {
    door: "google",
    json: fixture("gemini", "content_json"),
    whole: fixture("gemini", "content_stream"),
    tools: fixture("gemini", "tools_stream"),
  },
] as const;

const scenarios = doors.flatMap(({ door, json, whole, tools }): Scenario<Models>[] => [
  {
    name: `generateText() through ${door}`,
    respond: answer(json, { chunkBytes: 100 }),
    run: (models) => generate(models[door]),
    answers: ["complete"],
    spans: [spanOf(json, NO_COUNT)],
  },
  {
    name: `streamText() through ${door}`,
    respond: answer(whole),
    run: (models, stage) => stream(models[door], stage),
    answers: ["complete"],
    spans: [spanOf(whole, NO_COUNT)],
  },
  {
    name: `streamText() through ${door} in pieces of 7 bytes`,
    respond: answer(whole, { chunkBytes: 7 }),
    run: (models, stage) => stream(models[door], stage),
    answers: ["complete"],
    spans: [spanOf(whole, NO_COUNT)],
  },
  {
    name: `streamText() of tool calls through ${door}`,
    respond: answer(tools, { chunkBytes: 64 }),
    run: (models, stage) => stream(models[door], stage, { tools: true }),
    answers: ["complete"],
    spans: [spanOf(tools, NO_COUNT)],
  },
]);

testScenarios("ai", aiModels, scenarios);
