/** Parts that a user hands in and that throw: samplers, propagators, exporters, tracers, formats, whatever keeps alive. */

import assert from "node:assert/strict";
import type { Tracer, TracerProvider } from "@opentelemetry/api";
import { TracerProvider as RealProvider } from "@opentelemetry/sdk-trace";
import {
  instrument,
  type Provider,
  providers,
  startTelemetry,
  type TelemetryOptions,
  type WebSocketClass,
} from "../../mod.ts";
import { FakeWebSocket } from "../support/fake_websocket.ts";
import { keepSpans } from "../support/memory_exporter.ts";
import { toyFormat, toyProvider } from "../support/toy_format.ts";

const URL_CHAT = "https://api.openai.com/v1/chat/completions";
const LISTEN = "wss://api.deepgram.com/v1/listen?model=nova-3";

const bad = (): never => {
  throw new Error("a part's own");
};

const answer = (): Promise<Response> =>
  Promise.resolve(
    new Response('data: {"id":"chatcmpl-1","choices":[{"delta":{"content":"Hi"}}]}\n\ndata: [DONE]\n\n', {
      headers: { "content-type": "text/event-stream" },
    }),
  );

const transports = { fetch: answer as typeof fetch, WebSocket: FakeWebSocket as unknown as WebSocketClass };

/** Uses all of it; whoever throws into that fails the test. */
async function use(telemetry: Pick<ReturnType<typeof startTelemetry>, "fetch" | "WebSocket">): Promise<void> {
  const response = await telemetry.fetch(URL_CHAT, { method: "POST", body: "{}" });
  assert.match(await response.text(), /DONE/);
  const cancelled = await telemetry.fetch(URL_CHAT, { method: "POST", body: "{}" });
  await cancelled.body!.cancel();
  const socket = new telemetry.WebSocket(LISTEN) as unknown as FakeWebSocket;
  const heard: unknown[] = [];
  socket.addEventListener("message", (event) => heard.push((event as MessageEvent).data));
  socket.open();
  socket.send(new Uint8Array(3200));
  socket.receive('{"type":"Results","is_final":true}');
  socket.receive("[");
  socket.shut(1000);
  assert.equal(heard.length, 2);
}

/** Parts of `startTelemetry()` that throw, reject, or do not do what they promise. */
const broken: Readonly<Record<string, TelemetryOptions>> = {
  "a sampler": { sampler: { shouldSample: bad, toString: () => "bad" } },
  "a sampler that decides nothing": {
    sampler: { shouldSample: () => undefined as never, toString: () => "" },
  },
  "a propagator": { propagator: { inject: bad, extract: bad }, propagateTo: ["api.openai.com"] },
  "a context": { activeContext: bad },
  "an exporter": { exporter: { export: bad, shutdown: bad, forceFlush: bad } },
  "an exporter that rejects": {
    exporter: {
      export: (_spans, done) => done({ code: 1, error: new Error("no") }),
      shutdown: () => Promise.reject(new Error("no")),
      forceFlush: () => Promise.reject(new Error("no")),
    },
  },
  "an exporter that answers twice": {
    exporter: {
      export: (_spans, done) => {
        done({ code: 0 });
        done({ code: 1 });
      },
      shutdown: () => Promise.resolve(),
    },
  },
  "a handler of trouble": { onError: bad, clock: { now: bad } },
};

for (const [what, options] of Object.entries(broken)) {
  Deno.test(`${what} that is broken harms no call, no socket, no session and no end`, async () => {
    const told: unknown[] = [];
    const telemetry = startTelemetry({
      env: {},
      serviceName: "parts",
      register: false,
      exportIntervalMs: false,
      exporter: keepSpans(),
      onError: (error) => void told.push(error),
      ...transports,
      ...options,
    });
    await use(telemetry);
    await use(telemetry.within({}));
    const request = telemetry.startRequest(new Request("http://agent.example/"), { waitUntil: bad });
    await use(request);
    assert.equal(await request.respond(new Response("said")).text(), "said");
    await telemetry.flush({ deadlineMs: 200 });
    assert.equal(telemetry.stats().openAttempts, 0);
    await telemetry.shutdown();
    await telemetry.shutdown();
    assert.equal(telemetry.stats().pendingSpans, 0);
  });
}

