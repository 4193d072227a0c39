/**
 * Microsoft's Speech SDK on a local emulator. It makes ids and times anew for each run, so what the provider saw is not
 * compared; what the application got is.
 */

import assert from "node:assert/strict";
import * as speech from "microsoft-cognitiveservices-speech-sdk";
import { type EmulatedConnection, startSocketEmulator } from "../../src/testing/mod.ts";
import { startKept } from "../support/memory_exporter.ts";
import { heard, type HearingSummary, summarizeHearing } from "./hearing_summary.ts";

/** A message of the client: what it is, which turn it is of, how long its body is. */
interface Seen {
  readonly path: string;
  readonly requestId: string;
  readonly bodyBytes: number;
}

function readMessage(frame: string | Uint8Array): Seen {
  const headerBytes = typeof frame === "string" ? 0 : frame[0]! * 256 + frame[1]!;
  const header = typeof frame === "string"
    ? frame
    : new TextDecoder().decode(frame.slice(2, 2 + headerBytes));
  const valueOf = (name: string): string => new RegExp(`^${name}: *(.*?)\r?$`, "im").exec(header)?.[1] ?? "";
  const bodyBytes = typeof frame === "string" ? 0 : frame.length - 2 - headerBytes;
  return { path: valueOf("path"), requestId: valueOf("x-requestid"), bodyBytes };
}

/** What the service says in one turn: paths and bodies. */
type Said = readonly (readonly [path: string, body: object])[];

const phrase = (text: string, Offset: number, Duration: number) =>
  ["speech.phrase", {
    ...{ RecognitionStatus: "Success", DisplayText: text, Offset, Duration },
    NBest: [{ Confidence: 0.75, Lexical: text, ITN: text, MaskedITN: text, Display: text }],
  }] as const;
const begin = ["turn.start", { context: { serviceTag: "6d0dcb0ff27b4c9e8a4e" } }] as const;
const end = ["turn.end", {}] as const;

/** Plays one list after the other, each when audio of its turn came. */
function service(turns: readonly Said[], turnIds: string[]) {
  return async (connection: EmulatedConnection): Promise<void> => {
    const say = async (requestId: string, said: Said): Promise<void> => {
      for (const [name, body] of said) {
        const type = "Content-Type: application/json; charset=utf-8";
        const header = `X-RequestId: ${requestId}\r\n${type}\r\nPath: ${name}`;
        await connection.send(`${header}\r\n\r\n${JSON.stringify(body)}`);
      }
    };
    for (let frame = await connection.next(); frame !== undefined; frame = await connection.next()) {
      const { path, requestId, bodyBytes } = readMessage(frame);
      if (path !== "audio") continue;
      // none ends the audio; the first is but the header of a WAV file
      if (bodyBytes === 0) await say(requestId, [end]);
      else if (bodyBytes > 100 && !turnIds.includes(requestId)) {
        await say(requestId, turns[turnIds.push(requestId) - 1] ?? []);
      }
    }
  };
}

/** Audio of 0.2 s, at once. */
function recognizerOf(region = "westeurope") {
  const stream = speech.AudioInputStream.createPushStream(
    speech.AudioStreamFormat.getWaveFormatPCM(8000, 16, 1),
  );
  const config = speech.SpeechConfig.fromSubscription("canary", region);
  config.speechRecognitionLanguage = "en-US";
  config.outputFormat = speech.OutputFormat.Detailed;
  const recognizer = new speech.SpeechRecognizer(config, speech.AudioConfig.fromStreamInput(stream));
  stream.write(new Uint8Array(3200).buffer);
  return { stream, recognizer };
}

function close(recognizer: speech.SpeechRecognizer): Promise<void> {
  return new Promise((resolve, reject) => recognizer.close(resolve, reject));
}

type Run = (log: (...seen: readonly unknown[]) => void) => Promise<void>;

interface Outcome {
  readonly log: readonly unknown[];
  readonly turnIds: readonly string[];
  readonly connectionId: string;
  readonly spans: readonly HearingSummary[];
}

/** Runs it with the emulator's sockets as the global class, bare or observed. */
async function play(turns: readonly Said[], observed: boolean, run: Run, status?: number): Promise<Outcome> {
  const turnIds: string[] = [];
  await using emulator = await startSocketEmulator({
    serve: service(turns, turnIds),
    ...status && { handshake: () => ({ status }) },
  });
  const telemetry = observed ? startKept({ WebSocket: emulator.WebSocket, register: false }) : undefined;
  const native = globalThis.WebSocket;
  globalThis.WebSocket = telemetry?.WebSocket ?? emulator.WebSocket;
  const log: unknown[] = [];
  try {
    await run((...seen) => log.push(seen));
  } finally {
    globalThis.WebSocket = native;
  }
  await Promise.all(emulator.connections.map(({ closed }) => closed));
  await telemetry?.shutdown();
  const path = emulator.connections[0]?.path ?? "/";
  const connectionId = new URL(path, emulator.url).searchParams.get("X-ConnectionId") ?? "";
  return { log, turnIds, connectionId, spans: summarizeHearing(telemetry?.spans ?? []) };
}

async function compare(turns: readonly Said[], run: Run, status?: number): Promise<Outcome> {
  const plain = await play(turns, false, run, status);
  const observed = await play(turns, true, run, status);
  assert.deepEqual(observed.log, plain.log);
  assert.equal(observed.turnIds.length, turns.length);
  return observed;
}

const attempt: HearingSummary = {
  ...{ provider: "azure.ai.speech", language: "en-US", outcome: "success", first: true },
};
const turn: HearingSummary = {
  ...{ provider: "azure.ai.speech", turn: "committed", clock: "provider", confidence: 0.75 },
  delays: ["first", "transcription", "end"],
};

