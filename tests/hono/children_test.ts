/** What is made in a request hangs under its span, without `AsyncLocalStorage` too. */

import assert from "node:assert/strict";
import { context, propagation, trace } from "@opentelemetry/api";
import { upgradeWebSocket } from "hono/deno";
import { FakeWebSocket } from "../support/fake_websocket.ts";
import { toyProvider } from "../support/toy_socket.ts";
import { CALLER, CHAT_URL, idOf, keptOptions, parentOf, serveKept, watchExports } from "../support/served.ts";
import { agentTelemetry, type AgentTelemetryEnv } from "../../src/hono.ts";
import { Hono } from "hono";
import { startKept } from "../support/memory_exporter.ts";

const CALL = { method: "POST", body: "{}" };

Deno.test("attempts of parallel requests are children of their own request's span", async () => {
  const { app, exported, spans } = serveKept();
  app.get("/:id", async (c) => {
    await Promise.resolve();
    const answer = await c.var.telemetry.fetch(CHAT_URL, CALL);
    await new Promise((resolve) => setTimeout(resolve, 1));
    return c.text(await answer.text());
  });
  await Promise.all(["/a", "/b", "/c"].map(async (path) => await (await app.request(path)).text()));
  await exported(6);
  const attempts = spans.filter(({ name }) => name === "llm_request_run");
  const requests = spans.filter(({ name }) => name === "GET /:id");
  assert.deepEqual(attempts.map(parentOf).sort(), requests.map(idOf).sort());
  assert.equal(new Set(attempts.map(parentOf)).size, 3);
});

Deno.test("a call made by a callback that nobody awaits, after the answer, is the request's and is sent", async () => {
  const { app, exported, span } = serveKept();
  const later: (() => Promise<string>)[] = [];
  app.get("/", (c) => {
    later.push(async () => await (await c.var.telemetry.fetch(CHAT_URL, CALL)).text());
    return c.text("accepted");
  });
  await (await app.request("/")).text();
  await exported(1);
  await later[0]!();
  await exported(2); // nobody flushed but the request
  assert.equal(parentOf(span("llm_request_run")), idOf(span("GET /")));
});

Deno.test("an answer that is passed on as it comes ends attempt and request with its last byte", async () => {
  const { app, exported, span } = serveKept();
  app.get("/", (c) => c.var.telemetry.fetch(CHAT_URL, CALL));
  assert.equal(await (await app.request("/")).text(), '{"id":"chatcmpl-1"}');
  await exported(2);
  assert.equal(parentOf(span("llm_request_run")), idOf(span("GET /")));
  assert.ok(span("GET /").span.endTime >= span("llm_request_run").span.endTime);
});

Deno.test("sessions, sockets and spans made through the request are its children", async () => {
  const providers = [toyProvider()];
  const { app, exported, span } = serveKept({
    providers,
    WebSocket: FakeWebSocket as unknown as typeof WebSocket,
  });
  app.get("/", (c) => {
    const session = c.var.telemetry.startSession({ id: "call-1" });
    const inSession = new session.WebSocket("wss://api.toy.example/v1/speak") as unknown as FakeWebSocket;
    inSession.open();
    inSession.send(JSON.stringify({ context: "one", text: "hello" }));
    inSession.receive(JSON.stringify({ context: "one", done: true }));
    session.end();
    const own = new c.var.telemetry.WebSocket("wss://api.toy.example/v1/speak") as unknown as FakeWebSocket;
    own.open();
    own.send(JSON.stringify({ context: "two", text: "hello" }));
    own.receive(JSON.stringify({ context: "two", error: "broken" }));
    c.var.telemetry.tracer.startSpan("own").end();
    c.var.telemetry.tracer.startActiveSpan("active", { attributes: { a: 1 } }, (active) => active.end());
    return c.text("done");
  });
  await (await app.request("/")).text();
  const spans = await exported(6);
  const request = idOf(span("GET /"));
  const [inSession, own] = spans.filter(({ name }) => name === "tts_request_run");
  assert.equal(parentOf(span("agent_session")), request);
  assert.equal(parentOf(inSession!), idOf(span("agent_session")));
  assert.equal(parentOf(own!), request);
  assert.equal(parentOf(span("own")), request);
  assert.equal(parentOf(span("active")), request);
  assert.equal(span("active").attributes.a, 1);
});

