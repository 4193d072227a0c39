import { randomPieces } from "../support/cuts.ts";
import { fixture } from "../support/fixtures.ts";
import { answer, logAll, logEvents, type Scenario, testScenarios } from "./compare.ts";
import {
  type Anthropic,
  anthropicClient,
  complete,
  EVENTS,
  iterate,
  lookup,
  question,
  streamed,
} from "./anthropic_client.ts";
import { spanOf } from "./span_summary.ts";

const stream = fixture("anthropic", "messages_stream");
const json = fixture("anthropic", "messages_json");
const tools = fixture("anthropic", "tools_stream");

/** One stream with thinking, in every shape in which it can arrive. */
const arrivals = [
  { how: "in one piece", respond: answer(stream) },
  { how: "in pieces of 7 bytes", respond: answer(stream, { chunkBytes: 7 }) },
  { how: "byte by byte", respond: answer(stream, { chunkBytes: 1 }) },
  { how: "slowly", respond: answer(stream, { chunkBytes: 300, paceMs: 5 }) },
  { how: "in random pieces, seed 1", respond: answer(stream, { body: randomPieces(stream.body, 1) }) },
  { how: "in random pieces, seed 2", respond: answer(stream, { body: randomPieces(stream.body, 2) }) },
  {
    how: "compressed",
    respond: answer(stream, { gzip: true, chunkBytes: 20 }),
    exceptHeaders: ["content-encoding", "content-length"],
  },
].map(({ how, ...scenario }): Scenario<Anthropic> => ({
  ...scenario,
  name: `a stream that arrives ${how}`,
  run: iterate,
  answers: ["complete"],
  spans: [spanOf(stream)],
}));

const scenarios: Scenario<Anthropic>[] = [
  {
    name: "create() without a stream",
    respond: answer(json),
    run: complete,
    answers: ["complete"],
    spans: [spanOf(json)],
  },
  {
    name: "withResponse() has the message, the response and the request id",
    respond: answer(json, { headers: { "anthropic-organization-id": "org", "anthropic-workspace-id": "w" } }),
    run: (client) => client.messages.create(question).withResponse(),
    answers: ["complete"],
    spans: [spanOf(json)],
  },
  {
    name: "withResponse() of a stream",
    respond: answer(stream, { chunkBytes: 100 }),
    run: async (client, stage) => {
      const { data, response, request_id } = await client.messages.create(streamed).withResponse();
      stage.log(response, request_id);
      return [await logAll(data, stage), response];
    },
    answers: ["complete"],
    spans: [spanOf(stream)],
  },
  {
    name: "asResponse() can be cloned and read to its end",
    respond: answer(json, { chunkBytes: 50 }),
    run: async (client) => {
      const response = await client.messages.create(question).asResponse();
      const clone = response.clone();
      return [response, clone, await Promise.all([response.text(), clone.text()])];
    },
    answers: ["complete"],
    spans: [spanOf(json)],
  },
  {
    name: "stream() emits its events in order",
    respond: answer(stream, { chunkBytes: 64 }),
    run: async (client, stage) => {
      const helper = client.messages.stream(question);
      logEvents(helper, EVENTS, stage);
      const message = await helper.finalMessage();
      return [message, await helper.finalText(), helper.request_id, helper.response];
    },
    answers: ["complete"],
    spans: [spanOf(stream)],
  },
  {
    name: "stream() of a tool call",
    respond: answer(tools, { chunkBytes: 64 }),
    run: async (client, stage) => {
      const helper = client.messages.stream({ ...question, tools: [lookup] });
      logEvents(helper, EVENTS, stage);
      return await helper.finalMessage();
    },
    answers: ["complete"],
    spans: [spanOf(tools)],
  },
  {
    name: "stream() iterated",
    respond: answer(tools),
    run: async (client, stage) => {
      const helper = client.messages.stream({ ...question, tools: [lookup] });
      return [await logAll(helper, stage), await helper.finalMessage()];
    },
    answers: ["complete"],
    spans: [spanOf(tools)],
  },
  {
    name: "stream().withResponse()",
    respond: answer(stream),
    run: async (client) => {
      const { data, response, request_id } = await client.messages.stream(question).withResponse();
      return [await data.finalMessage(), response, request_id];
    },
    answers: ["complete"],
    spans: [spanOf(stream)],
  },
  {
    name: "tee() with a branch that lags behind",
    respond: answer(stream, { chunkBytes: 100 }),
    run: async (client, stage) => {
      const [left, right] = (await client.messages.create(streamed)).tee();
      return [await logAll(left, stage), await logAll(right, stage)];
    },
    answers: ["complete"],
    spans: [spanOf(stream)],
  },
  {
    name: "toReadableStream()",
    respond: answer(stream, { chunkBytes: 100 }),
    run: async (client) => new Response((await client.messages.create(streamed)).toReadableStream()).text(),
    answers: ["complete"],
    spans: [spanOf(stream)],
  },
  {
    name: "toolRunner() calls the tool and asks again",
    respond: [answer(tools), answer(stream)],
    run: async (client, stage) => {
      const runner = client.beta.messages.toolRunner({
        ...streamed,
        tools: [{ ...lookup, run: (input) => `found ${JSON.stringify(input)}`, parse: (input) => input }],
      });
      for await (const events of runner) await logAll(events, stage);
      return runner.params;
    },
    answers: ["complete", "complete"],
    spans: [spanOf(tools), spanOf(stream)],
  },
  {
    name: "a call that no provider is known for",
    respond: { headers: { "content-type": "application/json" }, body: '{"input_tokens":7}' },
    run: (client) => {
      const { max_tokens: _, ...counted } = question;
      return client.messages.countTokens(counted);
    },
    answers: ["complete"],
    spans: [],
  },
];

testScenarios("anthropic", anthropicClient, [...arrivals, ...scenarios]);
