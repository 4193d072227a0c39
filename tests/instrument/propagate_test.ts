/** The trace goes on to hosts that are listed, and leaves requests to all others as they are. */

import assert from "node:assert/strict";
import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { WebSocket as WsWebSocket } from "ws";
import { instrumentFetch, instrumentWebSocketStream } from "../../src/core.ts";
import { startSocketEmulator } from "../../src/testing/mod.ts";
import { startKept } from "../support/memory_exporter.ts";
import { CALLER, idOf } from "../support/served.ts";
import { nextEvent } from "../support/toy_socket.ts";

const LISTED = "https://tools.acme.example/search";
const PROVIDER = "https://api.openai.com/v1/chat/completions";
const propagateTo = ["tools.acme.example", "*.internal.example", "api.openai.com", "localhost:8080"];

/** A fetch under a caller's span, and the very arguments that arrived. */
function listening(hosts: readonly string[] = propagateTo) {
  const seen: [RequestInfo | URL, RequestInit | undefined][] = [];
  const telemetry = startKept({
    propagateTo: hosts,
    register: false,
    fetch: ((input: RequestInfo | URL, init?: RequestInit) => {
      seen.push([input, init]);
      return Promise.resolve(new Response("{}"));
    }) as typeof fetch,
  });
  const { fetch } = telemetry.within(CALLER);
  return { telemetry, fetch, seen, headers: () => new Headers(seen.at(-1)![1]?.headers) };
}

const CALLERS_SPAN = /^00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01$/;

Deno.test("a call to a listed host that is no provider's carries the active span", async () => {
  const { fetch, headers } = listening();
  for (const url of [LISTED, "https://a.b.internal.example/", "http://localhost:8080/", new URL(LISTED)]) {
    await fetch(url, { headers: { "X-Own": "kept" } });
    assert.match(headers().get("traceparent")!, CALLERS_SPAN, String(url));
    assert.equal(headers().get("tracestate"), "vendor=1");
    assert.equal(headers().get("x-own"), "kept");
  }
  await fetch(LISTED);
  assert.match(headers().get("traceparent")!, CALLERS_SPAN);
});

Deno.test("a recognized call to a listed host carries its attempt", async () => {
  const { telemetry, fetch, headers } = listening();
  await (await fetch(PROVIDER, { method: "POST", body: "{}" })).text();
  await telemetry.flush();
  assert.equal(headers().get("traceparent")!.split("-")[2], idOf(telemetry.spans[0]!));
});

Deno.test("calls to hosts that are not listed arrive with the very arguments", async () => {
  const { fetch, seen } = listening(["tools.acme.example"]);
  const init = { method: "POST", body: "{}", headers: { a: "b" } };
  const elsewhere = ["https://acme.example/", "https://tools.acme.example.evil.example/", PROVIDER];
  for (const url of [...elsewhere, "https://tools.acme.example:8443/", new Request(elsewhere[0]!)]) {
    await (await fetch(url, init)).text();
    const [input, given] = seen.at(-1)!;
    assert.equal(input, url);
    assert.equal(given, init);
  }
  assert.deepEqual(init, { method: "POST", body: "{}", headers: { a: "b" } });
});

Deno.test("the caller's arguments are not changed, its own traceparent stays, other forms of headers work", async () => {
  const { fetch, seen, headers } = listening();
  const init = { headers: { Traceparent: "own" } };
  await fetch(LISTED, init);
  assert.deepEqual(init, { headers: { Traceparent: "own" } });
  assert.equal(headers().get("traceparent"), "own");
  await fetch(LISTED, { headers: [["x-own", "pair"]] });
  assert.equal(headers().get("x-own"), "pair");
  assert.match(headers().get("traceparent")!, CALLERS_SPAN);
  const request = new Request(LISTED, { method: "POST", body: "text", headers: { "x-own": "request" } });
  await fetch(request);
  assert.equal(seen.at(-1)![0], request);
  assert.equal(headers().get("x-own"), "request");
  assert.match(headers().get("traceparent")!, CALLERS_SPAN);
  await fetch(LISTED, new Request(LISTED, { method: "PUT", headers: { "x-own": "second" } }));
  const sent = new Request(...seen.at(-1)!);
  assert.equal(sent.method, "PUT");
  assert.equal(sent.headers.get("x-own"), "second");
  assert.match(sent.headers.get("traceparent")!, CALLERS_SPAN);
});

Deno.test("without a span there is nothing to carry, and the call is untouched", async () => {
  const { telemetry, seen } = listening();
  const init = {};
  await telemetry.fetch(LISTED, init);
  assert.equal(seen[0]![1], init);
});

