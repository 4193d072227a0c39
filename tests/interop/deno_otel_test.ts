/** Deno's own tracing (`OTEL_DENO=true`) as the provider, and beside ours: all goes out, once, and hangs together. */

import assert from "node:assert/strict";
import type { ReceivedSpan, Receiver } from "../../src/testing/mod.ts";
import { startReceiver } from "../support/strict_receiver.ts";
import { startChatProvider } from "../support/chat_provider.ts";
import { runProgram } from "../support/run_program.ts";
import { serveProgram } from "../support/serve_program.ts";

const DENO = { OTEL_DENO: "true", OTEL_DENO_CONSOLE: "ignore", OTEL_SERVICE_NAME: "agent" };

/** Variables by which Deno sends to a receiver, and by which ours do unless told otherwise. */
function sendingTo(receiver: Receiver): Record<string, string> {
  return { ...DENO, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf" };
}

const isOurs = ({ scope }: { readonly scope: { readonly name: string } }): boolean =>
  scope.name === "@teespan/teespan";
const isDenos = ({ resource }: { readonly resource: Readonly<Record<string, unknown>> }): boolean =>
  resource["telemetry.sdk.language"] === "deno-rust";

/** Our measurements came, each set of attributes once, and all of them by Deno or none. */
function checkMeasurements({ metrics }: Receiver, byDeno: boolean): void {
  const ours = metrics.filter(isOurs);
  assert.ok(ours.some(({ name }) => name === "gen_ai.client.operation.duration"));
  const points = ours.flatMap(({ name, points }) =>
    points.map(({ attributes }) => `${name} ${JSON.stringify(attributes)}`)
  );
  assert.deepEqual([...new Set(points)].sort(), points.sort());
  assert.ok(ours.every((metric) => isDenos(metric) === byDeno));
}

Deno.test("OTEL_DENO with ./core: span and measurements go out through Deno, once", async () => {
  await using receiver = await startReceiver();
  await using provider = await startChatProvider();
  const { code, stdout, stderr } = await runProgram("deno_otel", {
    flags: ["--allow-net=127.0.0.1"],
    args: [provider.url],
    env: sendingTo(receiver),
  });
  assert.equal(code, 0, stderr);
  assert.equal(stdout, '{"id":"chatcmpl-1"}\n');
  const [attempt, ...more] = receiver.spans.filter(isOurs);
  assert.deepEqual(more, []);
  assert.equal(attempt!.name, "llm_request_run");
  assert.deepEqual(attempt!.attributes["lk.provider_request_ids"], ["req_1", "chatcmpl-1"]);
  assert.ok(receiver.spans.every(isDenos));
  checkMeasurements(receiver, true);
});

Deno.test("OTEL_DENO with startTelemetry(): each span and measurement once, and one SERVER span", async () => {
  await using receiver = await startReceiver();
  await using provider = await startChatProvider();
  const { code, stderr } = await runProgram("deno_otel_started", {
    flags: ["--allow-net=127.0.0.1", "--allow-env"],
    args: [provider.url],
    env: sendingTo(receiver),
  });
  assert.equal(code, 0, stderr);
  const ours = receiver.spans.filter(isOurs);
  assert.deepEqual(ours.map(({ name, kind }) => [name, kind]), [
    ["llm_request_run", "CLIENT"],
    ["GET /chat", "INTERNAL"],
  ]);
  assert.equal(ours.some(isDenos), false);
  const servers = receiver.spans.filter(({ kind }) => kind === "SERVER");
  assert.equal(servers.length, 1);
  assert.equal(ours[1]!.parentSpanId, servers[0]!.spanId);
  assert.equal(ours[0]!.parentSpanId, ours[1]!.spanId);
  // Deno traces our exports as well: not in the agent's trace
  const trace = receiver.spans.filter(({ traceId }) => traceId === ours[0]!.traceId);
  assert.deepEqual(
    trace.filter(({ attributes }) => String(attributes["url.full"]).includes("/v1/traces")),
    [],
  );
  checkMeasurements(receiver, false);
});

/** What one request to the handler under `deno serve` gives. */
async function serveOnce(
  env: Record<string, string>,
  received: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Record<string, unknown>> {
  await using provider = await startChatProvider();
  await using served = await serveProgram("deno_otel_handler", {
    flags: ["--allow-net=127.0.0.1", "--allow-env"],
    env: { OTEL_BSP_SCHEDULE_DELAY: "100", PROVIDER_URL: provider.url, ...env },
  });
  const answer = await (await fetch(served.url)).json();
  assert.equal(answer.text, '{"id":"chatcmpl-1"}');
  await received();
  return answer;
}

/** A span of each name, each of which came once. */
function byName(spans: readonly ReceivedSpan[]): (name: string) => ReceivedSpan {
  return (name) => {
    const [found, ...more] = spans.filter((span) => span.name === name);
    assert.ok(found !== undefined && more.length === 0, `${name}: ${spans.map(({ name }) => name)}`);
    return found;
  };
}

for (const how of ["core", "started"]) {
  Deno.test(`OTEL_DENO with deno serve, ${how}: one trace, whose parents hold across awaits`, async () => {
    await using receiver = await startReceiver();
    await serveOnce(
      { ...sendingTo(receiver), HOW: how },
      () =>
        receiver.waitForSpans((some) =>
          some.some(({ name }) => name === "agent_session") && some.some(({ kind }) => kind === "SERVER")
        ),
    );
    const { traceId } = receiver.spans.find(({ name }) => name === "agent_session")!;
    const trace = receiver.spans.filter((span) => span.traceId === traceId);
    // the last two are Deno's: the request that is served, and that to the provider
    const names = ["agent_session", "answer", "llm_request_run", "GET", "POST"];
    assert.deepEqual(trace.map(({ name }) => name).sort(), names.toSorted());
    const named = byName(trace);
    assert.equal(named("GET").kind, "SERVER");
    assert.equal(named("agent_session").parentSpanId, named("GET").spanId);
    assert.equal(named("answer").parentSpanId, named("agent_session").spanId);
    assert.equal(named("llm_request_run").parentSpanId, named("answer").spanId);
    const ours = receiver.spans.filter(isOurs);
    assert.equal(ours.length, 3);
    assert.ok(ours.every((span) => isDenos(span) === (how === "core")));
  });
}

Deno.test("OTEL_DENO and an endpoint that is an option: ours go there, Deno's do not", async () => {
  await using receiver = await startReceiver();
  const { stats } = await serveOnce({ ...DENO, HOW: "started", COLLECTOR_URL: receiver.url });
  assert.deepEqual(stats, { exported: 3, dropped: 0 });
  assert.deepEqual(receiver.spans.map(({ name }) => name), ["llm_request_run", "answer", "agent_session"]);
  assert.ok(receiver.metrics.length > 0);
  assert.equal([...receiver.spans, ...receiver.metrics].some(isDenos), false);
});

Deno.test("OTEL_DENO and no endpoint: the agent works, and nothing of ours is sent or waits", async () => {
  assert.deepEqual((await serveOnce({ ...DENO, HOW: "started" })).stats, { exported: 0, dropped: 0 });
  assert.equal((await serveOnce({ ...DENO, HOW: "core" })).stats, undefined);
});
