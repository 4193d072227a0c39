/** Providers that go wrong in bulk: what they send costs bounded memory, and reaches the caller as it is. */

import assert from "node:assert/strict";
import type { TelemetryOptions } from "../../mod.ts";
import type { WebSocketClass } from "../../src/instrument/websocket.ts";
import { FakeWebSocket } from "../support/fake_websocket.ts";
import { startKept } from "../support/memory_exporter.ts";

const OPENAI = "https://api.openai.com/v1/chat/completions";
const OLLAMA = "http://localhost:11434/api/chat";
const GEMINI = "https://generativelanguage.googleapis.com/v1beta/models/gemini-x:streamGenerateContent";
const BEDROCK = "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse-stream";
const CARTESIA = "https://api.cartesia.ai/tts/bytes";
const TTS_SOCKET = "wss://api.cartesia.ai/tts/websocket";

const MiB = 1024 * 1024;
const text = new TextEncoder();

/** Memory in use: what the engine holds, and buffers beside it. */
function memory(): number {
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

/** A response that gives the chunks as they are made, one for each pull. */
function lazily(type: string, chunks: Iterable<Uint8Array<ArrayBuffer>>, status = 200): Response {
  const iterator = chunks[Symbol.iterator]();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const { done, value } = iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  }, { highWaterMark: 0 });
  return new Response(body, {
    status,
    headers: { "content-type": type, "x-request-id": "req_1", "x-amzn-requestid": "req_1" },
  });
}

/** Calls through telemetry and reads to the end; gives the bytes that came, the memory at its highest, what was passed over, and the span. */
async function read(url: string, response: Response, options: TelemetryOptions = {}) {
  const telemetry = startKept({ fetch: (() => Promise.resolve(response)) as typeof fetch, ...options });
  const before = memory();
  let most = 0;
  let bytes = 0;
  const { body } = await telemetry.fetch(url, { method: "POST", body: "{}" });
  let chunks = 0;
  for await (const chunk of body!) {
    bytes += chunk.length;
    if (chunks++ % 64 === 0) most = Math.max(most, memory() - before);
  }
  assert.equal(telemetry.stats().openAttempts, 0);
  await telemetry.shutdown();
  assert.equal(telemetry.spans.length, 1);
  const [{ attributes }] = telemetry.spans as [typeof telemetry.spans[number]];
  return { bytes, most, passedOver: telemetry.stats().bytesOverBounds, attributes };
}

function* endless(begin: string, chunkBytes: number, total: number): Generator<Uint8Array<ArrayBuffer>> {
  yield text.encode(begin);
  const chunk = new Uint8Array(chunkBytes).fill(0x78); // the same one again and again
  for (let sent = 0; sent < total; sent += chunkBytes) yield chunk;
}

for (
  const [what, url, type, begin, total] of [
    ["a line of an event stream", OPENAI, "text/event-stream", 'data: {"a":"', 1024 * MiB],
    ["a document", OPENAI, "application/json", '{"a":"', 256 * MiB],
    ["a line of JSON", OLLAMA, "application/x-ndjson", '{"a":"', 256 * MiB],
    ["an element of an array", GEMINI, "application/json", '[{"a":"', 256 * MiB],
    [
      "a message of an event stream",
      BEDROCK,
      "application/vnd.amazon.eventstream",
      "\x7f\xff\xff",
      256 * MiB,
    ],
    ["a stray object", OPENAI, "text/event-stream", ': x\n{"a":"', 256 * MiB],
    ["an audio file", CARTESIA, "audio/wav", "RIFF\xff\xff\xff\x7fWAVELIST\xff\xff\xff\x7f", 256 * MiB],
  ] as const
) {
  Deno.test(`${what} of ${total / MiB} MiB passes, and costs a few`, async () => {
    const answer = lazily(type, endless(begin, 64 * 1024, total));
    const { bytes, most, passedOver, attributes } = await read(url, answer);
    assert.ok(bytes > total);
    assert.ok(most < 32 * MiB, `${Math.round(most / MiB)} MiB`);
    assert.equal(attributes["http.response.status_code"], 200);
    // audio and broken messages are not kept at all
    const expected = begin.includes("{") ? bytes : 0;
    assert.ok(Math.abs(passedOver - expected) <= 16, `${passedOver} of ${bytes}`);
  });
}

