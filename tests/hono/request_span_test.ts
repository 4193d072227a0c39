/** The span of a request: its name, its parent, its attributes, its end. */

import assert from "node:assert/strict";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { Hono } from "hono";
import { compress } from "hono/compress";
import { HTTPException } from "hono/http-exception";
import { streamText } from "hono/streaming";
import { CALLER, openBody, parentOf, serveKept } from "../support/served.ts";

Deno.test("agentTelemetry() names the span by the route and says what the convention wants", async () => {
  const { app, exported } = serveKept();
  app.get("/chat/:id", (c) => c.text("hello"));
  const response = await app.request("http://agent.example:8080/chat/7?model=gpt-5&key=secret", {
    headers: { "user-agent": "browser/1" },
  });
  assert.equal(await response.text(), "hello");
  const [span] = await exported(1);
  assert.equal(span!.name, "GET /chat/:id");
  assert.equal(span!.span.kind, SpanKind.SERVER);
  assert.deepEqual(span!.attributes, {
    "http.request.method": "GET",
    "http.response.status_code": 200,
    "http.route": "/chat/:id",
    "server.address": "agent.example",
    "server.port": 8080,
    "url.path": "/chat/7",
    "url.query": "model=gpt-5&key=REDACTED",
    "url.scheme": "http",
    "user_agent.original": "browser/1",
  });
});

Deno.test("agentTelemetry() names routes of apps that are mounted in others in full", async () => {
  const { app, exported } = serveKept();
  const inner = new Hono().get("/:id", (c) => c.text(c.req.param("id")));
  inner.onError((_error, c) => c.text("inner", 500));
  app.route("/api/chats", inner);
  await (await app.request("/api/chats/7")).text();
  assert.equal((await exported(1))[0]!.name, "GET /api/chats/:id");
});

Deno.test("agentTelemetry() takes the caller's trace, its state and its decision", async () => {
  const { app, exported, spans } = serveKept();
  app.get("/", (c) => c.text("hello"));
  await (await app.request("/", { headers: CALLER })).text();
  const [span] = await exported(1);
  const { traceId, traceState } = span!.span.spanContext();
  assert.equal(traceId, "0af7651916cd43dd8448eb211c80319c");
  assert.equal(traceState?.serialize(), "vendor=1");
  assert.equal(parentOf(span!), "b7ad6b7169203331");
  assert.equal(span!.span.parentSpanContext?.isRemote, true);

  const unsampled = { traceparent: CALLER.traceparent.replace(/01$/, "00") };
  await (await app.request("/", { headers: unsampled })).text();
  await (await app.request("/", { headers: { traceparent: "00-garbage-01" } })).text();
  await exported(2);
  assert.equal(spans.length, 2);
  assert.equal(parentOf(spans[1]!), undefined);
});

Deno.test("the span stays open until the body ends, and nothing is sent before", async () => {
  const { app, spans, exported } = serveKept();
  const { body, write, close } = openBody();
  app.get("/", () => new Response(body));
  const reader = (await app.request("/")).body!.getReader();
  write("one");
  assert.equal(new TextDecoder().decode((await reader.read()).value), "one");
  assert.equal(spans.length, 0);
  close();
  assert.equal((await reader.read()).done, true);
  const [span] = await exported(1);
  assert.equal(span!.attributes["teespan.outcome"], undefined);
});

Deno.test("the span of a body that Hono streams lasts as long as the stream", async () => {
  const { app, exported, spans } = serveKept();
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => end = resolve);
  app.get("/", (c) =>
    streamText(c, async (stream) => {
      await stream.write("one ");
      await ended;
      await stream.write("two");
    }));
  const reader = (await app.request("/")).body!.getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), "one ");
  assert.equal(spans.length, 0);
  end();
  assert.equal(new TextDecoder().decode((await reader.read()).value), "two");
  assert.equal((await reader.read()).done, true);
  await exported(1);
});

Deno.test("a caller that leaves cancels the body in the same task, and the span says so", async () => {
  const { app, exported } = serveKept();
  const { body, cancelled } = openBody();
  app.get("/", () => new Response(body));
  const left = (await app.request("/")).body!.cancel("gone");
  assert.equal(cancelled(), "gone");
  await left;
  const [span] = await exported(1);
  assert.equal(span!.attributes["teespan.outcome"], "cancelled");
  assert.equal(span!.status.code, SpanStatusCode.UNSET);
});

