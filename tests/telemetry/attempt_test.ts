import assert from "node:assert/strict";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import { SimpleSpanProcessor, WebTracerProvider } from "@opentelemetry/sdk-trace-web";
import { type Attempt, openAttempt } from "../../src/telemetry/attempt/attempt.ts";
import { targetOf } from "../../src/telemetry/attempt/target.ts";
import { type AttemptScope, createScope } from "../../src/telemetry/scope.ts";
import { keepSpans } from "../support/memory_exporter.ts";

function open() {
  const exporter = keepSpans();
  const time = { now: 1_790_000_000_000 };
  const scope: AttemptScope = createScope({
    tracerProvider: new WebTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
    clock: { now: () => time.now },
  });
  const attempt: Attempt = openAttempt(scope, {
    operation: "llm",
    providerName: "acme",
    method: "POST",
    target: targetOf(new URL("https://llm.acme.example:8443/v1/chat/completions")),
  }, ROOT_CONTEXT);
  return { attempt, scope, time, spans: exporter.spans };
}

Deno.test("an attempt ends once, whatever comes", () => {
  const { attempt, scope, spans } = open();
  attempt.complete();
  attempt.end("error", { type: "late" });
  attempt.end("abandoned");
  attempt.noteRequestId("late");
  attempt.note({ responseModel: "late" });
  assert.equal(spans.length, 1);
  assert.equal(spans[0]!.attributes["teespan.outcome"], "success");
  assert.equal(spans[0]!.attributes["gen_ai.response.model"], undefined);
  assert.deepEqual([scope.open.size, scope.counts.ended], [0, 1]);
});

Deno.test("an attempt keeps ids in order of first sight, none twice, none empty, and no more than the bound", () => {
  const { attempt, scope, spans } = open();
  for (const id of ["b", "", "a", "b"]) attempt.noteRequestId(id);
  for (let i = 0; i < 1000; i++) attempt.noteRequestId(`id-${i}`);
  attempt.end("success");
  const ids = spans[0]!.attributes["lk.provider_request_ids"] as string[];
  assert.deepEqual(ids.slice(0, 3), ["b", "a", "id-0"]);
  assert.equal(ids.length, 128);
  assert.equal(scope.counts.droppedRequestIds, 1002 - 128);
});

Deno.test("an attempt passes over an id that is too long to be one", () => {
  const { attempt, scope, spans } = open();
  attempt.noteRequestId("x".repeat(5000));
  attempt.end("success");
  assert.equal(spans[0]!.attributes["lk.provider_request_ids"], undefined);
  assert.equal(scope.counts.droppedRequestIds, 1);
});

Deno.test("an attempt measures the first output of any kind, and the first that the user gets", () => {
  const { attempt, time, spans } = open();
  attempt.note({ streamed: true });
  time.now += 250;
  attempt.output("reasoning");
  time.now += 500;
  attempt.output("text");
  time.now += 500;
  attempt.output("text");
  attempt.output("tool");
  attempt.end("success");
  assert.equal(spans[0]!.attributes["gen_ai.response.time_to_first_chunk"], 0.25);
  assert.equal(spans[0]!.attributes["lk.response.ttft"], 0.75);
  assert.deepEqual(spans[0]!.span.duration, [1, 250_000_000]);
});

Deno.test("an attempt has no figure that was not seen", () => {
  const { attempt, time, spans } = open();
  time.now += 250;
  attempt.output("text");
  attempt.note({ streamed: false, inputTokens: 3, cachedInputTokens: 0, outputTokens: undefined });
  attempt.end("success");
  const { attributes } = spans[0]!;
  assert.deepEqual(Object.keys(attributes).sort(), [
    "gen_ai.provider.name",
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.input_tokens",
    "http.request.method",
    "server.address",
    "server.port",
    "teespan.outcome",
    "url.full",
  ]);
  assert.equal(attributes["server.port"], 8443);
});

Deno.test("what the provider said outweighs how the body ended", () => {
  const { attempt, spans } = open();
  attempt.respond(429);
  attempt.fail({ type: "requests", code: "rate_limit_exceeded" });
  attempt.end("cancelled");
  const { attributes, status } = spans[0]!;
  assert.equal(attributes["teespan.outcome"], "error");
  assert.equal(attributes["error.type"], "429");
  assert.equal(attributes["teespan.error.code"], "rate_limit_exceeded");
  assert.deepEqual(status, { code: 2, message: "429" });
});

Deno.test("an error inside a stream that began well is the attempt's", () => {
  const { attempt, spans } = open();
  attempt.respond(200);
  attempt.fail({ type: "overloaded_error" });
  attempt.fail({ type: "truncated" });
  attempt.complete();
  assert.equal(spans[0]!.attributes["error.type"], "overloaded_error");
  assert.equal(spans[0]!.attributes["teespan.outcome"], "error");
});
