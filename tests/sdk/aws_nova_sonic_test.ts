import {
  BedrockRuntimeClient,
  InvokeModelWithBidirectionalStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { NodeHttp2Handler } from "@smithy/node-http-handler";
import type { EventContent } from "../support/event_stream.ts";
import { type FixtureFrame, frameData, socketFixtures } from "../support/fixtures.ts";
import type { EmulatedStream } from "../support/http2_emulator.ts";
import { type AwsScenario, type AwsStage, BROKEN, testAws } from "./aws_compare.ts";

function framesOf(name: string): readonly FixtureFrame[] {
  return socketFixtures.find((one) => one.provider === "bedrock" && one.case === name)!.frames;
}

const REQUEST_ID = "7f6e-request";

/** The service's side of a fixture. */
const play = (frames: readonly FixtureFrame[]) => async (stream: EmulatedStream) => {
  stream.respond(200, { "x-amzn-requestid": REQUEST_ID });
  for (const frame of frames) {
    if ("sent" in frame) await stream.next();
    else if ("received" in frame) await stream.send(frameData(frame) as Uint8Array);
    else stream.end();
  }
};

/** The caller's side: its events, one after another. */
async function* say(frames: readonly FixtureFrame[]) {
  for (const frame of frames) {
    if (!("sent" in frame)) continue;
    const { chunk } = frame.sent as EventContent;
    await new Promise((resolve) => setTimeout(resolve, 2));
    yield { chunk: { bytes: new TextEncoder().encode(JSON.stringify(chunk)) } };
  }
}

async function talk(stage: AwsStage, frames: readonly FixtureFrame[], abort?: AbortController) {
  const client = new BedrockRuntimeClient(stage.client);
  const command = new InvokeModelWithBidirectionalStreamCommand({
    modelId: "amazon.nova-2-sonic-v1:0",
    body: say(frames),
  });
  const { body, ...rest } = await client.send(command, abort && { abortSignal: abort.signal });
  stage.log(rest);
  try {
    for await (const event of body!) {
      if (!abort?.signal.aborted) stage.log(event);
      if (new TextDecoder().decode(event.chunk?.bytes).includes("audioOutput")) abort?.abort();
    }
  } catch (error) {
    if (!abort?.signal.aborted) throw error; // an aborted stream may end well or not
  }
  return "done";
}

const SESSION = "b0a1c2d3-0000-4000-8000-111122223333";
const completion = (number: number) => `c5d4e3f2-0000-4000-8000-00000000000${number}`;
const shared = { provider: "aws.bedrock", model: "amazon.nova-2-sonic-v1:0" } as const;
const first = [REQUEST_ID, SESSION, completion(1)];
const second = [REQUEST_ID, SESSION, completion(2)];
const begun = { ...shared, name: "realtime_inference", ids: first, reused: false } as const;
const answer = { ...begun, outcome: "success", finish: ["END_TURN"] } as const;
const { provider, model } = shared;
const turn = { provider, model, name: "user_turn", ids: [REQUEST_ID, SESSION], turn: "committed" } as const;
const makeHandler = () => new NodeHttp2Handler();

const turns = framesOf("sonic_turns");
const exception = framesOf("sonic_exception");
const cut = turns.slice(0, turns.findIndex((frame) => JSON.stringify(frame).includes('"contentId":"k-4"')));

const scenarios: AwsScenario[] = [
  {
    name: "two turns in one completion",
    makeHandler,
    serve: play(turns),
    run: (stage) => talk(stage, turns),
    spans: [
      turn,
      { ...answer, usage: [355, 56], audio: 0.15 },
      turn,
      { ...answer, usage: [10, 14], audio: 0.05, reused: true },
    ],
  },
  {
    name: "an answer that is interrupted, and another completion",
    makeHandler,
    serve: play(framesOf("sonic_interrupted")),
    run: (stage) => talk(stage, framesOf("sonic_interrupted")),
    spans: [
      { ...begun, outcome: "cancelled", interrupted: true, usage: [140, 27], audio: 0.05 },
      turn,
      { ...answer, ids: second, usage: [5, 1], audio: 0.05, reused: true },
    ],
  },
  {
    name: "a tool call, and what its result leads to",
    makeHandler,
    serve: play(framesOf("sonic_tool")),
    run: (stage) => talk(stage, framesOf("sonic_tool")),
    spans: [
      turn,
      { ...answer, usage: [150, 15], tools: ["stock"], finish: ["TOOL_USE"] },
      { ...answer, usage: [20, 24], audio: 0.1, reused: true },
    ],
  },
  {
    name: "an exception in the stream, whose words have an id",
    makeHandler,
    serve: play(exception),
    run: (stage) => talk(stage, exception),
    throws: "ModelStreamErrorException",
    spans: [{
      ...{ ...begun, outcome: "error", errorType: "modelStreamErrorException" },
      ids: [...first, "7f6e5d4c-0000-4000-8000-aaaabbbbcccc"],
    }],
  },
  {
    name: "a refusal, with its id and class",
    makeHandler,
    async serve(stream) {
      await stream.next();
      stream.respond(403, {
        "content-type": "application/json",
        "x-amzn-errortype": "AccessDeniedException:http://internal.amazon.com/coral/",
        "x-amzn-requestid": REQUEST_ID,
      });
      stream.end('{"message":"The sailor may not use the model."}');
    },
    run: (stage) => talk(stage, exception.slice(0, 1)),
    throws: "AccessDeniedException",
    spans: [{
      ...{ name: "realtime_inference", provider, ids: [REQUEST_ID], reused: false },
      ...{ status: 403, outcome: "error", errorType: "403", errorCode: "AccessDeniedException" },
    }],
  },
  {
    name: "an abort of the caller in the middle of an answer",
    makeHandler,
    serve: play(cut),
    run: (stage) => talk(stage, cut, new AbortController()),
    spans: [turn, { ...begun, outcome: "cancelled", audio: 0.05 }],
  },
  {
    name: "a connection that breaks in the middle of an answer",
    makeHandler,
    serve: async (stream) => {
      await play(cut)(stream);
      while (await stream.next() !== undefined); // what is on its way has come
      await new Promise((resolve) => setTimeout(resolve, 20));
      stream.break();
    },
    run: async (stage) => {
      const error = await talk(stage, cut).catch((error: unknown) => error);
      return BROKEN.test(Object(error).code);
    },
    spans: [turn, { ...begun, outcome: "error", errorType: "broken", audio: 0.1 }],
  },
];

testAws("aws nova sonic", scenarios);
