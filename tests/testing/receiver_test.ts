import assert from "node:assert/strict";
import { deflateSync, gzipSync } from "node:zlib";
import { decodeMessage, encodeMessage, type OtlpEncoding } from "../../src/otlp_wire/codec.ts";
import { type Receiver, startReceiver } from "../../src/testing/mod.ts";

/** The body of a trace request with spans of these names. */
function traceBody(encoding: OtlpEncoding, ...names: readonly string[]): Uint8Array<ArrayBuffer> {
  const spans = names.map((name) => ({
    name,
    traceId: new Uint8Array(16).fill(1),
    spanId: new Uint8Array(8),
  }));
  return encodeMessage(
    "ExportTraceServiceRequest",
    { resourceSpans: [{ scopeSpans: [{ spans }] }] },
    encoding,
  );
}

function post(
  receiver: Receiver,
  body: BodyInit,
  headers: Record<string, string> = {},
  path = "/v1/traces",
): Promise<Response> {
  return fetch(receiver.url + path, {
    method: "POST",
    body,
    headers: { "content-type": "application/x-protobuf", ...headers },
  });
}

async function bytesOf(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}

function namesOf(receiver: Receiver): readonly string[] {
  return receiver.spans.map((span) => span.name);
}

Deno.test("startReceiver() takes protobuf and JSON and answers in kind", async () => {
  await using receiver = await startReceiver();
  assert.match(receiver.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  const protobuf = await post(receiver, traceBody("protobuf", "a", "b"));
  assert.equal(protobuf.status, 200);
  assert.equal(protobuf.headers.get("content-type"), "application/x-protobuf");
  assert.deepEqual(decodeMessage("ExportTraceServiceResponse", await bytesOf(protobuf), "protobuf"), {});

  const json = await post(receiver, traceBody("json", "c"), {
    "content-type": "Application/JSON; charset=utf-8",
  });
  assert.equal(json.headers.get("content-type"), "application/json");
  assert.deepEqual(await json.json(), {});

  assert.deepEqual(namesOf(receiver), ["a", "b", "c"]);
  assert.deepEqual(
    receiver.requests.map(({ path, contentType, spans, status }) => [path, contentType, spans, status]),
    [
      ["/v1/traces", "application/x-protobuf", 2, 200],
      ["/v1/traces", "application/json", 1, 200],
    ],
  );
  assert.deepEqual(receiver.requests[1]?.body, new Uint8Array(traceBody("json", "c")));
});

Deno.test("startReceiver() takes metrics and logs", async () => {
  await using receiver = await startReceiver();
  const metrics = {
    resourceMetrics: [{
      scopeMetrics: [{ metrics: [{ name: "m", gauge: { dataPoints: [{ asInt: 1n }] } }] }],
    }],
  };
  const logs = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: "hello" } }] }] }] };
  const body = encodeMessage("ExportMetricsServiceRequest", metrics, "protobuf");
  await bytesOf(await post(receiver, body, {}, "/v1/metrics"));
  await bytesOf(
    await post(receiver, encodeMessage("ExportLogsServiceRequest", logs, "protobuf"), {}, "/v1/logs"),
  );
  assert.equal(receiver.metrics[0]?.points[0]?.value, 1);
  assert.equal(receiver.logs[0]?.body, "hello");
  assert.deepEqual(receiver.requests.map(({ path, spans }) => [path, spans]), [["/v1/metrics", 0], [
    "/v1/logs",
    0,
  ]]);
});

Deno.test("startReceiver() decompresses gzip and deflate", async () => {
  await using receiver = await startReceiver();
  const body = traceBody("protobuf", "compressed");
  for (const [encoding, bytes] of [["gzip", gzipSync(body)], ["deflate", deflateSync(body)]] as const) {
    const response = await post(receiver, new Uint8Array(bytes), { "content-encoding": encoding });
    assert.equal(response.status, 200);
    await bytesOf(response);
    assert.equal(receiver.requests.at(-1)?.contentEncoding, encoding);
    assert.deepEqual(receiver.requests.at(-1)?.body, new Uint8Array(body));
    assert.equal(receiver.requests.at(-1)?.bytes, body.byteLength);
  }
  assert.deepEqual(namesOf(receiver), ["compressed", "compressed"]);
});

