/** What passes through is what would have come without us. */

import assert from "node:assert/strict";
import { context, trace } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import { instrumentFetch } from "../../src/core.ts";
import { openai } from "../../src/providers/openai.ts";
import { startEmulator } from "../../src/testing/mod.ts";
import type { HttpFormat, Provider } from "../../src/types.ts";
import { failLater, startKept } from "../support/memory_exporter.ts";

const URL_CHAT = "https://api.openai.com/v1/chat/completions";
const post = { method: "POST", body: '{"model":"gpt-x"}' };

type Fetch = typeof globalThis.fetch;

const answering = (respond: (request: Request) => Response | Promise<Response>): Fetch =>
  ((input: RequestInfo | URL, init?: RequestInit) =>
    Promise.resolve(respond(new Request(input, init)))) as Fetch;

Deno.test("fetch gives the very promise and response for hosts, paths and methods that are not recognized", async () => {
  const response = new Response("as it is");
  const promise = Promise.resolve(response);
  const fetch = instrumentFetch((() => promise) as Fetch, { providers: [openai] });
  assert.equal(fetch("https://example.com/v1/embeddings", post), promise);
  assert.equal(fetch("https://api.openai.com/v1/models", post), promise);
  assert.equal(fetch(URL_CHAT), promise);
  assert.equal(fetch(new Request("https://example.com/")), promise);
  assert.equal(fetch("not a url"), promise);
  assert.equal(await promise, response);
});

Deno.test("arguments that no call can be made of are the platform's to refuse", () => {
  const promise = Promise.resolve(new Response());
  const calls: unknown[][] = [];
  const fetch = instrumentFetch(
    ((...all: unknown[]) => {
      calls.push(all);
      return promise;
    }) as Fetch,
    { providers: [openai], onError: failLater },
  );
  const broken = {
    toString() {
      throw new Error("the caller's");
    },
  };
  const odd: [unknown, unknown][] = [[null, undefined], [URL_CHAT, { method: 5 }], [broken, post], [7, null]];
  for (const [input, init] of odd) assert.equal(fetch(input as string, init as RequestInit), promise);
  assert.deepEqual(calls, odd);
});

Deno.test("fetch recognizes well-known doors on any host, and names it after the host", async () => {
  const telemetry = startKept({ fetch: answering(() => new Response("{}")) });
  for (const path of ["/v1/chat/completions", "/v1/responses", "/v1/messages"]) {
    await (await telemetry.fetch(`http://10.0.0.7:8000${path}`, post)).text();
  }
  await telemetry.shutdown();
  assert.deepEqual(
    telemetry.spans.map(({ attributes }) => attributes["gen_ai.provider.name"]),
    Array(3).fill("10.0.0.7:8000"),
  );
});

Deno.test("fetch passes on its arguments as they are", async () => {
  const calls: unknown[][] = [];
  const fetch = instrumentFetch(
    ((...all: unknown[]) => {
      calls.push(all);
      return Promise.resolve(new Response(null, { status: 204 }));
    }) as Fetch,
    { providers: [openai] },
  );
  const request = new Request(URL_CHAT, { method: "POST", body: "{}" });
  const url = new URL(URL_CHAT);
  await fetch(request);
  await fetch(url, post);
  await fetch(URL_CHAT, post);
  assert.deepEqual(calls, [[request, undefined], [url, post], [URL_CHAT, post]]);
  assert.equal(request.bodyUsed, false);
});

Deno.test("fetch rejects with the very error", async () => {
  const error = new TypeError("refused", { cause: { code: "ECONNREFUSED" } });
  const telemetry = startKept({ fetch: (() => Promise.reject(error)) as Fetch });
  await assert.rejects(telemetry.fetch(URL_CHAT, post), (thrown) => thrown === error);
  await telemetry.shutdown();
  const [span] = telemetry.spans;
  assert.equal(span!.attributes["error.type"], "ECONNREFUSED");
  assert.equal(span!.attributes["teespan.outcome"], "error");
  assert.equal(span!.status.message, "ECONNREFUSED");
});