for (
  const [what, url, type, begin] of [
    ["an event", OPENAI, "text/event-stream", 'data: {"a":"'],
    ["a document", OPENAI, "application/json", '{"a":"'],
    ["a line", OLLAMA, "application/x-ndjson", '{"a":"'],
    ["an element", GEMINI, "application/json", '[{"a":"'],
  ] as const
) {
  Deno.test(`${what} in 100,000 chunks of a byte costs about its bytes`, async () => {
    const { bytes, most } = await read(url, lazily(type, endless(begin, 1, 100_000)));
    assert.ok(bytes > 100_000);
    assert.ok(most < 24 * MiB, `${Math.round(most / MiB)} MiB`);
  });
}

Deno.test("an event of a million empty lines is counted by what it costs", async () => {
  function* lines(): Generator<Uint8Array<ArrayBuffer>> {
    const chunk = text.encode("data\n".repeat(10_000));
    for (let i = 0; i < 100; i++) yield chunk;
    yield text.encode('\n\ndata: {"id":"chatcmpl-1"}\n\n');
  }
  const { most, attributes } = await read(OPENAI, lazily("text/event-stream", lines()));
  assert.ok(most < 48 * MiB, `${Math.round(most / MiB)} MiB`);
  assert.deepEqual(attributes["lk.provider_request_ids"], ["req_1", "chatcmpl-1"]);
  assert.equal(attributes["teespan.unread_frames"], 1);
});

for (
  const [what, body] of [
    ["invalid UTF-8", Uint8Array.of(0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0xfe, 0xc0, 0x80, 0x0a, 0x0a)],
    ["JSON that is nested 100,000 deep", text.encode("[".repeat(100_000))],
    ["JSON that is nested 100,000 deep, and closed", text.encode(`${"[".repeat(1e5)}${"]".repeat(1e5)}`)],
    ["objects that are nested 50,000 deep", text.encode(`${'{"error":'.repeat(5e4)}1${"}".repeat(5e4)}`)],
    ["garbage", crypto.getRandomValues(new Uint8Array(50_000))],
  ] as const
) {
  for (const status of [200, 500]) {
    Deno.test(`${what} with ${status} reaches the caller, and is no trouble`, async () => {
      for (const url of [OPENAI, OLLAMA, GEMINI, BEDROCK, CARTESIA]) {
        for (const type of ["application/json", "text/event-stream", "application/x-ndjson"]) {
          const { bytes } = await read(url, lazily(type, [body], status));
          assert.equal(bytes, body.length);
        }
      }
    });
  }
}

Deno.test("ids by the thousand are kept up to the bound, and duplicates once", async () => {
  const ids = Array.from({ length: 5000 }, (_, i) => `data: {"id":"chatcmpl-${i >> 1}"}\n\n`);
  const { attributes } = await read(OPENAI, lazily("text/event-stream", [text.encode(ids.join(""))]));
  const kept = attributes["lk.provider_request_ids"] as string[];
  assert.equal(kept.length, 128);
  assert.equal(new Set(kept).size, 128);
});

Deno.test("names as long as a book do not become attributes", async () => {
  const name = "m".repeat(MiB);
  const body = JSON.stringify({
    id: name,
    model: name,
    choices: [{
      finish_reason: name,
      message: { tool_calls: [{ id: name, type: "function", function: { name, arguments: "{}" } }] },
    }],
    error: { type: name, code: name },
  });
  for (const status of [200, 400]) {
    const { attributes } = await read(OPENAI, lazily("application/json", [text.encode(body)], status));
    const long = Object.entries(attributes).filter(([, value]) => JSON.stringify(value).length > 4096);
    assert.deepEqual(long.map(([key]) => key), []);
  }
});

Deno.test("a socket with thousands of contexts, ids and frames that nobody understands costs bounded memory", async () => {
  const telemetry = startKept({ WebSocket: FakeWebSocket as unknown as WebSocketClass });
  const socket = new telemetry.WebSocket(TTS_SOCKET) as unknown as FakeWebSocket;
  socket.open();
  for (let i = 0; i < 5000; i++) {
    socket.send(JSON.stringify({ context_id: `c${i}`, transcript: "Hi", model_id: "sonic" }));
    socket.receive(
      JSON.stringify({ type: "chunk", context_id: `c${i % 7}`, request_id: `r${i}`, data: "AAAA" }),
    );
    socket.receive("[".repeat(1000));
    socket.receive(new Uint8Array(10));
  }
  assert.ok(telemetry.stats().openAttempts <= 256);
  socket.shut(1006);
  assert.equal(telemetry.stats().openAttempts, 0);
  await telemetry.shutdown();
  assert.equal(telemetry.spans.length + telemetry.stats().droppedSpans, 5000);
});