Deno.test("a body that fails gives the very error to the caller, and marks the span", async () => {
  const { app, exported } = serveKept();
  const { body, fail } = openBody();
  app.get("/", () => new Response(body));
  const response = await app.request("/");
  const error = new RangeError("no more");
  fail(error);
  await assert.rejects(response.text(), (caught) => caught === error);
  const [span] = await exported(1);
  assert.equal(span!.attributes["error.type"], "RangeError");
  assert.equal(span!.attributes["teespan.outcome"], "error");
  assert.equal(span!.status.code, SpanStatusCode.ERROR);
});

Deno.test("what a handler throws becomes the span's error by its class, and is handled as without us", async () => {
  const { app, exported, span } = serveKept();
  app.get("/crash", () => {
    throw new RangeError("with the prompt in it");
  });
  app.get("/denied", () => {
    throw new HTTPException(403, { message: "Forbidden" });
  });
  app.get("/odd", () => {
    throw "no error at all";
  });
  app.get("/gone", (c) => c.text("gone", 503));
  app.onError((error, c) => error instanceof HTTPException ? error.getResponse() : c.text("sorry", 500));
  assert.equal(await (await app.request("/crash")).text(), "sorry");
  assert.equal(await (await app.request("/denied")).text(), "Forbidden");
  await assert.rejects(async () => await app.request("/odd"), (caught) => caught === "no error at all");
  assert.equal(await (await app.request("/gone")).text(), "gone");
  await exported(4);
  const told = (name: string) => {
    const { attributes, status } = span(name);
    return [attributes["http.response.status_code"], attributes["error.type"], status];
  };
  const { ERROR, UNSET } = SpanStatusCode;
  assert.deepEqual(told("GET /crash"), [500, "RangeError", { code: ERROR, message: "RangeError" }]);
  assert.deepEqual(told("GET /denied"), [403, undefined, { code: UNSET }]);
  assert.deepEqual(told("GET /gone"), [503, "503", { code: ERROR, message: "503" }]);
  assert.deepEqual(told("GET"), [undefined, "Error", { code: ERROR, message: "Error" }]);
});

Deno.test("a path that no route fits has none in its span, one whose handler finds nothing has", async () => {
  const { app, exported, spans } = serveKept();
  app.get("/chat/:id", (c) => c.notFound());
  await (await app.request("/nowhere")).text();
  await (await app.request("/chat/9")).text();
  await (await app.request("/chat/9", { method: "BREW" })).text();
  await exported(3);
  assert.deepEqual(
    spans.map(({ name, attributes }) => [
      name,
      attributes["http.route"],
      attributes["http.request.method"],
      attributes["http.request.method_original"],
    ]),
    [
      ["GET", undefined, "GET", undefined],
      ["GET /chat/:id", "/chat/:id", "GET", undefined],
      ["HTTP", undefined, "_OTHER", "BREW"],
    ],
  );
});

Deno.test("answers without a body, and to HEAD, end at once and are the handler's own", async () => {
  const { app, exported, spans } = serveKept();
  const empty = new Response(null, { status: 204 });
  const untouched = new Response("text");
  app.get("/empty", () => empty);
  app.get("/text", () => untouched);
  assert.equal(await app.request("/empty"), empty);
  await app.request("/text", { method: "HEAD" });
  assert.equal(untouched.body!.locked, false);
  await exported(2);
  assert.deepEqual(spans.map(({ name }) => name), ["GET /empty", "HEAD /text"]);
});

Deno.test("status, headers and cookies of an answer stay, a coding among them", async () => {
  const { app, exported } = serveKept();
  app.use(compress());
  app.get("/", (c) => {
    c.header("set-cookie", "one=1", { append: true });
    c.header("set-cookie", "two=2", { append: true });
    return c.text("hello ".repeat(500), 201, { "x-own": "kept" });
  });
  const response = await app.request("/", { headers: { "accept-encoding": "gzip" } });
  assert.equal(response.status, 201);
  assert.equal(response.headers.get("x-own"), "kept");
  assert.deepEqual(response.headers.getSetCookie(), ["one=1", "two=2"]);
  assert.equal(response.headers.get("content-encoding"), "gzip");
  const plain = response.body!.pipeThrough(new DecompressionStream("gzip"));
  assert.equal(await new Response(plain).text(), "hello ".repeat(500));
  await exported(1);
});