for (
  const [reason, outcome, type] of [
    [undefined, "cancelled", undefined],
    [new Error("hung up"), "cancelled", undefined],
    [new DOMException("too slow", "TimeoutError"), "error", "TimeoutError"],
  ] as const
) {
  Deno.test(`fetch aborted before headers with ${reason ?? "no reason"} leaves a span that is ${outcome}`, async () => {
    await using emulator = await startEmulator({
      respond: { fault: { kind: "stall", beforeHeaders: true } },
    });
    const telemetry = startKept({ fetch: emulator.fetch });
    const controller = new AbortController();
    const pending = telemetry.fetch(URL_CHAT, { ...post, signal: controller.signal });
    while (emulator.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    controller.abort(reason);
    await assert.rejects(pending, (thrown) => thrown === controller.signal.reason);
    await telemetry.shutdown();
    assert.equal(telemetry.spans.length, 1);
    assert.equal(telemetry.spans[0]!.attributes["teespan.outcome"], outcome);
    assert.equal(telemetry.spans[0]!.attributes["error.type"], type);
  });
}

Deno.test("fetch keeps no listener on a signal whose call has ended", async () => {
  const telemetry = startKept({ fetch: answering(() => new Response("{}")) });
  const { signal } = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = function (...all: Parameters<typeof addEventListener>) {
    listeners++;
    return addEventListener.apply(signal, all);
  } as typeof addEventListener;
  signal.removeEventListener = function (...all: Parameters<typeof removeEventListener>) {
    listeners--;
    return removeEventListener.apply(signal, all);
  } as typeof removeEventListener;
  const fetch = telemetry.fetch;
  await (await fetch(URL_CHAT, { ...post, signal })).text();
  assert.equal(listeners, 0);
  await telemetry.shutdown();
});

Deno.test("fetch lets a paused reader hold the provider back no less than without us", async () => {
  const half = new Uint8Array(1024 * 1024);
  const heldBy = async (wrap: (fetch: Fetch) => Fetch): Promise<number> => {
    await using emulator = await startEmulator({
      respond: { headers: { "content-type": "text/event-stream" }, body: Array(64).fill(half) },
    });
    const response = await wrap(emulator.fetch)(URL_CHAT, post);
    const reader = response.body!.getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const held = emulator.requests[0]!.bytesSent;
    await reader.cancel();
    await emulator.requests[0]!.ended;
    return held;
  };
  const raw = await heldBy((fetch) => fetch);
  const ours = await heldBy((fetch) => instrumentFetch(fetch, { providers: [openai], onError: failLater }));
  assert.ok(raw < 16e6, `raw ${raw}`);
  assert.ok(ours <= raw * 1.1 + 65536, `ours ${ours}, raw ${raw}`);
});

Deno.test("fetch gives BYOB reads where the platform does", async () => {
  await using emulator = await startEmulator({ respond: { body: "hello" } });
  const response = await instrumentFetch(emulator.fetch, { providers: [openai] })(URL_CHAT, post);
  const reader = response.body!.getReader({ mode: "byob" });
  const { value } = await reader.read(new Uint8Array(2));
  assert.equal(new TextDecoder().decode(value), "he");
  await reader.cancel();
});

Deno.test("fetch gives a response that a server can pass on, compressed upstream or not", async () => {
  await using emulator = await startEmulator({
    respond: { headers: { "content-type": "text/plain" }, body: "x".repeat(600), gzip: true },
  });
  const fetch = instrumentFetch(emulator.fetch, { providers: [openai] });
  await using server = Deno.serve({ port: 0, onListen() {} }, () => fetch(URL_CHAT, post));
  const passed = await globalThis.fetch(`http://127.0.0.1:${server.addr.port}`);
  assert.equal(await passed.text(), "x".repeat(600));
});

Deno.test("fetch gives bodiless responses as they are", async () => {
  const response = new Response(null, { status: 204, headers: { "x-request-id": "req_204" } });
  const telemetry = startKept({ fetch: (() => Promise.resolve(response)) as Fetch });
  assert.equal(await telemetry.fetch(URL_CHAT, post), response);
  await telemetry.shutdown();
  assert.deepEqual(telemetry.spans[0]!.attributes["lk.provider_request_ids"], ["req_204"]);
});

Deno.test("fetch survives formats, clocks, contexts and handlers that throw", async () => {
  const bad = (): never => {
    throw new Error("ours");
  };
  const formats: Record<string, Partial<HttpFormat>> = {
    request: { request: bad },
    read: { read: bad },
    push: { read: () => ({ push: bad, end: bad }) },
    end: { read: () => ({ push() {}, end: bad }) },
  };
  for (const [part, fault] of Object.entries(formats)) {
    const stages: string[] = [];
    const telemetry = startKept({
      fetch: answering(() => new Response("fine", { headers: { "x-request-id": "req_1" } })),
      providers: [withFormat(fault)],
      onError(_error, stage) {
        stages.push(stage);
        bad();
      },
    });
    assert.equal(await (await telemetry.fetch(URL_CHAT, post)).text(), "fine", part);
    await telemetry.shutdown();
    assert.deepEqual(stages, ["read"], part);
    assert.deepEqual(telemetry.spans.map(({ attributes }) => attributes["lk.provider_request_ids"]), [[
      "req_1",
    ]], part);
  }
  for (const options of [{ clock: { now: bad } }, { activeContext: bad }]) {
    const fetch = instrumentFetch(answering(() => new Response("fine")), {
      ...options,
      providers: [openai],
      onError: bad,
    });
    assert.equal(await (await fetch(URL_CHAT, post)).text(), "fine");
  }
});

function withFormat(fault: Partial<HttpFormat>): Provider {
  const format: HttpFormat = {
    name: "faulty",
    request: () => ({}),
    read: () => ({ push() {}, end() {} }),
    ...fault,
  };
  return {
    name: "faulty",
    hosts: ["api.openai.com"],
    routes: [{ method: "POST", path: "/chat/completions", operation: "llm", format }],
    requestIdHeaders: ["x-request-id"],
    streamedUsage: "never",
    evidence: "none",
    verifiedBy: [],
  };
}

Deno.test("fetch wrapped twice counts once", async () => {
  const telemetry = startKept({ fetch: answering(() => new Response("{}")) });
  const twice = instrumentFetch(telemetry.fetch, {
    providers: [openai],
    tracerProvider: telemetry.tracerProvider,
  });
  await (await twice(URL_CHAT, post)).text();
  await telemetry.shutdown();
  assert.equal(telemetry.spans.length, 1);
});

Deno.test("fetch keeps what the platform hangs on its own", () => {
  const preconnect = (): void => {};
  const fetch = Object.assign(answering(() => new Response()), { preconnect });
  assert.equal((instrumentFetch(fetch, { providers: [openai] }) as typeof fetch).preconnect, preconnect);
});

Deno.test("fetch leaves calls alone whose context suppresses tracing", async () => {
  const telemetry = startKept({ fetch: answering(() => new Response("{}")) });
  await context.with(suppressTracing(context.active()), async () => {
    await (await telemetry.fetch(URL_CHAT, post)).text();
  });
  await telemetry.shutdown();
  assert.equal(telemetry.spans.length, 0);
});

Deno.test("fetch hangs its span under the active one, across awaits and retries", async () => {
  const telemetry = startKept({ fetch: answering(() => new Response("{}")) });
  await telemetry.tracer.startActiveSpan("agent", async (agent) => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    await (await telemetry.fetch(URL_CHAT, post)).text();
    await (await telemetry.fetch(URL_CHAT, { ...post, headers: { "x-stainless-retry-count": "1" } })).text();
    agent.end();
  });
  await telemetry.shutdown();
  const [first, second, agent] = telemetry.spans;
  for (const { span } of [first!, second!]) {
    assert.equal(span.parentSpanContext?.spanId, agent!.span.spanContext().spanId);
    assert.equal(span.spanContext().traceId, agent!.span.spanContext().traceId);
    assert.equal(span.kind, 2);
  }
  assert.equal(first!.attributes["lk.retry_count"], undefined);
  assert.equal(second!.attributes["lk.retry_count"], 1);
  assert.equal(trace.getSpan(context.active()), undefined);
});

