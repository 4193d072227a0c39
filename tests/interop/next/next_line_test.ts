/**
 * The library, on API 1.9, in a process whose application is on the next line: API 1.10 and the 3.x SDK. It has a
 * configuration of its own, or the application's API would be resolved for the library's packages too.
 */

import assert from "node:assert/strict";
import { ROOT_CONTEXT, trace as nextTrace } from "otel-api-next";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "otel-sdk-next";
import { instrumentFetch } from "../../../src/core.ts";
import { openai } from "../../../src/providers/openai.ts";
import { startKept } from "../../support/memory_exporter.ts";

const answer = (() =>
  Promise.resolve(
    new Response('{"id":"chatcmpl-1"}', { headers: { "x-request-id": "req_1" } }),
  )) as typeof globalThis.fetch;

/** Registrations of one API version bar those of another for the life of a process, unless the slate is wiped. */
function forgetRegistrations(): void {
  delete (globalThis as Record<symbol, unknown>)[Symbol.for("opentelemetry.js.api.1")];
}

async function callOnce(fetch: typeof globalThis.fetch): Promise<void> {
  const response = await fetch("https://api.openai.com/v1/chat/completions", { method: "POST", body: "{}" });
  await response.text();
}

Deno.test("instrumentFetch() uses an SDK of the 3.x line registered through API 1.10", async () => {
  forgetRegistrations();
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  assert.equal(nextTrace.setGlobalTracerProvider(provider), true);
  try {
    await callOnce(instrumentFetch(answer, { providers: [openai] }));
    await provider.forceFlush();
    const [span] = exporter.getFinishedSpans();
    assert.equal(span?.name, "llm_request_run");
    assert.deepEqual(span.attributes["lk.provider_request_ids"], ["req_1", "chatcmpl-1"]);
  } finally {
    forgetRegistrations();
    await provider.shutdown();
  }
});

Deno.test("an application on API 1.10 can be handed our provider, and our spans nest under its own", async () => {
  forgetRegistrations();
  const telemetry = startKept({ fetch: answer, register: false });
  assert.equal(nextTrace.setGlobalTracerProvider(telemetry.tracerProvider as never), true);
  try {
    const span = nextTrace.getTracer("app").startSpan("app work");
    const parent = nextTrace.setSpan(ROOT_CONTEXT, span);
    await callOnce(instrumentFetch(answer, {
      providers: [openai],
      tracerProvider: telemetry.tracerProvider,
      activeContext: () => parent as never,
    }));
    span.end();
  } finally {
    forgetRegistrations();
  }
  await telemetry.shutdown();
  const [attempt, app] = telemetry.spans;
  assert.equal(app!.name, "app work");
  assert.equal(attempt!.span.parentSpanContext?.spanId, app!.span.spanContext().spanId);
});

Deno.test("startTelemetry() leaves a provider in place that is registered already", async () => {
  forgetRegistrations();
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  nextTrace.setGlobalTracerProvider(provider);
  try {
    const telemetry = startKept({ fetch: answer });
    await callOnce(telemetry.fetch);
    await telemetry.shutdown();
    nextTrace.getTracer("app").startSpan("app work").end();
    await provider.forceFlush();
    assert.deepEqual(telemetry.spans.map(({ name }) => name), ["llm_request_run"]);
    assert.deepEqual(exporter.getFinishedSpans().map(({ name }) => name), ["app work"]);
  } finally {
    forgetRegistrations();
    await provider.shutdown();
  }
});
