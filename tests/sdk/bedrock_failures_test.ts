import { ConverseCommand, ConverseStreamCommand } from "@aws-sdk/client-bedrock-runtime";
import { fixture } from "../support/fixtures.ts";
import {
  bedrockClient,
  converse,
  type Fetch,
  iterate,
  iterateInvoked,
  question,
  withSignal,
} from "./bedrock_client.ts";
import { logAll, requestsSeen, type Scenario, testScenarios } from "./compare.ts";
import { DATED, datedAnswer as answer } from "./dated_answer.ts";
import { spanOf, type SpanSummary } from "./span_summary.ts";

const stream = fixture("bedrock", "converse_stream");
const refused = fixture("bedrock", "converse_error_400");
const exception = fixture("bedrock", "converse_exception");
const errorFrame = fixture("bedrock", "converse_error_frame");
const timedOut = fixture("bedrock", "invoke_exception");

/** The SDK does not say in a header of its own which try a request is. */
const NO_COUNT = { retryCount: undefined };

/** How many bytes the first `count` messages of the stream have. */
function endOfMessage({ body }: typeof stream, count: number): number {
  const view = new DataView(body.buffer, body.byteOffset);
  let end = 0;
  while (count-- > 0) end += view.getUint32(end);
  return end;
}

/** Up to the first text, and what is known then. */
const UP_TO_TEXT = endOfMessage(stream, 5);
const firstMessages: SpanSummary = { ids: ["5b0f2b6e-0001-4f5e-9d55-1f6f0a1c2d3e"], status: 200, ttft: true };

/** The service is down. */
const down = {
  status: 503,
  headers: {
    ...DATED,
    "content-type": "application/json",
    "x-amzn-requestid": "id_503",
    "x-amzn-errortype": "ServiceUnavailableException",
  },
  body: '{"message":"Try again"}',
};

const failures: Scenario<Fetch>[] = [
  {
    name: "a service that is down, then a stream",
    respond: [down, answer(stream)],
    run: async (fetch, stage) => {
      const client = bedrockClient(fetch, 2);
      const { stream } = await client.send(new ConverseStreamCommand(question));
      return await logAll(stream!, stage);
    },
    answers: ["complete", "complete"],
    spans: [
      {
        ids: ["id_503"],
        status: 503,
        outcome: "error",
        errorType: "503",
        errorCode: "ServiceUnavailableException",
      },
      spanOf(stream, NO_COUNT),
    ],
  },
  {
    name: "a model that does not exist",
    respond: answer(refused),
    run: converse,
    throws: "ValidationException",
    answers: ["complete"],
    spans: [spanOf(refused, NO_COUNT)],
  },
  {
    name: "an exception in the middle of a stream",
    respond: answer(exception),
    run: iterate,
    throws: "ThrottlingException",
    answers: ["complete"],
    spans: [spanOf(exception, NO_COUNT)],
  },
  {
    name: "an error that is no exception",
    respond: answer(errorFrame),
    run: iterate,
    throws: "Error",
    answers: ["complete"],
    spans: [spanOf(errorFrame, NO_COUNT)],
  },
  {
    name: "an exception in the middle of an invoked stream",
    respond: answer(timedOut),
    run: iterateInvoked,
    throws: "ModelTimeoutException",
    answers: ["complete"],
    spans: [spanOf(timedOut, NO_COUNT)],
  },
  {
    name: "a reset in the middle of a stream",
    respond: answer(stream, { fault: { kind: "reset", afterBytes: UP_TO_TEXT } }),
    run: iterate,
    throws: "TypeError",
    answers: ["fault"],
    spans: [{ ...firstMessages, outcome: "error", errorType: "TypeError" }],
  },
];

const stalled = answer(stream, { fault: { kind: "stall", afterBytes: UP_TO_TEXT } });

const stops: Scenario<Fetch>[] = [
  {
    name: "break at the first text",
    respond: stalled,
    run: (fetch, stage) =>
      withSignal(async (options) => {
        const { stream } = await bedrockClient(fetch).send(new ConverseStreamCommand(question), options);
        for await (const message of stream!) {
          stage.log(message);
          if (message.contentBlockDelta?.delta?.text) break;
        }
      }),
    answers: ["cancelled"],
    spans: [{ ...firstMessages, outcome: "cancelled" }],
  },
  {
    name: "a signal that is aborted in the middle of a stream",
    respond: stalled,
    run: async (fetch, stage) => {
      const controller = new AbortController();
      const { stream } = await bedrockClient(fetch).send(new ConverseStreamCommand(question), {
        abortSignal: controller.signal,
      });
      for await (const message of stream!) {
        stage.log(message);
        if (message.contentBlockDelta?.delta?.text) controller.abort(new Error("mine"));
      }
    },
    throws: "Error",
    answers: ["cancelled"],
    spans: [{ ...firstMessages, outcome: "cancelled" }],
  },
  {
    name: "a signal that is aborted before the headers",
    respond: { fault: { kind: "stall", beforeHeaders: true } },
    run: async (fetch, { emulator }) => {
      const controller = new AbortController();
      const options = { abortSignal: controller.signal };
      const message = bedrockClient(fetch).send(new ConverseCommand(question), options);
      requestsSeen(emulator).then(() => controller.abort(new Error("mine")));
      try {
        return await message;
      } finally {
        // the SDK does not wait until its fetch has stopped
        await emulator.requests[0]?.ended;
      }
    },
    throws: "Error",
    answers: ["cancelled"],
    spans: [{ outcome: "cancelled" }],
  },
];

testScenarios("bedrock", (fetch): Fetch => fetch, [...failures, ...stops]);
