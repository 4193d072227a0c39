/** Telemetry against a collector that works, and against ones that do not. */

import assert from "node:assert/strict";
import { startTelemetry, type TelemetryOptions } from "../../mod.ts";
import type { Receiver } from "../../src/testing/mod.ts";
import { startReceiver } from "../support/strict_receiver.ts";

const fetch =
  (() =>
    Promise.resolve(new Response("{}", { headers: { "x-request-id": "req_1" } }))) as typeof globalThis.fetch;

const call = ["https://api.openai.com/v1/chat/completions", {
  method: "POST",
  body: '{"model":"gpt-x"}',
}] as const;

const CARRIER = { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };

function start(receiver: Receiver | undefined, options: TelemetryOptions = {}) {
  const told: string[] = [];
  const telemetry = startTelemetry({
    serviceName: "agent",
    fetch,
    env: { OTEL_METRICS_EXPORTER: "none" },
    endpoint: receiver?.url,
    exportIntervalMs: false,
    timeoutMs: 300,
    onError: (_error, stage) => void told.push(stage),
    ...options,
  });
  const attempt = async (): Promise<void> => void await (await telemetry.fetch(...call)).text();
  return { telemetry, told, attempt };
}

Deno.test("startTelemetry() exports OTLP/protobuf with service name and resource", async () => {
  await using receiver = await startReceiver();
  const { telemetry, attempt } = start(undefined, {
    serviceName: undefined,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_SERVICE_NAME: "from-env",
      OTEL_RESOURCE_ATTRIBUTES: "team=voice,service.name=weaker",
      OTEL_EXPORTER_OTLP_HEADERS: "x-api-key=secret",
      NOT_A_TEXT: { binding: true },
    },
    resourceAttributes: { "cloud.region": "eu" },
  });
  await attempt();
  assert.deepEqual(await telemetry.flush(), { complete: true, exportedSpans: 1, droppedSpans: 0 });
  await telemetry.shutdown();
  const [span] = receiver.spans;
  assert.equal(span!.name, "llm_request_run");
  assert.equal(span!.kind, "CLIENT");
  assert.equal(span!.scope.name, "@teespan/teespan");
  assert.equal(span!.resource["service.name"], "from-env");
  assert.equal(span!.resource.team, "voice");
  assert.equal(span!.resource["cloud.region"], "eu");
  assert.deepEqual(span!.attributes["lk.provider_request_ids"], ["req_1"]);
  const [request] = receiver.requests;
  assert.equal(request!.contentType, "application/x-protobuf");
  assert.equal(request!.headers["x-api-key"], "secret");
});

Deno.test("startTelemetry() compresses where the transport can", async () => {
  await using receiver = await startReceiver();
  const { telemetry, attempt } = start(receiver, { compression: "gzip" });
  await attempt();
  await telemetry.shutdown();
  assert.equal(receiver.requests[0]!.contentEncoding, "gzip");
  assert.equal(receiver.spans.length, 1);
});

Deno.test("startTelemetry() without endpoint sends nothing and fails at nothing", async () => {
  const { telemetry, told, attempt } = start(undefined);
  await attempt();
  assert.deepEqual(await telemetry.flush(), { complete: true, exportedSpans: 0, droppedSpans: 0 });
  await telemetry.shutdown();
  await telemetry.shutdown();
  assert.deepEqual(told, []);
});

Deno.test("OTEL_SDK_DISABLED gives back the fetch that was given", async () => {
  const { telemetry } = start(undefined, { env: { OTEL_SDK_DISABLED: "true" } });
  assert.equal(telemetry.fetch, fetch);
  assert.equal((await telemetry.flush()).complete, true);
  await telemetry.shutdown();
});

Deno.test("OTEL_SDK_DISABLED hides no mistake", () => {
  const mistakes: readonly ((telemetry: ReturnType<typeof startTelemetry>) => unknown)[] = [
    (telemetry) => telemetry.startSession({ id: "" }),
    (telemetry) => telemetry.startSession({ id: "a", parent: "00-1-2-01" as never }),
    (telemetry) => telemetry.within(CARRIER).startSession({ id: "a", attributes: 7 as never }),
    (telemetry) => telemetry.startRequest(new Request("http://a.test/")).startSession({ id: 7 as never }),
    (telemetry) => telemetry.startSession({ id: "a" }).startAttempt({ operation: "video" } as never),
    (telemetry) => telemetry.resumeSession("odd", { turnDetection: "both" as never }),
    (telemetry) => telemetry.within(undefined as never),
    (telemetry) => telemetry.within("00-1-2-01" as never),
    (telemetry) => telemetry.requestHandler({} as never),
  ];
  const started = ["false", "true"].map((disabled) =>
    startTelemetry({ env: { OTEL_SDK_DISABLED: disabled }, register: false, onError() {} })
  );
  for (const mistake of mistakes) {
    const [enabled, disabled] = started.map((telemetry): unknown => {
      try {
        return mistake(telemetry);
      } catch (error) {
        return error;
      }
    });
    assert.ok(enabled instanceof TypeError, String(mistake));
    assert.match(enabled.message, /^Cannot .* must .*: current value is /);
    assert.deepEqual(disabled, enabled);
  }
  const odd = { providers: "all", anyHost: 7, onError: 7, spanNames: "own", clock: {}, propagateTo: 7 };
  for (const [name, value] of Object.entries(odd)) {
    for (const disabled of ["false", "true"]) {
      const options = { env: { OTEL_SDK_DISABLED: disabled }, register: false, [name]: value };
      assert.throws(() => startTelemetry(options as never), { message: new RegExp(name) }, disabled);
    }
  }
});

