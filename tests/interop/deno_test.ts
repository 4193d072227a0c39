/** Deno as a host: its own tracing beside ours, Deno Deploy, Supabase, and as few permissions as possible. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type Receiver, startEmulator } from "../../src/testing/mod.ts";
import { startReceiver } from "../support/strict_receiver.ts";
import { runProgram } from "../support/run_program.ts";

const OUR_SCOPE = "@teespan/teespan";

function startProvider() {
  return startEmulator({
    respond: {
      headers: { "x-request-id": "req_1", "content-type": "application/json" },
      body: '{"id":"chatcmpl-1"}',
    },
  });
}

/** Points of one metric, of all exports. */
function pointsOf({ metrics }: Receiver, name: string): readonly unknown[] {
  return metrics.filter((metric) => metric.name === name).flatMap(({ points }) => points);
}

function denoTracing(receiver: Receiver): Record<string, string> {
  return {
    OTEL_DENO: "true",
    OTEL_DENO_CONSOLE: "ignore",
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    OTEL_SERVICE_NAME: "agent",
  };
}

Deno.test("OTEL_DENO with ./core: span and measurements go out through Deno, once", async () => {
  await using receiver = await startReceiver();
  await using provider = await startProvider();
  const { code, stderr } = await runProgram("deno_otel", {
    flags: ["--allow-net=127.0.0.1"],
    args: [provider.url],
    env: denoTracing(receiver),
  });
  assert.equal(code, 0, stderr);
  assert.equal(receiver.spans.filter(({ name }) => name === "llm_request_run").length, 1);
  assert.equal(pointsOf(receiver, "gen_ai.client.operation.duration").length, 1);
  assert.ok(receiver.spans.every(({ resource }) => resource["telemetry.sdk.language"] === "deno-rust"));
});

Deno.test("OTEL_DENO with startTelemetry(): each span and measurement once, and one SERVER span", async () => {
  await using receiver = await startReceiver();
  await using provider = await startProvider();
  const { code, stderr } = await runProgram("deno_otel_started", {
    flags: ["--allow-net=127.0.0.1", "--allow-env"],
    args: [provider.url],
    env: denoTracing(receiver),
  });
  assert.equal(code, 0, stderr);
  const ours = receiver.spans.filter(({ scope }) => scope.name === OUR_SCOPE);
  assert.deepEqual(ours.map(({ name, kind }) => [name, kind]), [
    ["llm_request_run", "CLIENT"],
    ["GET /chat", "INTERNAL"],
  ]);
  const servers = receiver.spans.filter(({ kind }) => kind === "SERVER");
  assert.equal(servers.length, 1);
  assert.equal(ours[1]!.parentSpanId, servers[0]!.spanId);
  assert.equal(ours[0]!.parentSpanId, ours[1]!.spanId);
  assert.equal(pointsOf(receiver, "gen_ai.client.operation.duration").length, 1);
  // Deno traces our exports as well: not in the agent's trace
  const trace = receiver.spans.filter(({ traceId }) => traceId === ours[0]!.traceId);
  assert.deepEqual(
    trace.filter(({ attributes }) => String(attributes["url.full"]).includes("/v1/traces")),
    [],
  );
});

Deno.test("a handler of Deno Deploy runs with the network of provider and collector alone", async () => {
  await using receiver = await startReceiver();
  await using provider = await startProvider();
  const hosts = [receiver.url, provider.url].map((url) => new URL(url).host);
  await using served = new Deno.Command(Deno.execPath(), {
    args: [
      "serve",
      "--frozen",
      "--no-prompt",
      `--allow-net=${hosts}`,
      "--allow-env=PROVIDER_URL,OTEL_EXPORTER_OTLP_ENDPOINT,OTEL_SERVICE_NAME",
      "--port=0",
      "--host=127.0.0.1",
      "tests/programs/deploy_handler.ts",
    ],
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    env: {
      NO_COLOR: "1",
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_SERVICE_NAME: "deployed",
      PROVIDER_URL: provider.url,
    },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let said = "";
  for await (const part of served.stderr) {
    said += new TextDecoder().decode(part);
    if (/:\d+\/\n/.test(said)) break;
  }
  const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(said)![0];
  assert.equal(await (await fetch(`${url}chat/7`)).text(), '{"id":"chatcmpl-1"}');
  const spans = await receiver.waitForSpans(2);
  assert.deepEqual(spans.map(({ name }) => name).sort(), ["GET /chat/:id", "llm_request_run"]);
  assert.equal(spans[0]!.resource["service.name"], "deployed");
});

Deno.test("a function of Supabase sends through EdgeRuntime.waitUntil", async () => {
  await using receiver = await startReceiver();
  await using provider = await startProvider();
  const { code, stdout, stderr } = await runProgram("supabase_function", {
    flags: ["--allow-net=127.0.0.1", "--allow-env"],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, PROVIDER_URL: provider.url },
  });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^\{"id":"chatcmpl-1"\}\n[1-9]/);
  assert.deepEqual(receiver.spans.map(({ name }) => name), ["llm_request_run", "GET /functions/v1/chat"]);
});