Deno.test("fetch records no key, wherever the URL has one", async () => {
  const telemetry = startKept({ fetch: answering(() => new Response("{}")) });
  const url = "https://me:canary@api.openai.com/v1/chat/completions?api_key=canary&model=gpt-x&canary#canary";
  const fetch = telemetry.fetch;
  await (await fetch(new URL(url), { ...post, headers: { authorization: "Bearer canary" } }).catch(() =>
    new Response()
  ))
    .text();
  await telemetry.shutdown();
  const exported = JSON.stringify(telemetry.spans.map(({ attributes, name }) => [attributes, name]));
  assert.equal(
    telemetry.spans[0]!.attributes["url.full"],
    "https://api.openai.com/v1/chat/completions?api_key=REDACTED&model=gpt-x&canary=REDACTED",
  );
  assert.equal(exported.match(/canary/g)?.length, 1); // the name of a parameter, not its value
});

Deno.test("a refusal whose body nobody reads is there after a flush", async () => {
  await using emulator = await startEmulator({
    respond: {
      status: 429,
      headers: { "x-request-id": "req_429" },
      body: '{"error":{"code":"rate_limit_exceeded"}}',
    },
  });
  const telemetry = startKept({ fetch: emulator.fetch });
  const response = await telemetry.fetch(URL_CHAT, post);
  assert.equal(response.ok, false);
  await telemetry.flush();
  const [span] = telemetry.spans;
  assert.equal(span!.attributes["http.response.status_code"], 429);
  assert.equal(span!.attributes["error.type"], "429");
  assert.equal(span!.attributes["teespan.outcome"], "error");
  assert.deepEqual(span!.attributes["lk.provider_request_ids"], ["req_429"]);
  await response.body?.cancel();
  await telemetry.shutdown();
});