Deno.test("OTEL_SDK_DISABLED goes on with what was suspended, and with nothing, under any options", () => {
  const telemetry = startTelemetry({ env: { OTEL_SDK_DISABLED: "true" }, fetch });
  for (const options of [undefined, {}, { id: undefined as never }, { name: "voice.session" }]) {
    assert.equal(telemetry.resumeSession("odd", options).fetch, fetch);
  }
  assert.equal(telemetry.within(CARRIER).fetch, fetch);
});

Deno.test("a collector that is down costs the agent nothing, and the loss is counted", async () => {
  const receiver = await startReceiver();
  await receiver.close();
  const { telemetry, told, attempt } = start(receiver);
  const begun = performance.now();
  await attempt();
  assert.ok(performance.now() - begun < 100);
  assert.deepEqual(await telemetry.flush(), { complete: true, exportedSpans: 0, droppedSpans: 1 });
  assert.deepEqual(told, ["export"]);
  await telemetry.shutdown();
});

Deno.test("a collector that never answers holds up no flush beyond its deadline", async () => {
  await using receiver = await startReceiver();
  receiver.behave({ hang: true });
  const { telemetry, attempt } = start(receiver);
  await attempt();
  const begun = performance.now();
  assert.equal((await telemetry.flush({ deadlineMs: 30 })).complete, false);
  assert.ok(performance.now() - begun < 200);
  await telemetry.shutdown();
  assert.equal(telemetry.stats().droppedSpans, 1);
});

for (const status of [400, 401, 404, 500]) {
  Deno.test(`a collector that refuses with ${status} has the loss counted`, async () => {
    await using receiver = await startReceiver();
    receiver.behave({ status });
    const { telemetry, told, attempt } = start(receiver);
    await attempt();
    assert.deepEqual(await telemetry.flush(), { complete: true, exportedSpans: 0, droppedSpans: 1 });
    assert.deepEqual(told, ["export"]);
    await telemetry.shutdown();
  });
}

Deno.test("a collector that asks to wait gets the spans later", async () => {
  await using receiver = await startReceiver();
  receiver.behave({ status: 429, headers: { "retry-after": "1" }, times: 1 });
  const { telemetry, attempt } = start(receiver, { timeoutMs: 5000 });
  await attempt();
  assert.equal((await telemetry.flush()).exportedSpans, 1);
  await telemetry.shutdown();
});

for (const after of ["0", "Thu, 01 Jan 1970 00:00:00 GMT"]) {
  Deno.test(`Retry-After: ${after} backs off as without one`, async () => {
    await using receiver = await startReceiver();
    receiver.behave({ status: 503, headers: { "retry-after": after }, times: 2 });
    const { telemetry, attempt } = start(receiver, { timeoutMs: 5000 });
    await attempt();
    const begun = performance.now();
    assert.deepEqual(await telemetry.flush(), { complete: true, exportedSpans: 1, droppedSpans: 0 });
    // 1 and 1.5 seconds, 20 % more or less
    assert.ok(performance.now() - begun > 1900, `${performance.now() - begun} ms`);
    await telemetry.shutdown();
  });
}

Deno.test("spans that a collector takes only in part are counted", async () => {
  await using receiver = await startReceiver();
  receiver.behave({ partialSuccess: { rejectedSpans: 2, errorMessage: "too old" } });
  const { telemetry, told, attempt } = start(receiver);
  for (let i = 0; i < 3; i++) await attempt();
  assert.deepEqual(await telemetry.flush(), { complete: true, exportedSpans: 1, droppedSpans: 2 });
  assert.deepEqual(told, ["export"]);
  await telemetry.shutdown();
});

