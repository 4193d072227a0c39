/**
 * Nothing private leaves however a call ends, and not by a side door: the diagnostics log, statistics, ledger, summary,
 * events, what is suspended, the viewer.
 */

import assert from "node:assert/strict";
import { diag, DiagLogLevel } from "@opentelemetry/api";
import { logMetrics, logSummary, startTelemetry, type WebSocketClass } from "../../mod.ts";
import { startViewer } from "../../src/viewer/mod.ts";
import { FakeWebSocket } from "../support/fake_websocket.ts";
import {
  frameData,
  type HttpFixture,
  httpFixtures,
  type SocketFixture,
  socketFixtures,
} from "../support/fixtures.ts";
import { startReceiver } from "../support/strict_receiver.ts";
import { CANARY, SECRET_HEADERS, withSecrets } from "./canaries.ts";

/** A text as errors quote it. */
const QUOTED = `You said "my ${CANARY} is blue" with key sk-${CANARY}`;

/** What is thrown, with canaries wherever a text fits. */
const thrown = (): Error =>
  Object.assign(new Error(QUOTED, { cause: new Error(QUOTED) }), {
    code: QUOTED,
    type: QUOTED,
    status: QUOTED,
    error: { message: QUOTED },
  });

/** Bodies of refusals, as providers write them. */
const refusals: readonly (readonly [type: string, body: string])[] = [
  [
    "application/json",
    JSON.stringify({ error: { message: QUOTED, type: "invalid_request_error", param: QUOTED, code: null } }),
  ],
  [
    "application/json",
    JSON.stringify({ error: QUOTED, message: QUOTED, detail: [{ msg: QUOTED, input: QUOTED }] }),
  ],
  ["application/json", JSON.stringify({ error: { code: QUOTED, type: QUOTED, status: QUOTED } })],
  ["application/json", JSON.stringify([{ error: { message: QUOTED, details: [{ reason: QUOTED }] } }])],
  ["application/json", JSON.stringify({ __type: QUOTED, message: QUOTED, Message: QUOTED, code: QUOTED })],
  [
    "text/event-stream",
    `event: error\ndata: ${JSON.stringify({ type: "error", error: { message: QUOTED } })}\n\n`,
  ],
  ["application/x-ndjson", `${JSON.stringify({ error: QUOTED })}\n`],
  ["text/html", `<h1>${QUOTED}</h1>`],
  ["text/plain", QUOTED],
  ["application/json", `{"error": {"message": ${QUOTED}`],
];

const secretHeaders = { "set-cookie": CANARY, "www-authenticate": `Bearer error="${QUOTED}"` };

/** The ways in which a call ends that is answered as it was written down. */
const ENDINGS = ["break", "abort", "timeout", "reset"] as const;

/** All that can be seen of what was recorded. */
async function watch(
  endpoint: string,
  play: (tools: Tools) => Promise<void>,
): Promise<string> {
  const seen: unknown[] = [];
  const note = (...all: unknown[]): void =>
    void seen.push(all.map((one) => one instanceof Error ? told(one) : one));
  diag.setLogger({ error: note, warn: note, info: note, debug: note, verbose: note }, {
    logLevel: DiagLogLevel.ALL,
    suppressOverrideMessage: true,
  });
  let answer: (signal: AbortSignal | undefined) => Promise<Response> = () => Promise.reject(thrown());
  const telemetry = startTelemetry({
    env: {},
    serviceName: "privacy",
    endpoint,
    register: false,
    exportIntervalMs: false,
    metricIntervalMs: false,
    fetch: (_input, init) => answer(init?.signal ?? undefined),
    WebSocket: FakeWebSocket as unknown as WebSocketClass,
  });
  const session = telemetry.startSession({ id: "s" });
  session.on("metrics", (event) => {
    seen.push(event);
    logMetrics(event, note);
  });
  session.on("attempt", note);
  try {
    await play({ telemetry, session, answer: (next) => void (answer = next) });
    seen.push(session.attempts(), session.summary(), session.suspend(), telemetry.stats());
    logSummary(session.end(), note);
    seen.push(await telemetry.flush());
  } finally {
    await telemetry.shutdown();
    diag.disable();
  }
  return JSON.stringify(seen, (_key, value) => value instanceof Error ? told(value) : value);
}

