/** Collectors that answer nonsense, too much, half, or not any more. `tests/otlp` has those that refuse or are down. */

import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { startReceiver } from "../support/strict_receiver.ts";
import { startCalls } from "../support/one_call.ts";

const MiB = 1024 * 1024;

/** Starts telemetry that sends to `endpoint`. */
function start(endpoint: string) {
  const told: string[] = [];
  const { telemetry, call } = startCalls({
    env: { OTEL_METRICS_EXPORTER: "none" },
    endpoint,
    timeoutMs: 400,
    onError: (_error, stage) => void told.push(stage),
  });
  return { telemetry, told, attempt: call };
}

/** A server that takes a request and answers in its own way. */
async function withServer(
  answer: (response: ServerResponse) => void,
  test: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer((request, response) => {
    response.on("error", () => {});
    request.resume().on("end", () => answer(response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  try {
    await test(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const taken = { complete: true, exportedSpans: 1, droppedSpans: 0 };
const lost = { complete: true, exportedSpans: 0, droppedSpans: 1 };

for (
  const [what, type, body] of [
    ["a page", "text/html", "<html>It works</html>"],
    ["bytes that are no message", "application/x-protobuf", "\xff\xff\xff\xff\x0f"],
    ["JSON where a message was expected", "application/json", '{"partialSuccess":{"rejectedSpans":"many"}}'],
    ["nothing", "application/x-protobuf", ""],
  ] as const
) {
  Deno.test(`a collector that takes spans and answers with ${what} has taken them`, () =>
    withServer((response) => response.writeHead(200, { "content-type": type }).end(body), async (url) => {
      const { telemetry, attempt } = start(url);
      await attempt();
      assert.deepEqual(await telemetry.flush(), taken);
      await telemetry.shutdown();
    }));
}

Deno.test("a collector whose answer breaks off costs one flush its spans at most", async () => {
  let broken = true;
  await withServer((response) => {
    if (!broken) return void response.writeHead(200).end();
    response.writeHead(200, { "content-length": "1000" }).write("half");
    setTimeout(() => response.destroy(), 5);
  }, async (url) => {
    const { telemetry, attempt } = start(url);
    await attempt();
    assert.equal((await telemetry.flush()).complete, true);
    broken = false;
    await attempt();
    await telemetry.flush();
    const { pendingSpans, exportedSpans, droppedSpans } = telemetry.stats();
    assert.equal(pendingSpans, 0);
    assert.equal(exportedSpans + droppedSpans, 2);
    assert.ok(exportedSpans >= 1);
    await telemetry.shutdown();
  });
});

Deno.test("a collector that stalls within its answer holds up no flush beyond the time for an export", () =>
  withServer((response) => void response.writeHead(200).write("half"), async (url) => {
    const { telemetry, attempt } = start(url);
    await attempt();
    const begun = performance.now();
    await telemetry.flush({ deadlineMs: 3000 });
    assert.ok(performance.now() - begun < 2500, `${performance.now() - begun} ms`);
    await telemetry.shutdown();
    assert.equal(telemetry.stats().pendingSpans, 0);
  }));

Deno.test("a collector whose answer never ends costs no memory", async () => {
  const chunk = new Uint8Array(MiB);
  let sent = 0;
  await withServer((response) => {
    response.writeHead(200, { "content-type": "application/x-protobuf" });
    const pour = (): void => {
      while (!response.destroyed && response.write(chunk)) sent++;
    };
    response.on("drain", pour);
    pour();
  }, async (url) => {
    const { telemetry, attempt } = start(url);
    await attempt();
    const { rss: before } = Deno.memoryUsage();
    let most = 0;
    const watch = setInterval(() => most = Math.max(most, Deno.memoryUsage().rss - before), 5);
    const begun = performance.now();
    await telemetry.flush({ deadlineMs: 3000 });
    clearInterval(watch);
    assert.ok(performance.now() - begun < 2500);
    await telemetry.shutdown();
    assert.ok(most < 128 * MiB, `${Math.round(most / MiB)} MiB of ${sent} MiB`);
  });
});

Deno.test("a collector that restarts loses what was sent while it was down, and nothing after", async () => {
  const first = await startReceiver();
  const port = Number(new URL(first.url).port);
  const { telemetry, told, attempt } = start(first.url);
  await attempt();
  assert.deepEqual(await telemetry.flush(), taken);
  await first.close();
  await attempt();
  assert.deepEqual(await telemetry.flush(), { ...taken, droppedSpans: 1 });
  await using second = await startReceiver({ port });
  await attempt();
  await attempt();
  assert.deepEqual(await telemetry.flush(), { complete: true, exportedSpans: 3, droppedSpans: 1 });
  assert.equal(second.spans.length, 2);
  assert.deepEqual(told, ["export"]);
  await telemetry.shutdown();
});

Deno.test("a collector that asks to wait for an hour is not waited for", async () => {
  await using receiver = await startReceiver();
  receiver.behave({ status: 503, headers: { "retry-after": "3600" } });
  const { telemetry, attempt } = start(receiver.url);
  await attempt();
  const begun = performance.now();
  assert.deepEqual(await telemetry.flush(), lost);
  assert.ok(performance.now() - begun < 3000, `${performance.now() - begun} ms`);
  await telemetry.shutdown();
});