Deno.test("startReceiver() counts an undecodable body", async () => {
  await using receiver = await startReceiver();
  const protobuf = await post(receiver, new Uint8Array([10, 200, 1]));
  assert.equal(protobuf.status, 400);
  const status = decodeMessage("RpcStatus", await bytesOf(protobuf), "protobuf");
  assert.equal(typeof status.message, "string");
  const json = await post(receiver, "{", { "content-type": "application/json" });
  assert.equal(json.status, 400);
  assert.equal(typeof (await json.json()).message, "string");
  const gzip = await post(receiver, "no gzip", { "content-encoding": "gzip" });
  assert.equal(gzip.status, 400);
  await bytesOf(gzip);
  assert.equal(receiver.rejected, 3);
  assert.equal(receiver.requests.length, 0);
});

Deno.test("startReceiver() refuses wrong paths, methods, types and encodings", async () => {
  await using receiver = await startReceiver();
  const statuses = [];
  for (
    const response of [
      await post(receiver, "", {}, "/v1/profiles"),
      await fetch(`${receiver.url}/v1/traces`),
      await post(receiver, "", { "content-type": "text/plain" }),
      await post(receiver, "", { "content-encoding": "br" }),
    ]
  ) {
    statuses.push(response.status);
    await bytesOf(response);
  }
  assert.deepEqual(statuses, [404, 405, 415, 415]);
  assert.equal(receiver.rejected, 0);
});

Deno.test("startReceiver() refuses a body of more than 64 MiB", async () => {
  await using receiver = await startReceiver();
  const large = new Uint8Array(64 * 1024 * 1024 + 1);
  const bomb = await post(receiver, new Uint8Array(gzipSync(large)), { "content-encoding": "gzip" });
  assert.equal(bomb.status, 413);
  await bytesOf(bomb);
  const plain = await post(receiver, large);
  assert.equal(plain.status, 413);
  await bytesOf(plain);
});

Deno.test("startReceiver() answers the preflight of browsers", async () => {
  await using receiver = await startReceiver();
  const preflight = await fetch(`${receiver.url}/v1/traces`, {
    method: "OPTIONS",
    headers: {
      origin: "https://app.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type,x-key",
    },
  });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get("access-control-allow-origin"), "*");
  assert.equal(preflight.headers.get("access-control-allow-headers"), "content-type,x-key");
  await bytesOf(preflight);
});

Deno.test("waitForSpans() resolves when enough spans have come", async () => {
  await using receiver = await startReceiver();
  const three = receiver.waitForSpans(3);
  const named = receiver.waitForSpans((spans) => spans.some((span) => span.name === "b"));
  await bytesOf(await post(receiver, traceBody("protobuf", "a")));
  await bytesOf(await post(receiver, traceBody("protobuf", "b", "c")));
  assert.equal((await three).length, 3);
  assert.equal((await named).length, 3);
  assert.equal((await receiver.waitForSpans(2)).length, 3);
});

Deno.test("waitForSpans() says what arrived when the time is over", async () => {
  await using receiver = await startReceiver();
  await bytesOf(await post(receiver, traceBody("protobuf", "a")));
  await bytesOf(await post(receiver, "x"));
  await assert.rejects(receiver.waitForSpans(2, { timeoutMs: 10 }), {
    message: "Cannot receive 2 spans within 10 ms: got 1 (a), requests taken: 1, requests rejected: 1",
  });
});

Deno.test("waitForSpans() rejects with what its test throws, and when the receiver closes", async () => {
  await using receiver = await startReceiver();
  const failure = new Error("mine");
  await assert.rejects(
    receiver.waitForSpans(() => {
      throw failure;
    }),
    failure,
  );
  const waiting = assert.rejects(receiver.waitForSpans(1), /before the receiver was closed/);
  await receiver.close();
  await waiting;
  await assert.rejects(receiver.waitForSpans(1), /as the receiver is closed/);
});

