import {
  StartStreamTranscriptionCommand,
  TranscribeStreamingClient,
} from "@aws-sdk/client-transcribe-streaming";
import { NodeHttp2Handler } from "@smithy/node-http-handler";
import type { EmulatedStream } from "../support/http2_emulator.ts";
import { type AwsScenario, type AwsStage, BROKEN, testAws } from "./aws_compare.ts";

const IDS = { "x-amzn-request-id": "6f1d-request", "x-amzn-transcribe-session-id": "0a1b-session" };

/** What Transcribe makes of a segment. */
function result(id: string, begin: number, end: number, isPartial: boolean, text: string) {
  const items = text.split(" ").map((word) => ({
    ...{ Content: word, StartTime: begin, EndTime: end, Type: "pronunciation" },
    ...isPartial ? {} : { Confidence: 0.9 },
  }));
  const alternatives = [{ Transcript: text, Items: items }];
  const results = [
    { ResultId: id, StartTime: begin, EndTime: end, IsPartial: isPartial, Alternatives: alternatives },
  ];
  return { event: "TranscriptEvent", json: { Transcript: { Results: results } } };
}

/** Waits for so many pieces of audio. */
async function hear(stream: EmulatedStream, count: number): Promise<void> {
  for (let heard = 0; heard < count; heard++) await stream.next();
}

/** Pieces of 0.1 s of raw audio at 8 kHz, spoken faster than life. */
async function* speak(count: number, error?: Error) {
  for (let piece = 0; piece < count; piece++) {
    await new Promise((resolve) => setTimeout(resolve, 3));
    yield { AudioEvent: { AudioChunk: new Uint8Array(1600) } };
  }
  if (error) throw error;
}

function start(stage: AwsStage, audio: ReturnType<typeof speak>, abortSignal?: AbortSignal) {
  const command = new StartStreamTranscriptionCommand({
    LanguageCode: "en-US",
    MediaEncoding: "pcm",
    MediaSampleRateHertz: 8000,
    LanguageModelName: "doughnuts",
    AudioStream: audio,
  });
  return new TranscribeStreamingClient(stage.client).send(command, abortSignal && { abortSignal });
}

async function transcribe(stage: AwsStage, audio = speak(5), abort?: AbortController): Promise<unknown> {
  const { TranscriptResultStream, ...rest } = await start(stage, audio, abort?.signal);
  stage.log(rest);
  try {
    for await (const event of TranscriptResultStream!) {
      if (!abort?.signal.aborted) stage.log(event);
      abort?.abort();
    }
  } catch (error) {
    if (!abort?.signal.aborted) throw error; // an aborted stream may end well or not
  }
  return "done";
}

/** Two segments: the first is told twice. */
async function twoSegments(stream: EmulatedStream): Promise<void> {
  stream.respond(200, IDS);
  await hear(stream, 2);
  await stream.send(result("r-1", 0.02, 0.1, true, "book a"));
  await stream.send(result("r-1", 0.02, 0.18, false, "book a table"));
  await hear(stream, 3);
  await stream.send(result("r-2", 0.3, 0.45, false, "thank you"));
  await hear(stream, 1);
  stream.end();
}

/** One segment, and then something else. */
const heard = (then: (stream: EmulatedStream) => Promise<void> | void) => async (stream: EmulatedStream) => {
  stream.respond(200, IDS);
  await hear(stream, 2);
  await stream.send(result("r-1", 0.02, 0.18, false, "book a table"));
  await then(stream);
};

/** A segment that is not over. */
async function interim(stream: EmulatedStream): Promise<void> {
  stream.respond(200, IDS);
  await hear(stream, 2);
  await stream.send(result("r-1", 0.02, 0.1, true, "book a"));
}

const provider = "aws.transcribe";
const model = "doughnuts";
const ids = Object.values(IDS);
const run = { name: "stt_request_run", ids, provider, model, language: "en-US", reused: false } as const;
const turn = { name: "user_turn", ids, provider, model, turn: "committed", delay: true } as const;
const dropped = { name: "user_turn", ids, provider, model, turn: "abandoned" } as const;
const makeHandler = () => new NodeHttp2Handler();

const scenarios: AwsScenario[] = [
  {
    name: "two segments over HTTP/2",
    makeHandler,
    serve: twoSegments,
    run: (stage) => transcribe(stage),
    spans: [turn, turn, { ...run, outcome: "success", sent: 0.5 }],
  },
  {
    name: "a refusal, with its id and class",
    makeHandler,
    async serve(stream) {
      await hear(stream, 1);
      stream.respond(400, {
        "content-type": "application/x-amz-json-1.1",
        "x-amzn-errortype": "BadRequestException:http://internal.amazon.com/coral/",
        "x-amzn-request-id": "6f1d-refused",
      });
      stream.end('{"Message":"The language of the sailor is not known."}');
    },
    run: (stage) => transcribe(stage, speak(1)),
    throws: "BadRequestException",
    spans: [{
      ...{ ...run, ids: ["6f1d-refused"], status: 400, outcome: "error" },
      ...{ errorType: "400", errorCode: "BadRequestException", sent: 0.1 },
    }],
  },
  {
    name: "an exception in the stream",
    makeHandler,
    serve: heard(async (stream) => {
      await stream.send({
        exception: "LimitExceededException",
        json: { Message: "The sailor spoke too long." },
      });
      stream.end();
    }),
    run: (stage) => transcribe(stage, speak(2)),
    throws: "LimitExceededException",
    spans: [turn, { ...run, outcome: "error", errorType: "LimitExceededException", sent: 0.2 }],
  },
  {
    name: "a connection that breaks",
    makeHandler,
    serve: heard(async (stream) => {
      while (await stream.next() !== undefined); // what is on its way has come
      await new Promise((resolve) => setTimeout(resolve, 20));
      stream.break();
    }),
    run: async (stage) => {
      const error = await transcribe(stage, speak(2)).catch((error) => error);
      return BROKEN.test(Object(error).code);
    },
    spans: [turn, { ...run, outcome: "error", errorType: "broken", sent: 0.2 }],
  },
  {
    name: "an abort of the caller, while something is said",
    makeHandler,
    serve: interim,
    run: (stage) => transcribe(stage, speak(2), new AbortController()),
    spans: [dropped, { ...run, outcome: "cancelled", sent: 0.2 }],
  },
  {
    name: "an abort of the caller, while nothing is said",
    makeHandler,
    serve: heard(() => {}),
    run: (stage) => transcribe(stage, speak(2), new AbortController()),
    spans: [turn, { ...run, outcome: "success", sent: 0.2 }],
  },
  {
    name: "an end while something is said",
    makeHandler,
    serve: async (stream) => {
      await interim(stream);
      stream.end();
    },
    run: (stage) => transcribe(stage, speak(2)),
    spans: [dropped, { ...run, outcome: "error", errorType: "truncated", sent: 0.2 }],
  },
];

testAws("aws transcribe", scenarios);