/** What a log shows of an error. */
function told({ name, message, stack, cause }: Error): unknown {
  return { name, message, stack, cause: String(cause) };
}

interface Tools {
  readonly telemetry: ReturnType<typeof startTelemetry>;
  readonly session: ReturnType<ReturnType<typeof startTelemetry>["startSession"]>;
  /** Says how the next calls are answered. */
  answer(next: (signal: AbortSignal | undefined) => Promise<Response>): void;
}

/** Ends calls of a fixture in all ways. */
async function endAll({ request, response, body }: HttpFixture, { session, answer }: Tools): Promise<void> {
  const call = (signal?: AbortSignal): Promise<Response> =>
    session.fetch(withSecrets(request.url), {
      method: request.method,
      headers: { ...SECRET_HEADERS, ...request.headers },
      ...request.method !== "GET" && {
        body: typeof request.body === "string" ? request.body : JSON.stringify(request.body),
      },
      ...signal && { signal },
    });
  answer(() => Promise.reject(thrown()));
  await assert.rejects(call());
  for (const [index, [type, refusal]] of refusals.entries()) {
    const status = [200, 400, 401, 429, 500, 529][index % 6]!;
    answer(() =>
      Promise.resolve(new Response(refusal, { status, headers: { "content-type": type, ...secretHeaders } }))
    );
    await (await call()).text();
    if (index % 3 === 0) await (await call()).body!.cancel(QUOTED);
  }
  for (const ending of ENDINGS) {
    const abort = new AbortController();
    answer(() => Promise.resolve(new Response(inTwo(body, ending === "reset"), response)));
    const { body: answered } = await call(abort.signal);
    try {
      for await (const _ of answered!) {
        if (ending === "break") break;
        if (ending === "abort") abort.abort(thrown());
        if (ending === "timeout") abort.abort(new DOMException(QUOTED, "TimeoutError"));
      }
    } catch (error) {
      assert.notEqual(ending, "break", String(error));
    }
  }
  await assert.rejects(
    call(AbortSignal.abort(thrown())).then((late) => late.body?.cancel()).then(() => {
      throw thrown(); // a transport that minds no signal
    }),
  );
}

/** A body in two pieces, that fails in the end if it is to. */
function inTwo(body: Uint8Array, fails: boolean): ReadableStream<Uint8Array<ArrayBuffer>> {
  const pieces = [body.slice(0, body.length / 2), body.slice(body.length / 2)];
  return new ReadableStream({
    pull(controller) {
      const piece = pieces.shift();
      if (piece !== undefined) controller.enqueue(piece);
      else if (fails) controller.error(thrown());
      else controller.close();
    },
  }, { highWaterMark: 0 });
}

/** Ends sockets of a fixture in all ways. */
function endSockets({ socket: { url }, frames }: SocketFixture, { session }: Tools): void {
  const ends: readonly ((socket: FakeWebSocket) => void)[] = [
    (socket) => socket.dispatchEvent(new CloseEvent("close", { code: 1008, reason: QUOTED })),
    (socket) => socket.dispatchEvent(new CloseEvent("close", { code: 1000, reason: QUOTED })),
    (socket) => (socket.close as (...all: unknown[]) => void)(4000, QUOTED),
    (socket) => {
      for (const message of [QUOTED, `{"error":${JSON.stringify(QUOTED)}}`, `{"text":"${CANARY}`]) {
        socket.receive(message);
      }
      const error = { message: QUOTED, type: QUOTED, code: QUOTED };
      for (const type of ["error", "Error", "response.done", "warning"]) {
        socket.receive(JSON.stringify({ type, error, message: QUOTED, description: QUOTED, reason: QUOTED }));
      }
      socket.receive(new TextEncoder().encode(QUOTED).buffer);
    },
  ];
  for (const end of ends) {
    for (const opens of [true, false]) {
      const socket = new session.WebSocket(withSecrets(url), ["token", CANARY]) as unknown as FakeWebSocket;
      if (opens) {
        socket.open();
        for (const frame of frames.slice(0, 4)) {
          if ("closed" in frame) continue;
          if ("sent" in frame) socket.send(frameData(frame));
          else socket.receive(frameData(frame));
        }
      }
      end(socket);
      const error = thrown();
      socket.dispatchEvent(new ErrorEvent("error", { error, message: `${QUOTED} status code: 401` }));
      socket.shut(1006);
    }
  }
}

