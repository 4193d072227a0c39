/** Headers that are made for each request, and URLs of each signal. */

import assert from "node:assert/strict";
import { headersOver, headersWithin } from "../../src/otlp/headers.ts";
import { startReceiver } from "../support/strict_receiver.ts";
import { startAnyPath } from "../support/any_path.ts";
import { startCalls } from "../support/one_call.ts";
import { runProgram } from "../support/run_program.ts";

Deno.test("headers may be a function, asked for each request, over those of the environment", async () => {
  await using receiver = await startReceiver();
  let asked = 0;
  const { telemetry, call } = startCalls({
    endpoint: receiver.url,
    metricsEndpoint: false,
    env: { OTEL_EXPORTER_OTLP_HEADERS: "x-team=voice,authorization=weaker" },
    headers: () => Promise.resolve({ authorization: `Bearer ${++asked}` }),
  });
  for (let i = 0; i < 2; i++) {
    await call();
    await telemetry.flush();
  }
  await telemetry.shutdown();
  const seen = receiver.requests.map(({ headers }) => [headers["x-team"], headers.authorization]);
  assert.deepEqual(seen, [["voice", "Bearer 1"], ["voice", "Bearer 2"]]);
});

Deno.test("headers may be a function on the fetch transport, too, which is that without permissions", async () => {
  await using server = await startAnyPath();
  const { code, stderr } = await runProgram("renewed_headers", {
    flags: ["--allow-net=127.0.0.1"],
    args: [server.url],
  });
  assert.equal(code, 0, stderr);
  const tokens = server.requests.map(({ path, headers }) => [path, headers.get("authorization")]);
  assert.deepEqual(tokens, [["/odd/traces", "Bearer 1"], ["/odd/traces", "Bearer 2"]]);
  assert.equal(server.receiver.spans.length, 2);
});

Deno.test("headers that cannot be had lose the batch, and onError is told why", async () => {
  await using receiver = await startReceiver();
  const told: unknown[] = [];
  for (const headers of [() => Promise.reject(new Error("no token")), () => ({ a: 1 }) as never]) {
    const onError = (error: unknown): void => void told.push((error as Error).message);
    const { telemetry, call } = startCalls({
      endpoint: receiver.url,
      metricsEndpoint: false,
      headers,
      onError,
    });
    await call();
    assert.deepEqual(await telemetry.flush(), { complete: true, exportedSpans: 0, droppedSpans: 1 });
    await telemetry.shutdown();
  }
  assert.deepEqual(told, ["no token", "Cannot export as headers() must give a record of texts"]);
  assert.equal(receiver.requests.length, 0);
});

Deno.test("headers that never come hold up an export no longer than its timeout", async () => {
  await using receiver = await startReceiver();
  const told: string[] = [];
  const { telemetry, call } = startCalls({
    endpoint: receiver.url,
    metricsEndpoint: false,
    timeoutMs: 50,
    headers: () => new Promise(() => {}),
    onError: (error) => void told.push((error as Error).message),
  });
  await call();
  assert.deepEqual(await telemetry.flush(), { complete: true, exportedSpans: 0, droppedSpans: 1 });
  await telemetry.shutdown();
  assert.deepEqual(told, ["Cannot export as headers() must settle within 50 ms"]);
});

Deno.test("headersOver() asks a function at once, and keeps what is there at hand", async () => {
  const source = headersOver({ a: "below", b: "below" }, () => ({ B: "over" }));
  assert.deepEqual((source as () => unknown)(), { a: "below", b: "over" });
  assert.deepEqual(await headersWithin(source as () => Record<string, string>, 10)(), {
    a: "below",
    b: "over",
  });
});

Deno.test("each signal may have a whole URL of its own, or none", async () => {
  await using server = await startAnyPath();
  const paths = async (options: object): Promise<string[]> => {
    const before = server.requests.length;
    const { telemetry, call } = startCalls({ onError: () => {}, ...options });
    await call();
    await telemetry.shutdown();
    return server.requests.slice(before).map(({ path }) => path).sort();
  };
  const { url } = server;
  assert.deepEqual(await paths({ endpoint: url }), ["/v1/metrics", "/v1/traces"]);
  assert.deepEqual(await paths({ tracesEndpoint: `${url}/a` }), ["/a"]);
  assert.deepEqual(
    await paths({ tracesEndpoint: new URL(`${url}/a`), metricsEndpoint: `${url}/metrics/b` }),
    [
      "/a",
      "/metrics/b",
    ],
  );
  assert.deepEqual(await paths({ endpoint: url, metricsEndpoint: `${url}/metrics` }), [
    "/metrics",
    "/v1/traces",
  ]);
  assert.deepEqual(await paths({ endpoint: url, metricsEndpoint: false }), ["/v1/traces"]);
  assert.deepEqual(await paths({ endpoint: url, tracesEndpoint: false }), ["/v1/metrics"]);
  const env = { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${url}/metrics/env` };
  assert.deepEqual(await paths({ endpoint: url, metricsEndpoint: false, env }), ["/v1/traces"]);
  assert.deepEqual(await paths({ tracesEndpoint: `${url}/a`, env }), ["/a", "/metrics/env"]);
});

Deno.test("startTelemetry() names the endpoint that is wrong", () => {
  const refused = (options: object, message: RegExp): void =>
    assert.throws(() => startCalls(options), { name: "TypeError", message });
  refused({ tracesEndpoint: "collector:4318" }, /tracesEndpoint must be an http or https URL/);
  refused(
    { metricsEndpoint: "nowhere" },
    /metricsEndpoint must be an http or https URL: current value is "nowhere"/,
  );
  refused({ headers: 7 }, /headers must be a record of texts/);
});
