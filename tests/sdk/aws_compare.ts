/**
 * One scenario of the AWS SDK, run twice: with a request handler alone, and with the same through ours. What the caller
 * gets and what the service sees have to be the same; then the spans are looked at.
 */

import assert from "node:assert/strict";
import type { NodeHttp2Handler } from "@smithy/node-http-handler";
import { instrumentRequestHandler } from "../../src/core.ts";
import { awsTranscribe, bedrock } from "../../src/providers/mod.ts";
import * as attr from "../../src/semconv_attributes.ts";
import { type EmulatedStream, startHttp2Emulator } from "../support/http2_emulator.ts";
import { failLater, type KeptSpan, startKept } from "../support/memory_exporter.ts";
import { describe } from "./describe.ts";
import { withPatience } from "./keep.ts";
import { compact, summarizeEnding } from "./summary.ts";

/** What a client is made of. */
export interface AwsStage {
  readonly client: {
    readonly region: string;
    readonly endpoint: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
    readonly requestHandler: NodeHttp2Handler;
    readonly logger: { debug(): void; info(): void; warn(): void; error(): void };
  };
  /** Keeps what is seen on the way. */
  log(...seen: readonly unknown[]): void;
}

/** What is done with the SDK, and what has to come of it. */
export interface AwsScenario {
  readonly name: string;
  /** The service's side of each stream. */
  readonly serve: (stream: EmulatedStream) => Promise<void> | void;
  readonly makeHandler: () => NodeHttp2Handler;
  readonly run: (stage: AwsStage) => Promise<unknown>;
  /** The class of the error that it has to throw; else it has to return. */
  readonly throws?: string;
  readonly spans: readonly AwsSummary[];
}

/** A span in short; what it does not have is absent. */
export interface AwsSummary {
  readonly name: string;
  readonly ids?: readonly string[];
  readonly provider?: string;
  readonly model?: string;
  readonly language?: string;
  readonly status?: number;
  readonly outcome?: string;
  readonly errorType?: string;
  readonly errorCode?: string;
  /** Seconds of audio that went, and that came. */
  readonly sent?: number;
  readonly audio?: number;
  /** Input and output tokens. */
  readonly usage?: readonly [number, number];
  readonly finish?: readonly string[];
  readonly tools?: readonly string[];
  readonly interrupted?: boolean;
  readonly reused?: boolean;
  /** Of a turn: how it ended, and whether it has a transcription delay. */
  readonly turn?: string;
  readonly delay?: true;
}

/** How a connection that broke shows: it depends on who was writing or reading then. */
export const BROKEN = /^(EPIPE|ECONNRESET|ERR_STREAM_PREMATURE_CLOSE|ERR_HTTP2_\w+)$/;

/** One test for each scenario. */
export function testAws(sdk: string, scenarios: readonly AwsScenario[]): void {
  for (const scenario of scenarios) Deno.test(`${sdk}: ${scenario.name}`, () => compare(scenario));
}

async function compare(scenario: AwsScenario): Promise<void> {
  const plain = await play(scenario, false);
  const observed = await play(scenario, true);
  assert.equal(plain.threw, scenario.throws, `without us it gave ${JSON.stringify(plain.end, null, 1)}`);
  assert.deepEqual(observed.log, plain.log, "what was seen on the way");
  assert.deepEqual(observed.end, plain.end, "result or error");
  assert.deepEqual(observed.service, plain.service, "what the service saw");
  assert.deepEqual(observed.spans, scenario.spans);
}

async function play({ serve, makeHandler, run }: AwsScenario, observed: boolean) {
  await using emulator = await startHttp2Emulator(serve);
  const telemetry = startKept({ register: false });
  const handler = makeHandler();
  const providers = [bedrock, awsTranscribe].map((row) => ({ ...row, hosts: [emulator.host] }));
  const { tracerProvider, meterProvider } = telemetry;
  const requestHandler = observed
    ? instrumentRequestHandler(handler, { providers, tracerProvider, meterProvider, onError: failLater })
    : handler;
  const log: unknown[] = [];
  const options = { host: emulator.host, thrown: [] };
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  let end: unknown = { hangs: true };
  let threw: string | undefined;
  const attempt = async (): Promise<void> => {
    try {
      const returned = await run({
        client: {
          region: "eu-west-1",
          endpoint: emulator.url,
          credentials: { accessKeyId: "AKIATEST", secretAccessKey: "canary" },
          maxAttempts: 1,
          requestHandler,
          logger: quiet,
        },
        log: (...seen) => void log.push(describe(seen, options)),
      });
      end = { returned: describe(returned, options) };
    } catch (error) {
      threw = Object(error).name;
      end = { threw, message: Object(error).message };
    }
  };
  await withPatience(attempt());
  handler.destroy();
  await withPatience(Promise.all(emulator.streams.map(({ closed }) => closed)));
  await telemetry.flush();
  const service = emulator.streams.map(({ path, headers, events }) => ({
    path,
    headers: Object.keys(headers).sort(),
    events: events.map(({ type, payload }) => [type, [...payload]]),
  }));
  await telemetry.shutdown();
  return { log, end, threw, service, spans: telemetry.spans.map(summarize) };
}

function summarize(kept: KeptSpan): AwsSummary {
  const { name, attributes } = kept;
  const { errorType, ...ending } = summarizeEnding(kept);
  const delay = attributes[attr.transcriptionDelay];
  if (typeof delay === "number" && !(delay >= 0 && delay < 3)) throw new RangeError(`A delay of ${delay} s`);
  return compact<AwsSummary>({
    ...ending,
    name,
    provider: attributes[attr.providerName] as string | undefined,
    model: attributes[attr.requestModel] as string | undefined,
    language: attributes[attr.language] as string | undefined,
    status: attributes[attr.httpStatus] as number | undefined,
    errorType: BROKEN.test(String(errorType)) ? "broken" : errorType,
    sent: attributes[attr.sentAudioSeconds] as number | undefined,
    audio: attributes[attr.audioSeconds] as number | undefined,
    finish: attributes[attr.finishReasons] as string[] | undefined,
    tools: attributes[attr.toolCalls] as string[] | undefined,
    interrupted: attributes[attr.interrupted] as boolean | undefined,
    reused: attributes[attr.connectionReused] as boolean | undefined,
    turn: attributes[attr.turnOutcome] as string | undefined,
    delay: delay === undefined ? undefined : true,
  });
}
