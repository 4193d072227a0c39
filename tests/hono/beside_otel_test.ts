/** Beside `@hono/otel`: a request is served once, whichever comes first. */

import assert from "node:assert/strict";
import { httpInstrumentationMiddleware } from "@hono/otel";
import { context, metrics, SpanKind, trace } from "@opentelemetry/api";
import { Hono } from "hono";
import { agentTelemetry, type AgentTelemetryEnv } from "../../src/hono.ts";
import { startTelemetry } from "../../src/start.ts";
import { CHAT_URL, idOf, keptOptions, parentOf, watchExports } from "../support/served.ts";

for (const order of ["before", "after"] as const) {
  Deno.test(`@hono/otel ${order} agentTelemetry(): one SERVER span outermost, attempts inside`, async () => {
    const { exporter, exported, spans } = watchExports();
    const options = { ...keptOptions(exporter), register: true };
    // theirs looks for the provider when it is made
    const telemetry = startTelemetry(options);
    const theirs = httpInstrumentationMiddleware(), ours = agentTelemetry(options);
    const chain = order === "before" ? [theirs, ours] : [ours, theirs];
    const app = new Hono<AgentTelemetryEnv>().use(...chain).get("/chat/:id", async (c) => {
      const answer = await c.var.telemetry.fetch(CHAT_URL, { method: "POST", body: "{}" });
      return c.text(await answer.text());
    });
    try {
      await (await app.request("/chat/7")).text();
      await telemetry.flush();
      await exported(3);
    } finally {
      await telemetry.shutdown();
      context.disable();
      trace.disable();
      metrics.disable();
    }
    const attempt = spans.find(({ name }) => name === "llm_request_run")!;
    const isOurs = (span: typeof attempt) => span.span.instrumentationScope.name === "@teespan/teespan";
    const [our] = spans.filter((span) => span.name === "GET /chat/:id" && isOurs(span));
    const [their] = spans.filter((span) => span.name === "GET /chat/:id" && !isOurs(span));
    const [outer, inner] = order === "before" ? [their, our] : [our, their];
    assert.equal(outer!.span.kind, SpanKind.SERVER);
    assert.equal(parentOf(outer!), undefined);
    assert.equal(parentOf(inner!), idOf(outer!));
    assert.equal(our!.span.kind, order === "before" ? SpanKind.INTERNAL : SpanKind.SERVER);
    assert.equal(parentOf(attempt), idOf(inner!));
  });
}
