/** An hour of short sessions; prints the heap after every so many of them, in bytes. Run with `--expose-gc`. */

import { startTelemetry } from "../../mod.ts";
import type { WebSocketClass } from "../../src/instrument/websocket.ts";
import { FakeWebSocket } from "../support/fake_websocket.ts";

declare const gc: () => void;

const SESSIONS = Number(Deno.args[0] ?? 2000);
const EVERY = 50;

const events =
  ["a", "b", "c"].map((word) =>
    `data: {"id":"chatcmpl-ID","model":"gpt-x-1","choices":[{"delta":{"content":"${word}"}}]}\n\n`
  ).join("") +
  'data: {"id":"chatcmpl-ID","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3}}\n\ndata: [DONE]\n\n';

let calls = 0;
const fetch = ((): Promise<Response> => {
  calls++;
  if (calls % 9 === 0) {
    return Promise.resolve(
      new Response('{"error":{"type":"rate_limit"}}', {
        status: 429,
        headers: { "content-type": "application/json", "x-request-id": `req_${calls}` },
      }),
    );
  }
  return Promise.resolve(
    new Response(events.replaceAll("ID", String(calls)), {
      headers: { "content-type": "text/event-stream", "x-request-id": `req_${calls}` },
    }),
  );
}) as typeof globalThis.fetch;

const telemetry = startTelemetry({
  serviceName: "memory",
  env: {},
  fetch,
  WebSocket: FakeWebSocket as unknown as WebSocketClass,
  exporter: { export: (_spans, done) => done({ code: 0 }), shutdown: () => Promise.resolve() },
  exportIntervalMs: false,
  metricIntervalMs: false,
});

async function talk(number: number): Promise<void> {
  const session = telemetry.startSession({
    id: `session-${number}`,
    attributes: { "user.id": `u${number}` },
  });
  session.on("metrics", () => {});
  session.on("attempt", () => {});
  const ear = new session.WebSocket(
    "wss://api.deepgram.com/v1/listen?model=nova-3",
  ) as unknown as FakeWebSocket;
  const mouth = new session.WebSocket("wss://api.cartesia.ai/tts/websocket") as unknown as FakeWebSocket;
  ear.open();
  mouth.open();
  for (let turn = 0; turn < 4; turn++) {
    for (let i = 0; i < 10; i++) ear.send(new Uint8Array(640));
    ear.receive(JSON.stringify({ type: "SpeechStarted", timestamp: turn }));
    ear.receive(JSON.stringify({
      type: "Results",
      is_final: true,
      speech_final: true,
      start: turn,
      duration: 0.1,
      metadata: { request_id: `dg-${number}` },
      channel: { alternatives: [{ transcript: "Hello", confidence: 1, words: [] }] },
    }));
    const answer = session.agentTurn();
    const node = answer.openNode("llm_node");
    const response = await node.fetch("https://api.openai.com/v1/chat/completions", {
      method: "POST",
      body: '{"model":"gpt-x","stream":true}',
    });
    if (turn === 3 && number % 5 === 0) await response.body?.getReader().cancel();
    else if (turn !== 2 || number % 7 !== 0) await response.text(); // else nobody reads it
    node.end();
    const context = `c-${number}-${turn}`;
    mouth.send(JSON.stringify({ context_id: context, transcript: "Hello you", model_id: "sonic" }));
    mouth.receive(JSON.stringify({ type: "chunk", context_id: context, data: "A".repeat(400) }));
    if (turn !== 1) mouth.receive(JSON.stringify({ type: "done", context_id: context, done: true }));
    answer.end();
  }
  ear.shut(number % 11 === 0 ? 1011 : 1000);
  if (number % 3 !== 0) mouth.shut(1000); // else it is forgotten
  session.end();
}

const heaps: number[] = [];
for (let number = 1; number <= SESSIONS; number++) {
  await talk(number);
  if (number % 10 === 0) await telemetry.flush();
  if (number % EVERY !== 0) continue;
  for (let i = 0; i < 2; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  heaps.push(Deno.memoryUsage().heapUsed);
}
console.log(JSON.stringify({ heaps, stats: telemetry.stats() }));
await telemetry.shutdown();
