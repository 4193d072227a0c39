/** Bedrock's client on each kind of request handler: HTTP/2 and HTTP/1.1 of Node, and `fetch`. */

import assert from "node:assert/strict";
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { FetchHttpHandler } from "@smithy/fetch-http-handler";
import { NodeHttp2Handler, NodeHttpHandler } from "@smithy/node-http-handler";
import { instrumentRequestHandler } from "../../src/core.ts";
import { bedrock } from "../../src/providers/mod.ts";
import { startEmulator } from "../../src/testing/mod.ts";
import { fixture, type HttpFixture } from "../support/fixtures.ts";
import { startHttp2Emulator } from "../support/http2_emulator.ts";
import { failLater, startKept } from "../support/memory_exporter.ts";
import { prompt, question, withSignal } from "./bedrock_client.ts";
import { datedAnswer } from "./dated_answer.ts";
import { spanOf, type SpanSummary, summarize } from "./span_summary.ts";

type Handler = NodeHttp2Handler | NodeHttpHandler | FetchHttpHandler;
type Use = (client: BedrockRuntimeClient) => Promise<unknown>;

/** The SDK does not say in a header of its own which try a request is. */
const NO_COUNT = { retryCount: undefined };

/** Serves a fixture's answer, in pieces, over the protocol that the handler speaks. */
async function serve(answer: HttpFixture, handler: Handler) {
  if (!(handler instanceof NodeHttp2Handler)) {
    const emulator = await startEmulator({ respond: datedAnswer(answer, { chunkBytes: 50 }) });
    const host = `127.0.0.1:${emulator.port}`;
    return { host, url: `http://${host}`, stop: () => emulator.close() };
  }
  const emulator = await startHttp2Emulator(async (stream) => {
    stream.respond(answer.response.status, answer.response.headers);
    for (let at = 0; at < answer.body.length; at += 50) await stream.send(answer.body.subarray(at, at + 50));
    stream.end();
  });
  return { host: emulator.host, url: emulator.url, stop: () => emulator[Symbol.asyncDispose]() };
}

/** What a use of the client gives, and the spans of it. */
async function play(answer: HttpFixture, handler: Handler, use: Use, observed: boolean) {
  const { host, url, stop } = await serve(answer, handler);
  const telemetry = startKept({ register: false });
  const { tracerProvider, meterProvider } = telemetry;
  const providers = [{ ...bedrock, hosts: [host] }];
  const client = new BedrockRuntimeClient({
    region: "us-east-1",
    endpoint: url,
    credentials: { accessKeyId: "AKIATEST", secretAccessKey: "test" },
    maxAttempts: 1,
    requestHandler: observed
      ? instrumentRequestHandler(handler, { providers, tracerProvider, meterProvider, onError: failLater })
      : handler,
  });
  let came: unknown;
  try {
    came = await use(client);
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: object };
    came = { name, message, $metadata };
  }
  handler.destroy();
  await stop();
  await telemetry.shutdown();
  return { came, spans: telemetry.spans.map(summarize) };
}

const collect: Use = (client) =>
  withSignal(async (options) => {
    const { stream, ...rest } = await client.send(new ConverseStreamCommand(question), options);
    const events: unknown[] = [rest];
    for await (const event of stream!) events.push(event);
    return events;
  });

const converse: Use = (client) => client.send(new ConverseCommand(question));

const invoke: Use = async (client) => {
  const { body, ...rest } = await client.send(new InvokeModelCommand(prompt));
  return [rest, body.transformToString()];
};

/** Reads a piece, aborts, and reads on. */
const abort: Use = async (client) => {
  const controller = new AbortController();
  const command = new ConverseStreamCommand(question);
  const { stream } = await client.send(command, { abortSignal: controller.signal });
  const events: unknown[] = [];
  try {
    for await (const event of stream!) {
      events.push(event);
      controller.abort();
    }
  } catch (error) {
    events.push((error as Error).name);
  }
  return events.length > 0;
};

const uses: readonly (readonly [name: string, fixture: HttpFixture, Use, SpanSummary])[] = [
  ...([
    ["Converse", "converse_json", converse],
    ["ConverseStream", "converse_stream", collect],
    ["InvokeModel", "invoke_anthropic_json", invoke],
    ["a refusal", "converse_error_400", converse],
    ["an exception in a stream", "converse_exception", collect],
  ] as const).map(([name, file, use]) => {
    const answer = fixture("bedrock", file);
    return [name, answer, use, spanOf(answer, NO_COUNT)] as const;
  }),
];

const handlers: readonly (readonly [name: string, make: () => Handler])[] = [
  ["NodeHttp2Handler", () => new NodeHttp2Handler()],
  ["NodeHttpHandler", () => new NodeHttpHandler()],
  ["FetchHttpHandler", () => new FetchHttpHandler()],
];

for (const [handlerName, makeHandler] of handlers) {
  for (const [name, answer, use, span] of uses) {
    Deno.test(`bedrock on ${handlerName}: ${name}`, async () => {
      const plain = await play(answer, makeHandler(), use, false);
      const observed = await play(answer, makeHandler(), use, true);
      assert.deepEqual(observed.came, plain.came);
      assert.deepEqual(plain.spans, []);
      assert.deepEqual(observed.spans, [span]);
    });
  }

  Deno.test(`bedrock on ${handlerName}: an abort ends the span as cancelled, with its id`, async () => {
    const answer = fixture("bedrock", "converse_stream");
    const { came, spans: [span] } = await play(answer, makeHandler(), abort, true);
    assert.equal(came, true);
    assert.equal(span?.outcome, "cancelled");
    assert.deepEqual(span?.ids, answer.expected.requestIds.map(([id]) => id));
  });
}
