/** Callers whose own parts go wrong: handlers, clocks and listeners that throw, and time that goes back. */

import assert from "node:assert/strict";
import type { WebSocketClass } from "../../src/instrument/websocket.ts";
import { FakeWebSocket } from "../support/fake_websocket.ts";
import { startKept } from "../support/memory_exporter.ts";

const URL_CHAT = "https://api.openai.com/v1/chat/completions";
const LISTEN = "wss://api.deepgram.com/v1/listen?model=nova-3";

const bad = (): never => {
  throw new Error("the caller's own");
};

const answer = (): Promise<Response> =>
  Promise.resolve(
    new Response('data: {"id":"chatcmpl-1","choices":[{"delta":{"content":"Hi"}}]}\n\ndata: [DONE]\n\n', {
      headers: { "content-type": "text/event-stream" },
    }),
  );

const results = (said: string): string =>
  JSON.stringify({
    type: "Results",
    is_final: true,
    speech_final: true,
    start: 0,
    duration: 1,
    channel: { alternatives: [{ transcript: said, confidence: 1, words: [] }] },
  });

Deno.test("a clock that goes back, stops and leaps makes no span end before it began", async () => {
  const moves = [0, -3_600_000, 0, 86_400_000, -1, 0, 5];
  let now = 1_790_000_000_000;
  let at = 0;
  const telemetry = startKept({
    fetch: answer as typeof fetch,
    WebSocket: FakeWebSocket as unknown as WebSocketClass,
    clock: { now: () => now += moves[at++ % moves.length]! },
  });
  const session = telemetry.startSession({ id: "s" });
  for (let i = 0; i < 7; i++) {
    await (await session.fetch(URL_CHAT, { method: "POST", body: "{}" })).text();
    const turn = session.agentTurn();
    await (await turn.fetch(URL_CHAT, { method: "POST", body: "{}" })).text();
    turn.end();
    const socket = new session.WebSocket(LISTEN) as unknown as FakeWebSocket;
    socket.open();
    socket.send(new Uint8Array(3200));
    socket.receive(results("Hello"));
    socket.shut(1000);
  }
  session.end();
  await telemetry.shutdown();
  assert.ok(telemetry.spans.length > 20);
  const odd = telemetry.spans.filter(({ span }) => span.duration[0] < 0 || span.duration[1] < 0);
  assert.deepEqual(odd.map(({ name }) => name), []);
  const negative = telemetry.spans.flatMap(({ name, attributes }) =>
    Object.entries(attributes).filter(([, value]) => typeof value === "number" && !(value >= 0))
      .map(([key, value]) => `${name}: ${key} ${value}`)
  );
  assert.deepEqual(negative, []);
});

Deno.test("a clock that says no number, or throws now and then, harms no call", async () => {
  for (const wrong of [() => NaN, () => Infinity, () => "noon" as unknown as number, bad]) {
    let calls = 0;
    const telemetry = startKept({
      fetch: answer as typeof fetch,
      WebSocket: FakeWebSocket as unknown as WebSocketClass,
      clock: { now: () => ++calls % 3 === 0 ? wrong() : Date.now() },
      onError: bad,
    });
    for (let i = 0; i < 6; i++) {
      const said = await (await telemetry.fetch(URL_CHAT, { method: "POST", body: "{}" })).text();
      assert.match(said, /DONE/);
      const socket = new telemetry.WebSocket(LISTEN) as unknown as FakeWebSocket;
      socket.open();
      socket.send(new Uint8Array(3200));
      socket.receive(results("Hello"));
      socket.shut(1000);
    }
    assert.equal(telemetry.stats().openAttempts, 0, String(wrong));
    await telemetry.shutdown();
  }
});

Deno.test("listeners that throw stop neither a session nor its calls", async () => {
  const told: string[] = [];
  const telemetry = startKept({
    fetch: answer as typeof fetch,
    WebSocket: FakeWebSocket as unknown as WebSocketClass,
    onError(_error, stage) {
      told.push(stage);
      bad();
    },
  });
  const session = telemetry.startSession({ id: "s" });
  session.on("turn", bad);
  session.on("metrics", bad);
  session.on("attempt", () => Promise.reject(new Error("later")) as unknown as void);
  const socket = new session.WebSocket(LISTEN) as unknown as FakeWebSocket;
  socket.open();
  socket.send(new Uint8Array(3200));
  socket.receive(results("Hello"));
  assert.match(await (await session.fetch(URL_CHAT, { method: "POST", body: "{}" })).text(), /DONE/);
  socket.shut(1000);
  await new Promise((resolve) => setTimeout(resolve, 5));
  session.end();
  assert.equal(telemetry.stats().openAttempts, 0);
  await telemetry.shutdown();
  assert.ok(told.length > 0 && told.every((stage) => stage === "record"), told.join());
  const names = telemetry.spans.map(({ name }) => name).sort();
  assert.deepEqual(names.filter((name) => /run$|session|turn/.test(name)), [
    "agent_session",
    "agent_turn",
    "llm_request_run",
    "stt_request_run",
    "user_turn",
  ]);
});
