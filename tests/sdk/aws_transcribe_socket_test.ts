/**
 * Amazon's SDK for Transcribe on the socket that it takes in browsers. On Node and Deno it takes HTTP/2 unless it is
 * handed the other handler, as here. It signs its address anew for each run, so what the provider saw is not compared;
 * what the application got is.
 */

import {
  StartStreamTranscriptionCommand,
  TranscribeStreamingClient,
} from "@aws-sdk/client-transcribe-streaming";
import { WebSocketFetchHandler } from "@aws-sdk/middleware-websocket";
import assert from "node:assert/strict";
import { startSocketEmulator } from "../../src/testing/mod.ts";
import { startKept } from "../support/memory_exporter.ts";
import { heard, type HearingSummary, summarizeHearing } from "./hearing_summary.ts";
import { fixtureFrames, playing } from "./speech_server.ts";

interface Outcome {
  readonly log: readonly unknown[];
  readonly frames: number;
  readonly spans: readonly HearingSummary[];
}

/** What transcribes with the emulator's sockets as the global class, bare or observed. */
async function play(fixture: string, observed: boolean): Promise<Outcome> {
  await using emulator = await startSocketEmulator({
    serve: playing(...fixtureFrames("aws_transcribe", fixture)),
  });
  const telemetry = observed ? startKept({ WebSocket: emulator.WebSocket, register: false }) : undefined;
  const native = globalThis.WebSocket;
  globalThis.WebSocket = telemetry?.WebSocket ?? emulator.WebSocket;
  const log: unknown[] = [];
  try {
    await transcribe((...seen) => log.push(seen));
  } finally {
    globalThis.WebSocket = native;
  }
  await Promise.all(emulator.connections.map(({ closed }) => closed));
  await telemetry?.shutdown();
  const frames = emulator.connections[0]!.frames.length;
  return { log, frames, spans: summarizeHearing(telemetry?.spans ?? []) };
}

async function transcribe(log: (...seen: readonly unknown[]) => void): Promise<void> {
  const requestHandler = new WebSocketFetchHandler();
  const client = new TranscribeStreamingClient({
    region: "eu-central-1",
    credentials: { accessKeyId: "canary", secretAccessKey: "canary", sessionToken: "canary" },
    maxAttempts: 1,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    requestHandler,
    // that of browsers, where the address is signed instead of the messages
    eventStreamPayloadHandlerProvider: () => ({ handle: (next, call) => next(call as never) }),
  });
  let results = 0;
  let wake = (): void => {};
  async function* audio() {
    // the SDK closes the socket when its audio ends, whatever was still to come
    for (const needed of [0, 0, 3, 5, Infinity]) {
      while (results < needed) await new Promise<void>((resolve) => void (wake = resolve));
      if (needed < Infinity) yield { AudioEvent: { AudioChunk: new Uint8Array(1600) } };
    }
  }
  try {
    const { TranscriptResultStream, SessionId } = await client.send(
      new StartStreamTranscriptionCommand({
        ...{ LanguageCode: "en-US", MediaEncoding: "pcm", MediaSampleRateHertz: 8000 },
        ...{ SessionId: "5f0d9c3e-0000-4000-8000-dddddddddddd", AudioStream: audio() },
      }),
    );
    log(SessionId);
    for await (const event of TranscriptResultStream!) {
      log(
        event.TranscriptEvent?.Transcript?.Results?.map(({ Alternatives }) => Alternatives?.[0]?.Transcript),
      );
      results++;
      wake();
    }
  } catch (error) {
    log((error as Error).name);
  } finally {
    results = Infinity;
    wake();
    client.destroy();
  }
}

async function compare(fixture: string): Promise<Outcome> {
  const plain = await play(fixture, false);
  const observed = await play(fixture, true);
  assert.deepEqual(observed.log, plain.log);
  assert.equal(observed.frames, plain.frames);
  return observed;
}

const ids = ["5f0d9c3e-0000-4000-8000-dddddddddddd"];
const attempt: HearingSummary = { provider: "aws.transcribe", ids, language: "en-US", outcome: "success" };
const turn: HearingSummary = {
  ...{ provider: "aws.transcribe", ids, turn: "committed", clock: "words", confidence: 0.75 },
  delays: ["first", "transcription", "end"],
};

Deno.test("@aws-sdk/client-transcribe-streaming: two segments on a socket", async () => {
  const { log, spans } = await compare("ws_listen");
  assert.deepEqual(log.at(-1), [["Thank you very much."]]);
  assert.deepEqual(spans, [turn, turn, { ...attempt, sent: 0.4, first: true, closeCode: 1000 }]);
});

Deno.test("@aws-sdk/client-transcribe-streaming: an exception on a socket", async () => {
  const { log, spans } = await compare("ws_listen_exception");
  assert.deepEqual(log.at(-1), ["BadRequestException"]);
  assert.deepEqual(spans, [
    heard({ ...attempt, outcome: "error", errorType: "BadRequestException", sent: 0.2 }),
  ]);
});
