import { type AbortableAsyncIterator, Ollama } from "ollama";
import { fixture } from "../support/fixtures.ts";
import { answer, logAll, type Scenario, type Stage, testScenarios } from "./compare.ts";
import { spanOf, type SpanSummary } from "./span_summary.ts";

const json = fixture("ollama", "chat_json");
const stream = fixture("ollama", "cloud_stream");
const tools = fixture("ollama", "tools_stream");
const generated = fixture("ollama", "generate_stream");
const missing = fixture("ollama", "error_404");
const failed = fixture("ollama", "error_in_stream");
const truncated = fixture("ollama", "truncated");

/** The SDK says nothing of tries: it makes one. */
const ollamaClient = (fetch: typeof globalThis.fetch): Ollama => new Ollama({ fetch });

const question = { model: "gpt-oss:20b", messages: [{ role: "user", content: "Grüezi, what is a span?" }] };
const streamed = { ...question, stream: true } as const;
const lookup = {
  type: "function",
  function: {
    name: "lookup",
    description: "Looks up",
    parameters: { type: "object", properties: { q: { type: "string", description: "What" } } },
  },
};

const NO_COUNT = { retryCount: undefined };
const firstLines: SpanSummary = { ids: ["69feef07-teespan"], status: 200, ttft: true };

/** The stream that stops after its first text. */
const stalled = answer(stream, {
  fault: { kind: "stall", afterBytes: new TextDecoder().decode(stream.body).indexOf("w\u00f6rk") - 100 },
});

type Run = Scenario<Ollama>["run"];

/** Logs all lines. After the last one, or an error, the SDK leaves the body as it is: whoever minds has to abort. */
async function logLines(lines: AbortableAsyncIterator<object>, stage: Stage): Promise<number> {
  try {
    return await logAll(lines, stage);
  } finally {
    lines.abort();
  }
}

const iterate: Run = async (client, stage) => logLines(await client.chat(streamed), stage);

const reads: Scenario<Ollama>[] = [
  {
    name: "chat() without a stream",
    respond: answer(json, { chunkBytes: 50 }),
    run: (client) => client.chat(question),
    answers: ["complete"],
    spans: [spanOf(json, NO_COUNT)],
  },
  {
    name: "chat() with a stream",
    respond: answer(stream),
    run: iterate,
    answers: ["complete"],
    spans: [spanOf(stream, NO_COUNT)],
  },
  {
    name: "chat() with a stream in pieces of 7 bytes",
    respond: answer(stream, { chunkBytes: 7 }),
    run: iterate,
    answers: ["complete"],
    spans: [spanOf(stream, NO_COUNT)],
  },
  {
    name: "chat() with a stream of tool calls",
    respond: answer(tools, { chunkBytes: 64 }),
    run: async (client, stage) => logLines(await client.chat({ ...streamed, tools: [lookup] }), stage),
    answers: ["complete"],
    spans: [spanOf(tools, NO_COUNT)],
  },
  {
    name: "generate() with a stream",
    respond: answer(generated, { chunkBytes: 64 }),
    run: async (client, stage) =>
      logLines(await client.generate({ model: "gpt-oss:20b", prompt: "Grüezi", stream: true }), stage),
    answers: ["complete"],
    spans: [spanOf(generated, NO_COUNT)],
  },
];

const failures: Scenario<Ollama>[] = [
  ...[{ how: "with a stream", asked: streamed }, { how: "without", asked: question }].map(
    ({ how, asked }): Scenario<Ollama> => ({
      name: `chat() ${how} of a model that is missing`,
      respond: answer(missing),
      run: (client) => client.chat(asked as typeof question),
      throws: "ResponseError",
      answers: ["complete"],
      spans: [spanOf(missing, NO_COUNT)],
    }),
  ),
  {
    name: "a line that is an error",
    respond: answer(failed, { chunkBytes: 64 }),
    run: iterate,
    throws: "Error",
    answers: ["complete"],
    spans: [spanOf(failed, NO_COUNT)],
  },
  {
    name: "a stream without its last line",
    respond: answer(truncated, { body: truncated.body.subarray(0, truncated.body.indexOf(10) + 1) }),
    run: iterate,
    throws: "Error",
    answers: ["complete"],
    spans: [spanOf(truncated, NO_COUNT)],
  },
  {
    name: "a reset in the middle of a stream",
    respond: answer(stream, { fault: { ...stalled.fault!, kind: "reset" } as typeof stalled.fault }),
    run: iterate,
    throws: "TypeError",
    answers: ["fault"],
    spans: [{ ...firstLines, outcome: "error", errorType: "TypeError" }],
  },
];

const stops: Scenario<Ollama>[] = [
  {
    name: "abort() of the iterator at the first text",
    respond: stalled,
    run: async (client, stage) => {
      const lines = await client.chat(streamed);
      for await (const line of lines) {
        stage.log(line);
        if (line.message.content) lines.abort();
      }
    },
    throws: "DOMException",
    answers: ["cancelled"],
    spans: [{ ...firstLines, outcome: "cancelled" }],
  },
  {
    name: "abort() of the client while a stream waits",
    respond: stalled,
    run: async (client, stage) => {
      const lines = await client.chat(streamed);
      for await (const line of lines) {
        stage.log(line);
        if (line.message.content) setTimeout(() => client.abort(), 5);
      }
    },
    throws: "DOMException",
    answers: ["cancelled"],
    spans: [{ ...firstLines, outcome: "cancelled" }],
  },
  {
    name: "break at the first text, then abort()",
    respond: stalled,
    run: async (client, stage) => {
      const lines = await client.chat(streamed);
      for await (const line of lines) {
        stage.log(line);
        if (line.message.content) break;
      }
      // the break alone leaves the body open
      lines.abort();
    },
    answers: ["cancelled"],
    spans: [{ ...firstLines, outcome: "cancelled" }],
  },
];

testScenarios("ollama", ollamaClient, [...reads, ...failures, ...stops]);