Deno.test("instrumentFetch() says what is wrong with its options", () => {
  const refused = (options: object, message: RegExp): void =>
    assert.throws(() => instrumentFetch(globalThis.fetch, options as never), { name: "TypeError", message });
  assert.throws(
    () => instrumentFetch("fetch" as never, { providers: [] }),
    /Cannot instrument fetch as it must be a function: current value is fetch/,
  );
  refused({ providers: {} }, /providers must be a list/);
  refused({}, /providers must be a list: current value is undefined/);
  refused(undefined as never, /providers must be a list: current value is undefined/);
  refused({ providers: [], anyHost: {} }, /anyHost must be a list/);
  refused({ providers: [], followUpgrade: true }, /followUpgrade must be a function/);
  refused({ providers: [], measureAttempts: true }, /measureAttempts must be a function/);
  refused({ providers: [{ name: "" }] }, /name must be a text that is not empty/);
  refused(
    { providers: [{ name: "a", hosts: ["https://a.example/"] }] },
    /a host must be a name without scheme and path/,
  );
  refused(
    { providers: [{ name: "a", hosts: ["a.example"], routes: [{ path: "v1" }] }] },
    /path must begin with "\/"/,
  );
  refused({ providers: [], onError: "log" }, /onError must be a function/);
  refused({ providers: [], clock: {} }, /clock.now must be a function/);
});

Deno.test("an answer of which no response can be made again is handed over as it is", async () => {
  // Chromium gives a body to those that have none, and takes any status
  for (const status of [204, 205, 304, 700]) {
    const answer = Object.defineProperty(new Response("content"), "status", { value: status });
    const telemetry = startKept({ fetch: () => Promise.resolve(answer) });
    const response = await telemetry.fetch(URL_CHAT, post);
    assert.equal(response, answer);
    assert.equal(await response.text(), "content");
    await telemetry.shutdown();
    const [span] = telemetry.spans;
    assert.equal(span!.attributes["http.response.status_code"], status);
    assert.equal(span!.attributes["teespan.outcome"], status === 700 ? "error" : "success");
  }
});
