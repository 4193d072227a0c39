/** Whatever goes over a socket that `fetch` opened: the caller has the very frames, and each attempt ends once. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { socketFixtures } from "../support/fixtures.ts";
import { switching, WorkerSocket } from "../support/worker_socket.ts";
import { doors, said, type Talk, talk } from "./frames.ts";
import { check } from "./runs.ts";
import { startWorld, type World } from "./world.ts";

interface Case {
  readonly talk: Talk;
  readonly door: number | null;
  readonly session: boolean;
  readonly answer: "socket" | "socket" | "none" | "refused" | "rejects" | "aborted";
  readonly status: number;
  readonly upgrade: string;
  readonly after: number;
  readonly end: "closes" | "hangs up" | "session";
  readonly code: number;
}

const cases: fc.Arbitrary<Case> = fc.record({
  talk,
  door: fc.option(fc.nat(doors.length - 1), { freq: 3 }),
  session: fc.boolean(),
  answer: fc.constantFrom("socket", "socket", "socket", "socket", "none", "refused", "rejects", "aborted"),
  status: fc.constantFrom(200, 204, 301, 400, 401, 403, 429, 500, 503),
  upgrade: fc.constantFrom("websocket", "websocket", "WebSocket", "h2c", ""),
  after: fc.nat(40),
  end: fc.constantFrom("closes", "hangs up", "session"),
  code: fc.constantFrom(1000, 1001, 1005, 1006, 1008, 1011, 4001),
});

let transport: typeof globalThis.fetch = () => Promise.reject(new Error("no case"));
const start = (): World => startWorld({ fetch: (...all) => transport(...all) });
let world = start();

async function play(one: Case): Promise<void> {
  const { telemetry } = world;
  const session = one.session || one.end === "session" ? telemetry.startSession({ id: "s" }) : undefined;
  const { socket: { url, headers } } = socketFixtures[one.talk.fixture]!;
  const address = (one.door === null ? url : doors[one.door]!.url).replace(/^ws/, "http");
  const socket = new WorkerSocket();
  const reason = new Error("the case's own");
  const abort = new AbortController();
  transport = () => {
    if (one.answer === "aborted") abort.abort(reason);
    if (one.answer === "rejects" || one.answer === "aborted") return Promise.reject(reason);
    if (one.answer === "refused") {
      const empty = one.status === 204;
      return Promise.resolve(new Response(empty ? null : "no", { status: one.status }));
    }
    return Promise.resolve(switching(one.answer === "none" ? null : socket, { "x-request-id": "req_1" }));
  };
  const call = (session?.fetch ?? telemetry.fetch)(address, {
    headers: { ...headers as Record<string, string> | undefined, Upgrade: one.upgrade },
    signal: abort.signal,
  });
  if (one.answer === "rejects" || one.answer === "aborted") {
    await assert.rejects(call, (error) => error === reason);
  } else {
    const response = await call;
    if (one.answer === "socket") {
      const { webSocket } = response as unknown as { readonly webSocket: WorkerSocket };
      assert.equal(webSocket, socket);
      await talkOver(one, socket);
      if (one.end === "session") session!.end();
      if (one.end !== "hangs up") socket.shut(one.code);
    } else await response.text();
  }
  await new Promise((resolve) => setTimeout(resolve, 0)); // for frames that are blobs
  session?.end();
  await world.settled();
}

async function talkOver(one: Case, socket: WorkerSocket): Promise<void> {
  const heard: unknown[] = [];
  const came: unknown[] = [];
  const went: unknown[] = [];
  socket.addEventListener("message", (event) => heard.push((event as MessageEvent).data));
  assert.throws(() => socket.send("early"), /accept\(\) first/);
  socket.accept();
  let count = 0;
  for (const item of said(one.talk)) {
    if (count++ >= one.after) break;
    if (item === undefined) await new Promise((resolve) => setTimeout(resolve, 0));
    else if (item.sent) {
      went.push(item.data);
      socket.send(item.data);
    } else {
      came.push(item.data);
      socket.receive(item.data);
    }
  }
  if (one.end === "hangs up") {
    socket.close(one.code);
    assert.throws(() => socket.send("late"), /after close/);
  }
  assert.ok(heard.length === came.length && heard.every((data, i) => data === came[i]), "frames that came");
  assert.ok(
    socket.sent.length === went.length && socket.sent.every((data, i) => data === went[i]),
    "frames that went",
  );
}

Deno.test("whatever goes over a socket of fetch, the caller has the very frames, and each attempt ends once", () =>
  check(1000, cases, async (one) => {
    try {
      await play(one);
    } catch (error) {
      world = start(); // what is left open must not fail the next, smaller case
      throw error;
    }
  }));
