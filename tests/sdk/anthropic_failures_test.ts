import type { EmulatedResponse } from "../../src/testing/mod.ts";
import { fixture } from "../support/fixtures.ts";
import { answer, endOfEvent, logEvents, type Scenario, testScenarios } from "./compare.ts";
import {
  type Anthropic,
  anthropicClient,
  complete,
  EVENTS,
  firstEvents,
  iterate,
  question,
  retrying,
  UP_TO_TEXT,
} from "./anthropic_client.ts";
import { spanOf } from "./span_summary.ts";

const stream = fixture("anthropic", "messages_stream");
const json = fixture("anthropic", "messages_json");
const overloaded = fixture("anthropic", "error_529");
const overloadedLater = fixture("anthropic", "overloaded_mid_stream");

/** What the provider says when it refuses; the header has the same id. */
function refusal(status: number, type: string, id: string): EmulatedResponse {
  return {
    status,
    headers: { "content-type": "application/json", "request-id": id, "retry-after-ms": "1" },
    body: JSON.stringify({ type: "error", error: { type, message: "No" }, request_id: id }),
  };
}

const refusals: Scenario<Anthropic>[] = [
  {
    name: "an overload, then an answer",
    respond: [refusal(529, "overloaded_error", "req_1"), answer(stream)],
    run: retrying(2, iterate),
    answers: ["complete", "complete"],
    spans: [
      { ids: ["req_1"], status: 529, outcome: "error", errorType: "529", retryCount: 0 },
      spanOf(stream, { retryCount: 1 }),
    ],
  },
  {
    name: "an overload whose id stands in its body only",
    respond: answer(overloaded),
    run: iterate,
    throws: "OverloadedError",
    answers: ["complete"],
    spans: [spanOf(overloaded)],
  },
  {
    name: "an error of the server until no tries are left",
    respond: [refusal(500, "api_error", "req_1"), refusal(500, "api_error", "req_2")],
    run: retrying(1, complete),
    throws: "InternalServerError",
    answers: ["complete", "complete"],
    spans: [
      { ids: ["req_1"], status: 500, outcome: "error", errorType: "500", retryCount: 0 },
      {
        ids: ["req_2"],
        status: 500,
        outcome: "error",
        errorType: "500",
        errorCode: "api_error",
        retryCount: 1,
      },
    ],
  },
  {
    name: "a wrong key",
    respond: refusal(401, "authentication_error", "req_1"),
    run: complete,
    throws: "AuthenticationError",
    answers: ["complete"],
    spans: [{
      ids: ["req_1"],
      status: 401,
      outcome: "error",
      errorType: "401",
      errorCode: "authentication_error",
      retryCount: 0,
    }],
  },
  {
    name: "stream() with a wrong key",
    respond: refusal(401, "authentication_error", "req_1"),
    run: async (client, stage) => {
      const helper = client.messages.stream(question);
      logEvents(helper, EVENTS, stage);
      return await helper.finalMessage();
    },
    throws: "AuthenticationError",
    answers: ["complete"],
    spans: [{
      ids: ["req_1"],
      status: 401,
      outcome: "error",
      errorType: "401",
      errorCode: "authentication_error",
      retryCount: 0,
    }],
  },
];

const failures: Scenario<Anthropic>[] = [
  {
    name: "an error event in the middle of a stream",
    respond: answer(overloadedLater),
    run: iterate,
    throws: "APIError",
    answers: ["complete"],
    spans: [spanOf(overloadedLater)],
  },
  {
    name: "stream() with an error event in its middle",
    respond: answer(overloadedLater, { chunkBytes: 64 }),
    run: async (client, stage) => {
      const helper = client.messages.stream(question);
      logEvents(helper, EVENTS, stage);
      return await helper.finalMessage();
    },
    throws: "APIError",
    answers: ["complete"],
    spans: [spanOf(overloadedLater)],
  },
  {
    name: "a provider that does not listen",
    respond: {},
    refuse: true,
    run: complete,
    throws: "APIConnectionError",
    answers: [],
    spans: [{ outcome: "error", errorType: "TypeError", retryCount: 0 }],
  },
  ...(["reset", "truncate"] as const).flatMap((kind): Scenario<Anthropic>[] => [
    {
      name: `a ${kind} in the middle of a stream`,
      respond: answer(stream, { fault: { kind, afterBytes: endOfEvent(stream, UP_TO_TEXT) + 9 } }),
      run: iterate,
      throws: "TypeError",
      answers: ["fault"],
      spans: [{ ...firstEvents, outcome: "error", errorType: "TypeError" }],
    },
    {
      name: `a ${kind} in the middle of a message`,
      respond: answer(json, { fault: { kind, afterBytes: 200 } }),
      run: complete,
      throws: "TypeError",
      answers: ["fault"],
      spans: [{
        ids: ["req_011Bteespan"],
        status: 200,
        outcome: "error",
        errorType: "TypeError",
        retryCount: 0,
      }],
    },
  ]),
  {
    name: "stream() that ends too early",
    respond: answer(stream, { body: stream.body.subarray(0, endOfEvent(stream, UP_TO_TEXT)) }),
    run: async (client, stage) => {
      const helper = client.messages.stream(question);
      logEvents(helper, EVENTS, stage);
      return await helper.finalMessage();
    },
    throws: "AnthropicError",
    answers: ["complete"],
    spans: [{ ...firstEvents, outcome: "error", errorType: "truncated" }],
  },
  {
    name: "a message of garbage",
    respond: answer(json, { body: "{]" }),
    run: complete,
    throws: "SyntaxError",
    answers: ["complete"],
    spans: [{
      ids: ["req_011Bteespan"],
      status: 200,
      outcome: "error",
      errorType: "unreadable",
      retryCount: 0,
      unread: 1,
    }],
  },
];

testScenarios("anthropic", anthropicClient, [...refusals, ...failures]);
