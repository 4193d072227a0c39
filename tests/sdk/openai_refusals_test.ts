import type { EmulatedResponse } from "../../src/testing/mod.ts";
import { fixture } from "../support/fixtures.ts";
import { answer, type Scenario, testScenarios } from "./compare.ts";
import {
  complete,
  iterate,
  iterateAt,
  type OpenAI,
  openaiClient,
  question,
  retrying,
} from "./openai_client.ts";
import { spanOf } from "./span_summary.ts";

const stream = fixture("openai", "chat_stream");
const json = fixture("openai", "chat_json");
const limited = fixture("openai", "error_429");
const xaiError = fixture("xai", "error_400");

/** A refusal with its own id. */
function refusal(status: number, id: string, body: unknown, headers: EmulatedResponse["headers"] = {}) {
  return {
    status,
    headers: { "content-type": "application/json", "x-request-id": id, "retry-after-ms": "1", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  };
}

const invalid = {
  error: { message: "No such model", type: "invalid_request_error", param: "model", code: null },
};
const badKey = { error: { message: "Wrong key", type: "invalid_request_error", code: "invalid_api_key" } };
const down = { error: { message: "Try again", type: "server_error", code: null } };

const scenarios: Scenario<OpenAI>[] = [
  {
    name: "a refusal for the rate, then an answer",
    respond: [answer(limited, { headers: { "retry-after-ms": "1" } }), answer(stream)],
    run: retrying(2, iterate),
    answers: ["complete", "complete"],
    spans: [
      // the SDK does not read why, so the code stays unknown
      { ids: ["req_429"], status: 429, outcome: "error", errorType: "429", retryCount: 0 },
      spanOf(stream, { retryCount: 1 }),
    ],
  },
  {
    name: "a refusal with retry-after 0, then a completion",
    respond: [refusal(503, "req_1", down, { "retry-after-ms": [], "retry-after": "0" }), answer(json)],
    run: retrying(2, (client) => client.chat.completions.create(question).withResponse()),
    answers: ["complete", "complete"],
    spans: [
      { ids: ["req_1"], status: 503, outcome: "error", errorType: "503", retryCount: 0 },
      spanOf(json, { retryCount: 1 }),
    ],
  },
  {
    name: "an error of the server until no tries are left",
    respond: [1, 2, 3].map((index) => refusal(500, `req_${index}`, down)),
    run: retrying(2, complete),
    throws: "InternalServerError",
    answers: ["complete", "complete", "complete"],
    spans: [
      { ids: ["req_1"], status: 500, outcome: "error", errorType: "500", retryCount: 0 },
      { ids: ["req_2"], status: 500, outcome: "error", errorType: "500", retryCount: 1 },
      {
        ids: ["req_3"],
        status: 500,
        outcome: "error",
        errorType: "500",
        errorCode: "server_error",
        retryCount: 2,
      },
    ],
  },
  {
    name: "a refusal of another provider",
    respond: answer(xaiError),
    run: iterateAt(xaiError),
    throws: "BadRequestError",
    answers: ["complete"],
    spans: [spanOf(xaiError)],
  },
];

/** Refusals of which the SDK reads why, and does not try again. */
const finalRefusals: Scenario<OpenAI>[] = [
  {
    name: "a bad request",
    respond: refusal(400, "req_1", invalid),
    throws: "BadRequestError",
    span: { errorCode: "invalid_request_error" },
  },
  {
    name: "a wrong key",
    respond: refusal(401, "req_1", badKey),
    throws: "AuthenticationError",
    span: { errorCode: "invalid_api_key" },
  },
  {
    name: "a refusal in small pieces",
    respond: { ...refusal(404, "req_1", badKey), chunkBytes: 5 },
    throws: "NotFoundError",
    span: { errorCode: "invalid_api_key" },
  },
  {
    name: "a refusal that is a web page",
    respond: refusal(403, "req_1", "<h1>No</h1>", { "content-type": "text/html" }),
    throws: "PermissionDeniedError",
    span: { unread: 1 },
  },
  {
    name: "a refusal without a body",
    respond: refusal(422, "req_1", ""),
    throws: "UnprocessableEntityError",
    span: {},
  },
  {
    name: "a compressed refusal",
    respond: { ...refusal(409, "req_1", invalid), gzip: true },
    // its error carries the headers, without those that are true of the compressed body only
    exceptHeaders: ["content-encoding", "content-length"],
    throws: "ConflictError",
    span: { errorCode: "invalid_request_error" },
  },
].map(({ span, respond, ...scenario }): Scenario<OpenAI> => {
  const { status } = respond;
  const refused = { ids: ["req_1"], status, outcome: "error", errorType: String(status), retryCount: 0 };
  return { ...scenario, respond, run: iterate, answers: ["complete"], spans: [{ ...refused, ...span }] };
});

testScenarios("openai", openaiClient, [...scenarios, ...finalRefusals]);