Deno.test("with a context manager, a span inside the request stays the parent", async () => {
  const { exporter, exported, spans } = watchExports();
  const app = new Hono<AgentTelemetryEnv>()
    .use(agentTelemetry({ ...keptOptions(exporter), register: true }))
    .get("/", (c) =>
      c.var.telemetry.tracer.startActiveSpan("answer", async (answer) => {
        const text = await (await c.var.telemetry.fetch(CHAT_URL, CALL)).text();
        answer.end();
        return c.text(text);
      }));
  try {
    await (await app.request("/")).text();
    await exported(3);
  } finally {
    context.disable();
    trace.disable();
    propagation.disable();
  }
  const byName = (name: string) => spans.find((span) => span.name === name)!;
  assert.equal(parentOf(byName("llm_request_run")), idOf(byName("answer")));
  assert.equal(parentOf(byName("answer")), idOf(byName("GET /")));
});

Deno.test("an upgrade ends the request's span at once, and its session is a child that goes on", async () => {
  const { app, exported, spans, span } = serveKept();
  const ended = Promise.withResolvers<void>();
  app.get(
    "/voice",
    upgradeWebSocket((c) => {
      const session = (c as typeof c & { var: AgentTelemetryEnv["Variables"] }).var.telemetry
        .startSession({ id: "call-1", name: "voice.session" });
      return {
        async onMessage(_event, socket) {
          const answer = await session.fetch(CHAT_URL, CALL);
          socket.send(await answer.text());
        },
        onClose() {
          session.end({ outcome: "success" });
          ended.resolve();
        },
      };
    }),
  );
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, app.fetch);
  const socket = new WebSocket(`ws://127.0.0.1:${server.addr.port}/voice`);
  await new Promise((resolve) => socket.onopen = resolve);
  await exported(1);
  assert.deepEqual(spans.map(({ name }) => name), ["GET /voice"]);
  assert.equal(spans[0]!.attributes["http.response.status_code"], 101);
  const answered = new Promise((resolve) => socket.onmessage = resolve);
  socket.send("hello");
  await answered;
  const closed = new Promise((resolve) => socket.onclose = resolve);
  socket.close();
  await Promise.all([closed, ended.promise]);
  await exported(3); // the session's end sends: nobody flushed
  await server.shutdown();
  assert.equal(parentOf(span("voice.session")), idOf(span("GET /voice")));
  assert.equal(parentOf(span("llm_request_run")), idOf(span("voice.session")));
});

Deno.test("telemetry.within() takes a context or what carrier() gave elsewhere", async () => {
  const telemetry = startKept({ register: false, fetch: keptOptions(watchExports().exporter).fetch });
  const here = telemetry.tracer.startSpan("here");
  const view = telemetry.within(trace.setSpan(context.active(), here));
  const carrier = JSON.parse(JSON.stringify(view.carrier()));
  here.end();
  const there = telemetry.within(carrier);
  await (await there.fetch(CHAT_URL, CALL)).text();
  await (await telemetry.within({}).fetch(CHAT_URL, CALL)).text();
  await (await telemetry.within(CALLER).fetch(CHAT_URL, CALL)).text();
  await telemetry.flush();
  const attempts = telemetry.spans.filter(({ name }) => name === "llm_request_run");
  assert.deepEqual(attempts.map(parentOf), [here.spanContext().spanId, undefined, "b7ad6b7169203331"]);
  assert.deepEqual(telemetry.within(CALLER).carrier(), CALLER);
  await telemetry.shutdown();
});