Deno.test("behave() sets status, headers and body for a number of requests", async () => {
  await using receiver = await startReceiver();
  receiver.behave({ status: 503, headers: { "retry-after": "1" }, body: "later", times: 2 });
  for (let index = 0; index < 2; index++) {
    const refused = await post(receiver, traceBody("protobuf", "refused"));
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get("retry-after"), "1");
    assert.equal(await refused.text(), "later");
  }
  await bytesOf(await post(receiver, traceBody("protobuf", "kept")));
  assert.deepEqual(namesOf(receiver), ["kept"]);
  assert.deepEqual(receiver.requests.map((request) => request.status), [503, 503, 200]);
});

Deno.test("behave() can say that a part was rejected", async () => {
  await using receiver = await startReceiver();
  receiver.behave({ partialSuccess: { rejectedSpans: 1, errorMessage: "too old" } });
  const protobuf = await post(receiver, traceBody("protobuf", "a", "b"));
  assert.deepEqual(decodeMessage("ExportTraceServiceResponse", await bytesOf(protobuf), "protobuf"), {
    partialSuccess: { rejectedSpans: 1n, errorMessage: "too old" },
  });
  const json = await post(receiver, traceBody("json", "c", "d"), { "content-type": "application/json" });
  assert.deepEqual(await json.json(), { partialSuccess: { rejectedSpans: "1", errorMessage: "too old" } });
  assert.deepEqual(namesOf(receiver), ["a", "c"]);
});

Deno.test("behave() can delay, and undefined returns to normal", async () => {
  await using receiver = await startReceiver();
  receiver.behave({ delayMs: 40 });
  const start = performance.now();
  await bytesOf(await post(receiver, traceBody("protobuf", "a")));
  assert.ok(performance.now() - start >= 35);
  receiver.behave({ status: 500 });
  receiver.behave(undefined);
  const response = await post(receiver, traceBody("protobuf", "b"));
  assert.equal(response.status, 200);
  await bytesOf(response);
});

Deno.test("behave() can reset the connection", async () => {
  await using receiver = await startReceiver();
  receiver.behave({ reset: true, times: 1 });
  await assert.rejects(post(receiver, traceBody("protobuf", "a")), TypeError);
  assert.deepEqual(namesOf(receiver), []);
  assert.equal(receiver.requests[0]?.status, undefined);
});

Deno.test("close() breaks what hangs or is delayed, and is harmless twice", async () => {
  const receiver = await startReceiver();
  receiver.behave({ hang: true, times: 1 });
  const hanging = assert.rejects(post(receiver, traceBody("protobuf", "a")), TypeError);
  await until(() => receiver.requests.length === 1);
  receiver.behave({ delayMs: 60_000 });
  const delayed = assert.rejects(post(receiver, traceBody("protobuf", "b")), TypeError);
  await until(() => receiver.requests.length === 2);
  await receiver.close();
  await receiver.close();
  await hanging;
  await delayed;
  await assert.rejects(post(receiver, ""), TypeError);
});

Deno.test("clear() forgets what was received", async () => {
  await using receiver = await startReceiver();
  await bytesOf(await post(receiver, traceBody("protobuf", "a")));
  await bytesOf(await post(receiver, "x"));
  receiver.clear();
  assert.deepEqual([receiver.spans.length, receiver.requests.length, receiver.rejected], [0, 0, 0]);
});

Deno.test("startReceiver() refuses wrong options", async () => {
  await assert.rejects(startReceiver({ port: 70000 }), {
    name: "RangeError",
    message:
      "Cannot start the receiver as port must be an integer between 0 and 65535: current value is 70000",
  });
  await assert.rejects(startReceiver({ hostname: "" }), TypeError);
  await using receiver = await startReceiver();
  await assert.rejects(startReceiver({ port: Number(new URL(receiver.url).port) }), { code: "EADDRINUSE" });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