Deno.test("an upgrade by fetch carries the trace", async () => {
  const { fetch, headers } = listening();
  await fetch("https://a.internal.example/voice", { headers: { Upgrade: "websocket" } });
  assert.match(headers().get("traceparent")!, CALLERS_SPAN);
  assert.equal(headers().get("upgrade"), "websocket");
});

Deno.test("propagateTo must be a list of host names", () => {
  for (const wrong of ["https://acme.example", "acme.example/path", "acme.*", "user@acme.example", ""]) {
    assert.throws(() => startKept({ propagateTo: [wrong], register: false }), TypeError, wrong);
  }
  assert.throws(() => startKept({ propagateTo: "acme.example" as never, register: false }), TypeError);
});

Deno.test("instrumentFetch() writes as the propagator says that the application chose", async () => {
  const seen: (string | null)[] = [];
  const wrapped = ((_input: unknown, init?: RequestInit) => {
    seen.push(new Headers(init?.headers).get("traceparent"));
    return Promise.resolve(new Response());
  }) as typeof fetch;
  const span = trace.wrapSpanContext({ traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 });
  const activeContext = () => trace.setSpan(ROOT_CONTEXT, span);
  const propagator = new W3CTraceContextPropagator();
  await instrumentFetch(wrapped, { providers: [], propagateTo, propagator, activeContext })(LISTED);
  await instrumentFetch(wrapped, { providers: [], propagateTo, activeContext })(LISTED); // none is registered
  assert.deepEqual(seen, [`00-${"1".repeat(32)}-${"2".repeat(16)}-01`, null]);
  assert.equal(context.active(), ROOT_CONTEXT);
});

Deno.test("sockets that take headers carry the trace to listed hosts, whatever else they are given", async () => {
  await using emulator = await startSocketEmulator({ serve() {} });
  const { host } = new URL(emulator.url);
  const make = (Class: typeof WebSocket, ...hosts: string[]) =>
    startKept({ propagateTo: hosts, WebSocket: Class, register: false }).within(CALLER).WebSocket;
  const Ws = WsWebSocket as unknown as typeof WebSocket;
  const opened = async (socket: WebSocket) => {
    await nextEvent(socket, "open");
    const { headers } = emulator.connections.at(-1)!;
    const protocols = headers["sec-websocket-protocol"]?.split(/, ?/) ?? [];
    const closed = nextEvent(socket, "close");
    socket.close();
    await closed;
    return [CALLERS_SPAN.test(headers.traceparent ?? ""), headers["x-own"], protocols];
  };
  for (const Class of [WebSocket, Ws]) {
    const Listed = make(Class, host), Other = make(Class, "other.example");
    assert.deepEqual(await opened(new Listed(emulator.url)), [true, undefined, []], Class.name);
    assert.deepEqual(await opened(new Listed(emulator.url, "a")), [true, undefined, ["a"]]);
    assert.deepEqual(await opened(new Listed(emulator.url, ["a", "b"])), [true, undefined, ["a", "b"]]);
    assert.deepEqual(await opened(new Other(emulator.url, ["a"])), [false, undefined, ["a"]]);
  }
  const options = { headers: { "X-Own": "kept" } };
  const Listed = make(WebSocket, host) as new (url: string, options: object) => WebSocket;
  const withOptions = new Listed(emulator.url, { ...options, protocols: ["a"] });
  assert.deepEqual(await opened(withOptions), [true, "kept", ["a"]]);
  const ListedWs = make(Ws, host) as new (url: string, protocols: string[], options: object) => WebSocket;
  assert.deepEqual(await opened(new ListedWs(emulator.url, ["a"], options)), [true, "kept", ["a"]]);
  assert.deepEqual(options, { headers: { "X-Own": "kept" } });
});

Deno.test("a stream socket carries the trace to a listed host in its options", () => {
  const seen: unknown[][] = [];
  class Stream {
    readonly url = "";
    readonly opened = Promise.reject(new Error("never"));
    readonly closed = Promise.reject(new Error("never"));
    constructor(...all: unknown[]) {
      seen.push(all);
      this.opened.catch(() => {});
      this.closed.catch(() => {});
    }
    close(): void {}
  }
  const span = trace.wrapSpanContext({ traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 });
  const Instrumented = instrumentWebSocketStream(Stream as never, {
    providers: [],
    propagateTo: ["acme.example"],
    propagator: new W3CTraceContextPropagator(),
    activeContext: () => trace.setSpan(ROOT_CONTEXT, span),
  });
  new Instrumented("wss://acme.example/", { protocols: ["a"] });
  new Instrumented("wss://other.example/", { protocols: ["a"] });
  const traceparent = `00-${"1".repeat(32)}-${"2".repeat(16)}-01`;
  assert.deepEqual(seen, [
    ["wss://acme.example/", { protocols: ["a"], headers: { traceparent } }],
    ["wss://other.example/", { protocols: ["a"] }],
  ]);
});