/** Throws within every bracket that a caller can draw. */
async function throwEverywhere({ telemetry, session, answer }: Tools): Promise<void> {
  const bad = (): never => {
    throw thrown();
  };
  const turn = session.agentTurn();
  for (const handle of [session, turn]) {
    await assert.rejects(handle.llm({ name: "llm.x" }, bad));
    await assert.rejects(handle.tts({}, bad));
    await assert.rejects(handle.tool({ name: "weather", id: "call_1" }, bad));
    await assert.rejects(handle.operation("greet", bad));
  }
  await assert.rejects(turn.userTurnCompleted(bad));
  session.on("turn", () => {
    throw new Error("a listener's own, which is logged as it is");
  });
  session.startAttempt({ operation: "stt", provider: "google" }).fail(thrown());
  session.userTurn().transcript({ final: true });
  session.userTurn().commit();
  turn.end();
  const request = telemetry.startRequest(
    new Request(`https://agent.example/say?api_key=${CANARY}&token=${CANARY}`, {
      headers: { cookie: CANARY },
    }),
  );
  request.respond(new Response(inTwo(new TextEncoder().encode(QUOTED), true))).text().catch(() => {});
  telemetry.startRequest(new Request("https://agent.example/")).fail(thrown());
  answer(() => Promise.reject(thrown()));
  await new Promise((resolve) => setTimeout(resolve, 5));
}

const hasCanary = (text: string): string | undefined => {
  const at = text.indexOf(CANARY);
  return at < 0 ? undefined : text.slice(Math.max(at - 200, 0), at + 100);
};

/** Plays something, and looks for canaries in all that comes of it. */
async function assertSilent(what: string, play: (tools: Tools) => Promise<void>): Promise<void> {
  await using receiver = await startReceiver();
  const seen = await watch(receiver.url, play);
  assert.equal(hasCanary(seen), undefined, `${what}: beside the exports`);
  assert.ok(receiver.spans.length > 1, what);
  for (const { body, path } of receiver.requests) {
    assert.equal(hasCanary(new TextDecoder().decode(body)), undefined, `${what}: ${path}`);
  }
}

Deno.test("no canary leaves with a call of any provider, however it ends", async () => {
  for (const fixture of httpFixtures) {
    await assertSilent(`${fixture.provider}/${fixture.case}`, (tools) => endAll(fixture, tools));
  }
});

Deno.test("no canary leaves with a socket of any provider, however it ends", async () => {
  for (const fixture of socketFixtures) {
    await assertSilent(
      `${fixture.provider}/${fixture.case}`,
      (tools) => Promise.resolve(endSockets(fixture, tools)),
    );
  }
});

Deno.test("no canary leaves with what a caller throws", () => assertSilent("thrown", throwEverywhere));

Deno.test("the viewer shows none, and finds none", async () => {
  await using viewer = await startViewer({ port: 0 });
  await watch(viewer.url, async (tools) => {
    for (const fixture of httpFixtures.slice(0, 12)) await endAll(fixture, tools);
    for (const fixture of socketFixtures.slice(0, 6)) endSockets(fixture, tools);
    await throwEverywhere(tools);
  });
  const ask = async (path: string): Promise<string> =>
    await (await fetch(`${viewer.url}/api/${path}`)).text();
  const { rows } = JSON.parse(await ask("traces")) as { rows: readonly { traceId: string }[] };
  assert.ok(rows.length > 0);
  for (const { traceId } of rows) {
    const text = await ask(`traces/${traceId}`);
    assert.equal(hasCanary(text), undefined);
    const { spans } = JSON.parse(text) as { spans: readonly { spanId: string }[] };
    for (const { spanId } of spans.slice(0, 200)) {
      assert.equal(hasCanary(await ask(`traces/${traceId}/spans/${spanId}`)), undefined);
    }
  }
  assert.deepEqual(JSON.parse(await ask(`search?q=${CANARY}`)), { hits: [] });
  for (const path of ["summary", "charts", "metrics"]) {
    assert.equal(hasCanary(await ask(path)), undefined, path);
  }
});
