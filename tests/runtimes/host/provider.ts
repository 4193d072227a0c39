/** The provider that all runtimes call: what it answers stands in the query. */

import type { EmulatedResponse, SeenRequest } from "../../../src/testing/mod.ts";
import { fixture } from "../../support/fixtures.ts";

/** Pages may read everything. */
const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "*",
  "access-control-allow-methods": "*",
  "access-control-expose-headers": "*",
};

const { response, body } = fixture("openai", "chat_stream");
const events = new TextDecoder().decode(body).split(/(?<=\n\n)/);
const [first, second] = events as [string, string];
const headers = {
  "content-type": "text/event-stream",
  "x-request-id": response.headers["x-request-id"]!,
};
const oops = `data: {"error":{"message":"The server had an error","type":"server_error","code":null}}\n\n`;

/** Answers by scenario. */
const scenarios: Readonly<Record<string, EmulatedResponse>> = {
  stream: { headers, body: events, paceMs: 2 },
  slow: { headers, body: events, paceMs: 20 },
  endless: { headers, body: [...events.slice(0, 2), ...Array(500).fill(events[2])], paceMs: 20 },
  gzip: { headers, body: events, gzip: true },
  whole: {
    headers: {
      "content-type": "application/json",
      "x-request-id": "req_whole",
    },
    body: '{"id":"chatcmpl-whole","object":"chat.completion","choices":[]}',
  },
  stall: {
    headers,
    body: events,
    fault: { kind: "stall", afterBytes: first.length + second.length },
  },
  silence: { fault: { kind: "stall", beforeHeaders: true } },
  error_in_stream: { headers, body: [first, second, oops] },
  refused: {
    status: 429,
    headers: {
      "content-type": "application/json",
      "x-request-id": "req_refused",
      "retry-after": "1",
    },
    body: '{"error":{"message":"Slow down","type":"requests","code":"rate_limit_exceeded"}}',
  },
  cut: {
    headers,
    body: events,
    paceMs: 5,
    fault: { kind: "truncate", afterBytes: first.length + second.length },
  },
};

/** Two events, a silence, and more. */
async function* thinking(): AsyncGenerator<string> {
  yield* events.slice(0, 2);
  await new Promise((resolve) => setTimeout(resolve, 700));
  for (let more = 0; more < 500; more++) {
    yield events[2]!;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The answer to a request of a case. */
export function answer({ method, path }: SeenRequest): EmulatedResponse {
  if (method === "OPTIONS") return { status: 204, headers: CORS };
  const scenario = new URL(path, "http://provider").searchParams.get("scenario") ?? "";
  // a generator is made anew for each
  const found = scenario === "pause" ? { headers, body: thinking() } : scenarios[scenario] ??
    { status: 404, body: `There is no scenario ${scenario}` };
  return { ...found, headers: { ...found.headers, ...CORS } };
}