/** A provider of spans whose method of that name throws. */
function providerThatThrows(method: string): TracerProvider {
  const real = new RealProvider().getTracer("real");
  const tracer: Tracer = {
    startSpan(...all) {
      if (method === "startSpan") bad();
      const span = real.startSpan(...all);
      return new Proxy(span, {
        get: (target, name) => {
          if (name === method) return bad;
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    },
    startActiveSpan: bad,
  };
  return { getTracer: () => tracer };
}

for (
  const method of [
    "startSpan",
    "setAttributes",
    "setAttribute",
    "setStatus",
    "addEvent",
    "updateName",
    "end",
    "spanContext",
  ]
) {
  Deno.test(`spans whose ${method}() throws harm no call and no socket`, async () => {
    const told: unknown[] = [];
    const instruments = instrument({
      providers,
      ...transports,
      tracerProvider: providerThatThrows(method),
      spanNames: "genai",
      onError: (error) => void told.push(error),
    });
    await use(instruments);
    assert.ok(told.every((error) => /a part's own/.test(String(error))), told.join());
  });
}

/** A row whose format throws in that place. */
function formatThatThrows(place: "request" | "read" | "push" | "end"): Provider {
  return {
    ...toyProvider(),
    hosts: ["api.openai.com"],
    routes: [{
      method: "POST",
      path: "/v1/chat/completions",
      operation: "llm",
      format: {
        name: "broken",
        request: place === "request" ? bad : () => ({}),
        read: place === "read"
          ? bad
          : () => ({ push: place === "push" ? bad : () => {}, end: place === "end" ? bad : () => {} }),
      },
    }],
  };
}

for (const place of ["request", "read", "push", "end"] as const) {
  Deno.test(`a format that throws at ${place} is told of, and the attempt still ends once`, async () => {
    const told: unknown[] = [];
    const kept = keepSpans();
    const telemetry = startTelemetry({
      env: {},
      serviceName: "parts",
      register: false,
      exportIntervalMs: false,
      exporter: kept,
      providers: [formatThatThrows(place)],
      onError: (_error, stage) => void told.push(stage),
      ...transports,
    });
    const response = await telemetry.fetch(URL_CHAT, { method: "POST", body: "{}" });
    assert.match(await response.text(), /DONE/);
    assert.equal(telemetry.stats().openAttempts, 0);
    await telemetry.shutdown();
    assert.deepEqual(kept.spans.map(({ name }) => name), ["llm_request_run"]);
    assert.deepEqual(told, ["read"]);
  });
}

for (const place of ["open", "sent", "received", "closed"] as const) {
  Deno.test(`a socket's format that throws at ${place} harms no frame`, async () => {
    const reader = { sent() {}, received() {}, closed() {}, ...place !== "open" && { [place]: bad } };
    const format = { ...toyFormat, open: place === "open" ? bad : () => reader };
    const told: unknown[] = [];
    const telemetry = startTelemetry({
      env: {},
      serviceName: "parts",
      register: false,
      exportIntervalMs: false,
      exporter: keepSpans(),
      providers: [toyProvider(format)],
      onError: (_error, stage) => void told.push(stage),
      ...transports,
    });
    const socket = new telemetry.WebSocket("wss://api.toy.example/v1/speak") as unknown as FakeWebSocket;
    const heard: unknown[] = [];
    socket.addEventListener("message", (event) => heard.push((event as MessageEvent).data));
    socket.open();
    socket.send("{}");
    for (let frame = 0; frame < 3; frame++) socket.receive("{}");
    socket.shut(1000);
    assert.equal(heard.length, 3);
    assert.deepEqual(told, ["read"]); // it is not asked again
    assert.equal(telemetry.stats().openAttempts, 0);
    await telemetry.shutdown();
  });
}
