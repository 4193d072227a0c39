/** When what has ended is sent, and by which telemetry. */

import assert from "node:assert/strict";
import { Hono } from "hono";
import { startReceiver } from "../support/strict_receiver.ts";
import { agentTelemetry, type AgentTelemetryEnv } from "../../src/hono.ts";
import { CHAT_URL, keptOptions, openBody, serveKept, watchExports } from "../support/served.ts";

/** The context that Workers hand over. */
function executionCtx() {
  const works: Promise<unknown>[] = [];
  return {
    works,
    ctx: {
      waitUntil: (work: Promise<unknown>) => void works.push(work),
      passThroughOnException() {},
      props: {},
    },
  };
}

Deno.test("what has ended is sent through waitUntil, once the body has ended", async () => {
  const { app, spans } = serveKept();
  const { body, close } = openBody();
  app.get("/", () => new Response(body));
  const { works, ctx } = executionCtx();
  const response = await app.request("/", {}, {}, ctx);
  assert.equal(works.length, 0);
  close();
  await response.text();
  assert.equal(works.length, 1);
  await Promise.all(works);
  assert.equal(spans.length, 1);
});

Deno.test("a collector that hangs delays no answer", async () => {
  let release = (): void => {};
  const hanging = new Promise<void>((resolve) => release = resolve);
  const { exporter } = watchExports();
  const { app } = serveKept({
    exporter: { ...exporter, export: (_batch, done) => void hanging.then(() => done({ code: 0 })) },
  });
  app.get("/", (c) => c.text("hello"));
  const { works, ctx } = executionCtx();
  assert.equal(await (await app.request("/", {}, {}, ctx)).text(), "hello");
  assert.equal(await (await app.request("/", {}, {}, ctx)).text(), "hello");
  release();
  await Promise.all(works);
});

Deno.test("one request's end does not give up what another has yet to read", async () => {
  const { exporter, exported, spans } = watchExports();
  const refusal = () => new Response('{"error":{"code":"slow_down"}}', { status: 429 });
  const { app } = serveKept({ exporter, fetch: (() => Promise.resolve(refusal())) as typeof fetch });
  let read = (): void => {};
  const mayRead = new Promise<void>((resolve) => read = resolve);
  let refused = (): void => {};
  const isRefused = new Promise<void>((resolve) => refused = resolve);
  app.get("/slow", async (c) => {
    const answer = await c.var.telemetry.fetch(CHAT_URL, { method: "POST", body: "{}" });
    refused();
    await mayRead;
    return c.text(await answer.text());
  });
  app.get("/quick", (c) => c.text("done"));
  const slow = app.request("/slow");
  await isRefused;
  await (await app.request("/quick")).text();
  await exported(1);
  read();
  await (await slow).text();
  await exported(3);
  const attempt = spans.find(({ name }) => name === "llm_request_run")!;
  assert.equal(attempt.attributes["teespan.error.code"], "slow_down");
});

Deno.test("many requests at once share exports, and all are sent", async () => {
  const { exporter, exported } = watchExports();
  let exports = 0;
  const { app } = serveKept({
    exporter: {
      ...exporter,
      export(batch, done) {
        exports++;
        queueMicrotask(() => exporter.export(batch, done));
      },
    },
  });
  app.get("/", (c) => c.text("hello"));
  await Promise.all(Array.from({ length: 200 }, async () => await (await app.request("/")).text()));
  await exported(200);
  assert.ok(exports < 100, String(exports));
});

Deno.test("telemetry starts with the first request, once for equal options, anew for others", async () => {
  await using one = await startReceiver();
  await using two = await startReceiver();
  const app = (serviceName: string) =>
    new Hono<AgentTelemetryEnv>().use(
      agentTelemetry({ serviceName, register: false, metricIntervalMs: false }),
    )
      .get("/", (c) => c.text(String(c.var.telemetry.span.isRecording())));
  const first = app("first"), again = app("first"), other = app("other");
  const ask = async (app: ReturnType<typeof first.use>, env: object) => {
    const { works, ctx } = executionCtx();
    assert.equal(await (await app.request("/", {}, env, ctx)).text(), "true");
    await Promise.all(works);
  };
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: one.url, AI: {} };
  await ask(first, env);
  await ask(again, { ...env });
  await ask(other, env);
  await ask(first, { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: two.url });
  await ask(first, env);
  assert.deepEqual(one.spans.map(({ resource }) => resource["service.name"]), [
    "first",
    "first",
    "other",
    "first",
  ]);
  assert.equal(two.spans.length, 1);
});

Deno.test("options can be made from the bindings, and callbacks made there start nothing anew", async () => {
  const { exporter, exported, spans } = watchExports();
  let made = 0;
  const app = new Hono<AgentTelemetryEnv & { Bindings: { readonly NAME: string } }>()
    .use(agentTelemetry((env: { readonly NAME: string }) => {
      made++;
      return { ...keptOptions(exporter), serviceName: env.NAME, onError: () => {} };
    }))
    .get("/", (c) => c.text(c.env.NAME));
  const env = { NAME: "from-bindings" };
  for (const bindings of [env, env, { ...env }]) await (await app.request("/", {}, bindings)).text();
  await exported(3);
  assert.equal(made, 2);
  assert.equal(spans[2]!.span.resource, spans[0]!.span.resource);
  assert.equal(spans[0]!.span.resource.attributes["service.name"], "from-bindings");
});

Deno.test("a mistake in options shows at set-up, one in a variable is told once and harms no request", async () => {
  assert.throws(() => agentTelemetry({ serviceName: "" }), TypeError);
  const { error } = console;
  const told: unknown[] = [];
  console.error = (...all: unknown[]) => void told.push(all.at(-1));
  try {
    const app = new Hono<AgentTelemetryEnv>().use(agentTelemetry())
      .get(
        "/",
        (c) => c.text(JSON.stringify([c.var.telemetry.carrier(), c.var.telemetry.span.isRecording()])),
      );
    for (const port of [1, 2]) {
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `collector:${port}` };
      assert.equal(await (await app.request("/", {}, env)).text(), "[{},false]");
    }
  } finally {
    console.error = error;
  }
  assert.equal(told.length, 1);
  assert.match(String(told[0]), /endpoint must be an http or https URL/);
});

Deno.test("telemetry that is switched off leaves the answer and fetch alone", async () => {
  const own = (() => Promise.resolve(new Response())) as typeof fetch;
  const answer = new Response("hello");
  const app = new Hono<AgentTelemetryEnv>()
    .use(agentTelemetry({ fetch: own, env: { OTEL_SDK_DISABLED: "true" } }))
    .get("/", (c) => {
      assert.equal(c.var.telemetry.fetch, own);
      return answer;
    });
  assert.equal(await app.request("/"), answer);
});

Deno.test("what throws inside telemetry harms no request", async () => {
  const troubles: string[] = [];
  const { app } = serveKept({
    onError: (_error, stage) => void troubles.push(stage),
    sampler: {
      shouldSample() {
        throw new Error("a sampler with a mistake");
      },
    },
  });
  app.get("/", async (c) => {
    const answer = await c.var.telemetry.fetch(CHAT_URL, { method: "POST", body: "{}" });
    return c.text(await answer.text());
  });
  assert.equal(await (await app.request("/")).text(), '{"id":"chatcmpl-1"}');
  assert.deepEqual(troubles, ["record", "match"]);
});
