/** Telemetry of named parts does what they do, and nothing that nobody named. */

import assert from "node:assert/strict";
import { type FetchOptions, instrumentFetch, measureAttempts } from "../src/core.ts";
import { type Export, startExport, type StartExportOptions } from "../src/export.ts";
import { type LiteOptions, startTelemetry } from "../src/lite.ts";
import { exportMetrics } from "../src/metrics.ts";
import { anthropic } from "../src/providers/anthropic.ts";
import { openai } from "../src/providers/openai.ts";
import type { Receiver } from "../src/testing/mod.ts";
import { startReceiver } from "./support/strict_receiver.ts";
import { wellKnownRoutes } from "../src/well_known.ts";
import { failLater } from "./support/memory_exporter.ts";

const DURATION = "gen_ai.client.operation.duration";
const post = { method: "POST", body: '{"model":"m-1"}' };
const answer =
  (() =>
    Promise.resolve(new Response("{}", { headers: { "x-request-id": "req_1" } }))) as typeof globalThis.fetch;

/** A call each of a provider, of another one, and of a server of one's own. */
async function callAll(fetch: typeof globalThis.fetch): Promise<void> {
  const hosts = ["api.openai.com/v1/responses", "api.cohere.com/v2/chat"];
  for (const place of [...hosts, "10.0.0.7:8000/v1/messages"]) {
    await (await fetch(`https://${place}`, post)).text();
  }
}

/** Where the spans that were received went. */
function addressesIn({ spans }: Receiver): unknown[] {
  return spans.map(({ attributes }) => attributes["server.address"]);
}

/** The names of the metrics that were received. */
function metricsIn({ metrics }: Receiver): string[] {
  return metrics.map(({ name }) => name);
}

const shared = { env: {}, register: false, exportIntervalMs: false, onError: failLater } as const;

function startLite(receiver: Receiver, options: Partial<LiteOptions> = {}) {
  const { url: endpoint } = receiver;
  return startTelemetry({ ...shared, endpoint, fetch: answer, providers: [openai], ...options });
}

Deno.test("startTelemetry() of ./lite knows the providers that it is given, and measures nothing", async () => {
  await using receiver = await startReceiver();
  const telemetry = startLite(receiver);
  await callAll(telemetry.fetch);
  await telemetry.shutdown();
  assert.deepEqual(addressesIn(receiver), ["api.openai.com"]);
  assert.deepEqual(metricsIn(receiver), []);
});

Deno.test("startTelemetry() of ./lite takes doors on any host, and the export of metrics", async () => {
  await using receiver = await startReceiver();
  const telemetry = startLite(receiver, { anyHost: wellKnownRoutes, exportMetrics });
  await callAll(telemetry.fetch);
  await telemetry.shutdown();
  assert.deepEqual(addressesIn(receiver), ["api.openai.com", "10.0.0.7"]);
  assert.ok(metricsIn(receiver).includes(DURATION));
});

Deno.test("startTelemetry() of ./lite has sessions and requests as any", async () => {
  await using receiver = await startReceiver();
  const telemetry = startLite(receiver, { providers: [anthropic, openai] });
  const session = telemetry.startSession({ id: "s-1" });
  await callAll(session.fetch);
  assert.equal(session.end().attempts.total, 1);
  telemetry.startRequest(new Request("https://agent.example/chat")).respond(new Response(null));
  await telemetry.shutdown();
  const names = receiver.spans.map(({ name }) => name).sort();
  assert.deepEqual(names, ["GET", "agent_session", "llm_request_run"]);
});

Deno.test("who says where metrics go without their export is told so", () => {
  for (const options of [{ metricsEndpoint: "https://a.example" }, { exportMetrics: true as never }]) {
    const error = {
      name: "TypeError",
      message:
        `Cannot start telemetry as exportMetrics must be a function where metrics are to be sent: current value is ${options.exportMetrics}`,
    };
    assert.throws(() => startTelemetry({ ...shared, ...options, providers: [] }), error);
    assert.throws(() => startExport({ ...shared, ...options }), error);
  }
  assert.throws(() => startTelemetry({} as never), /providers must be a list: current value is undefined/);
});

/** Sends what one instrument sees. */
async function sendOne(
  options: StartExportOptions,
  wrap: (sending: Export) => FetchOptions,
): Promise<Export> {
  const sending = startExport({ ...shared, ...options });
  await callAll(instrumentFetch(answer, wrap(sending)));
  return sending;
}

Deno.test("startExport() sends the spans of single instruments", async () => {
  await using receiver = await startReceiver();
  const options = { endpoint: receiver.url, serviceName: "agent" };
  await using sending = await sendOne(
    options,
    (parts) => ({ ...parts, providers: [openai], measureAttempts }),
  );
  assert.deepEqual(await sending.flush(), { complete: true, exportedSpans: 1, droppedSpans: 0 });
  assert.deepEqual(addressesIn(receiver), ["api.openai.com"]);
  assert.equal(receiver.spans[0]!.resource["service.name"], "agent");
  assert.deepEqual(metricsIn(receiver), []);
});

Deno.test("startExport() sends what attempts measure where both are named", async () => {
  await using receiver = await startReceiver();
  const options = { endpoint: receiver.url, exportMetrics };
  for (const parts of [{}, { measureAttempts }]) {
    const sending = await sendOne(options, (own) => ({ ...own, ...parts, providers: [openai] }));
    await sending.shutdown();
    await sending.shutdown();
    assert.equal(metricsIn(receiver).includes(DURATION), "measureAttempts" in parts);
  }
});

Deno.test("startExport() carries traces on, and sends nothing when it is switched off", async () => {
  const seen: (string | null)[] = [];
  const listening = ((_input: unknown, init?: RequestInit) => {
    seen.push(new Headers(init?.headers).get("traceparent"));
    return Promise.resolve(new Response());
  }) as typeof globalThis.fetch;
  await using receiver = await startReceiver();
  for (const OTEL_SDK_DISABLED of ["false", "true"]) {
    await using sending = startExport({ ...shared, endpoint: receiver.url, env: { OTEL_SDK_DISABLED } });
    const propagateTo = ["api.openai.com"];
    await instrumentFetch(listening, { ...sending, providers: [openai], propagateTo })(
      "https://api.openai.com/v1/responses",
      post,
    );
    assert.equal((await sending.flush()).complete, true);
  }
  assert.match(seen[0]!, /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  assert.equal(seen[1], null);
  assert.equal(receiver.spans.length, 1);
});