Deno.test("microsoft-cognitiveservices-speech-sdk: recognizeOnceAsync()", async () => {
  const said: Said = [
    begin,
    ["speech.startDetected", { Offset: 200_000 }],
    ["speech.hypothesis", { Text: "see you", Offset: 200_000, Duration: 600_000 }],
    ["speech.endDetected", { Offset: 1_500_000 }],
    phrase("See you soon.", 200_000, 1_000_000),
    end,
  ];
  const { turnIds, connectionId, log, spans } = await compare([said], async (log) => {
    const { recognizer } = recognizerOf();
    recognizer.recognizing = (_, { result }) => log("recognizing", result.text, result.offset);
    const result = await new Promise<speech.SpeechRecognitionResult>((resolve, reject) =>
      recognizer.recognizeOnceAsync(resolve, reject)
    );
    log(result.text, result.reason, result.offset, result.duration);
    await close(recognizer);
  });
  assert.deepEqual(log.at(-1), [
    "See you soon.",
    speech.ResultReason.RecognizedSpeech,
    200_000,
    1_000_000,
  ]);
  assert.deepEqual(spans, [
    { ...turn, ids: [turnIds[0]!] },
    { ...attempt, ids: [connectionId, turnIds[0]!, "6d0dcb0ff27b4c9e8a4e"], sent: 0.2, closeCode: 1000 },
  ]);
});

Deno.test("microsoft-cognitiveservices-speech-sdk: continuous recognition over two turns of the service", async () => {
  const first: Said = [
    begin,
    ["speech.startDetected", { Offset: 100_000 }],
    phrase("See you soon.", 100_000, 500_000),
    phrase("Thank you.", 800_000, 500_000),
    ["speech.endDetected", { Offset: 1_500_000 }],
    end,
  ];
  const second: Said = [
    begin,
    ["speech.startDetected", { Offset: 50_000 }],
    ["speech.hypothesis", { Text: "good", Offset: 50_000, Duration: 100_000 }],
    phrase("Good bye.", 50_000, 300_000),
  ];
  const { turnIds, connectionId, log, spans } = await compare([first, second], async (log) => {
    const { recognizer, stream } = recognizerOf();
    let came = 0;
    recognizer.recognized = (_, { result }) => {
      log(result.text, result.reason);
      came++;
    };
    await new Promise<void>((resolve, reject) => recognizer.startContinuousRecognitionAsync(resolve, reject));
    // whoever speaks on is heard in the next turn, whenever that begins
    while (came < 3) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      stream.write(new Uint8Array(800).buffer);
    }
    await new Promise<void>((resolve, reject) => recognizer.stopContinuousRecognitionAsync(resolve, reject));
    await close(recognizer);
  });
  assert.deepEqual(log.map((one) => (one as unknown[])[0]), ["See you soon.", "Thank you.", "Good bye."]);
  const [one, two] = turnIds;
  const { ids = [], sent = 0, ...rest } = spans.at(-1)!;
  assert.deepEqual(spans.slice(0, -1), [
    // the end of its speech is not told, but the times of its words
    { ...turn, ids: [one!], clock: "words" },
    { ...turn, ids: [one!], clock: "words" },
    { ...turn, ids: [two!], clock: "words" },
  ]);
  assert.deepEqual(ids, [connectionId, one, "6d0dcb0ff27b4c9e8a4e", two]);
  assert.ok(sent > 0.2, `${sent} s`);
  assert.deepEqual(rest, { ...attempt, closeCode: 1000 });
});

Deno.test("microsoft-cognitiveservices-speech-sdk: a phrase that is an error", async () => {
  const said: Said = [begin, ["speech.phrase", {
    RecognitionStatus: "TooManyRequests",
    Offset: 0,
    Duration: 0,
  }], end];
  const { turnIds, connectionId, log, spans } = await compare([said], async (log) => {
    const { recognizer } = recognizerOf();
    const result = await new Promise<speech.SpeechRecognitionResult>((resolve, reject) =>
      recognizer.recognizeOnceAsync(resolve, reject)
    );
    log(result.reason, speech.CancellationDetails.fromResult(result).ErrorCode);
    await close(recognizer);
  });
  assert.deepEqual(log, [[speech.ResultReason.Canceled, speech.CancellationErrorCode.TooManyRequests]]);
  assert.deepEqual(spans, [heard({
    ...{ ...attempt, ids: [connectionId, turnIds[0]!, "6d0dcb0ff27b4c9e8a4e"], first: undefined },
    ...{ outcome: "error", errorType: "TooManyRequests", sent: 0.2, closeCode: 1000 },
  })]);
});

Deno.test("microsoft-cognitiveservices-speech-sdk: a key that is refused leaves a span for each try", async () => {
  const { log, spans } = await compare([], async (log) => {
    const { recognizer } = recognizerOf();
    const result = await new Promise<speech.SpeechRecognitionResult>((resolve, reject) =>
      recognizer.recognizeOnceAsync(resolve, reject)
    );
    log(result.reason, speech.CancellationDetails.fromResult(result).ErrorCode);
    await close(recognizer);
  }, 401);
  assert.equal((log[0] as unknown[])[0], speech.ResultReason.Canceled);
  assert.ok(spans.length > 0);
  for (const { ids, ...span } of spans) {
    assert.equal(ids?.length, 1);
    assert.deepEqual(
      span,
      heard({ ...attempt, outcome: "error", status: 401, errorType: "401", first: undefined }),
    );
  }
});