Deno.test("samplers named by the environment or a ratio decide what is kept", async () => {
  const kept = async (options: TelemetryOptions): Promise<number> => {
    await using receiver = await startReceiver();
    const { telemetry, attempt } = start(receiver, options);
    await attempt();
    await telemetry.shutdown();
    return receiver.spans.length;
  };
  assert.equal(await kept({ env: { OTEL_TRACES_SAMPLER: "always_off" } }), 0);
  assert.equal(
    await kept({ env: { OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "0" } }),
    0,
  );
  assert.equal(
    await kept({ env: { OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "odd" } }),
    1,
  );
  assert.equal(await kept({ env: { OTEL_TRACES_SAMPLER: "unknown" } }), 1);
  assert.equal(await kept({ sampleRatio: 0, env: { OTEL_TRACES_SAMPLER: "always_on" } }), 0);
  assert.equal(await kept({ sampleRatio: 1 }), 1);
});

Deno.test("startTelemetry() says what is wrong with its options", () => {
  const refused = (options: object, name: string, message: RegExp): void =>
    assert.throws(() => startTelemetry({ env: {}, ...options }), { name, message });
  refused(
    { serviceName: "" },
    "TypeError",
    /serviceName must be a text that is not empty: current value is ""/,
  );
  refused({ endpoint: "collector:4318" }, "TypeError", /endpoint must be an http or https URL/);
  refused({ endpoint: "nowhere" }, "TypeError", /endpoint must be an http or https URL/);
  refused({ headers: { a: 1 } }, "TypeError", /headers must be a record of texts/);
  refused({ sampleRatio: 7 }, "RangeError", /sampleRatio must be between 0 and 1: current value is 7/);
  refused({ timeoutMs: 0 }, "RangeError", /timeoutMs must be a whole number above 0/);
  refused({ maxQueueSize: 1.5 }, "RangeError", /maxQueueSize must be a whole number above 0/);
  refused({ exportIntervalMs: -1 }, "RangeError", /exportIntervalMs must be a whole number above 0/);
  refused({ compression: "br" }, "RangeError", /compression must be "gzip" or "none"/);
  refused(
    { temporality: "monthly" },
    "RangeError",
    /temporality must be "delta", "cumulative" or "lowmemory"/,
  );
  refused({ metricIntervalMs: 0 }, "RangeError", /metricIntervalMs must be a whole number above 0/);
  refused({ exporter: {} }, "TypeError", /exporter must be a span exporter/);
  refused({ fetch: 7 }, "TypeError", /fetch must be a function/);
  refused({ providers: 7 }, "TypeError", /providers must be a list/);
});

Deno.test("startTelemetry() exports measurements as deltas, failures among them", async () => {
  await using receiver = await startReceiver();
  const { telemetry, attempt } = start(receiver, { env: {} });
  await attempt();
  await telemetry.flush();
  await attempt();
  await telemetry.shutdown();
  const durations = receiver.metrics.filter(({ name }) => name === "gen_ai.client.operation.duration");
  assert.deepEqual(durations.map(({ points }) => points.map(({ count }) => count)), [[1], [1]]);
  const [first] = durations;
  assert.equal(first!.unit, "s");
  assert.equal(first!.temporality, "DELTA");
  assert.equal(first!.resource["service.name"], "agent");
  assert.deepEqual(first!.points[0]!.attributes, {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-x",
    "server.address": "api.openai.com",
  });
  assert.deepEqual(first!.points[0]!.explicitBounds?.slice(0, 3), [0.01, 0.02, 0.04]);
});

Deno.test("measurements do not depend on sampling, and can be sums since the start", async () => {
  await using receiver = await startReceiver();
  const { telemetry, attempt } = start(receiver, { env: {}, sampleRatio: 0, temporality: "cumulative" });
  await attempt();
  await telemetry.flush();
  await attempt();
  await telemetry.shutdown();
  const counts = receiver.metrics.filter(({ name }) => name === "gen_ai.client.operation.duration")
    .map(({ points }) => points[0]!.count);
  assert.deepEqual(counts, [1, 2]);
  assert.equal(receiver.spans.length, 0);
});

Deno.test("measurements go out by themselves where isolates live on", async () => {
  await using receiver = await startReceiver();
  const { telemetry, attempt } = start(receiver, { env: {}, metricIntervalMs: 20 });
  await attempt();
  for (let tries = 0; tries < 100 && receiver.metrics.length === 0; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.ok(receiver.metrics.length > 0);
  await telemetry.shutdown();
});

Deno.test("a collector that takes no metrics harms nothing", async () => {
  await using receiver = await startReceiver();
  receiver.behave({ status: 404 });
  const { telemetry, told, attempt } = start(receiver, { env: {} });
  await attempt();
  assert.deepEqual(await telemetry.flush(), { complete: true, exportedSpans: 0, droppedSpans: 1 });
  assert.deepEqual(told, ["export", "export"]);
  await telemetry.shutdown();
});
