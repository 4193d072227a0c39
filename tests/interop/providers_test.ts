/** Any tracer provider will do: ours, an application's of the next API line, Deno's own. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { instrumentFetch } from "../../src/core.ts";
import { startEmulator } from "../../src/testing/mod.ts";
import { startReceiver } from "../support/strict_receiver.ts";
import { startKept } from "../support/memory_exporter.ts";
import { runProgram } from "../support/run_program.ts";

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

Deno.test("instrumentFetch() uses what startTelemetry() registered", async () => {
  forgetRegistrations();
  const telemetry = startKept();
  await callOnce(instrumentFetch(answer));
  await telemetry.shutdown();
  assert.equal(telemetry.spans[0]?.name, "llm_request_run");
});

Deno.test("instrumentFetch() uses Deno's own provider", async () => {
  await using receiver = await startReceiver();
  await using emulator = await startEmulator({
    respond: {
      headers: { "x-request-id": "req_1", "content-type": "application/json" },
      body: '{"id":"chatcmpl-1"}',
    },
  });
  const { code, stdout, stderr } = await runProgram("deno_otel", {
    flags: ["--allow-net=127.0.0.1"],
    args: [emulator.url],
    env: {
      OTEL_DENO: "true",
      OTEL_DENO_CONSOLE: "ignore",
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    },
  });
  assert.equal(code, 0, stderr);
  assert.equal(stdout, '{"id":"chatcmpl-1"}\n');
  const spans = receiver.spans.filter(({ name }) => name === "llm_request_run");
  assert.equal(spans.length, 1);
  assert.deepEqual(spans[0]!.attributes["lk.provider_request_ids"], ["req_1", "chatcmpl-1"]);
  assert.equal(spans[0]!.resource["telemetry.sdk.language"], "deno-rust");
});

Deno.test("the library works in a process on API 1.10 and the 3.x SDK", async () => {
  // the types of the two APIs differ in a detail; what counts is that they work together
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-check", "--allow-all", "--frozen", "--config=deno.json", "next_line_test.ts"],
    cwd: fileURLToPath(new URL("next/", import.meta.url)),
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  assert.equal(code, 0, text(stdout) + text(stderr));
  assert.match(text(stdout), /ok \| 3 passed \| 0 failed/);
});
