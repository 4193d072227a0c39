/** Presets against a receiver: paths, headers, environment, and what they say of missing values. */

import { jwtVerify } from "jose";
import assert from "node:assert/strict";
import { datadog, grafanaCloud, honeycomb, langfuse, livekitCloud, type Preset } from "../../src/presets.ts";
import { type AnyPathReceiver, type PathRequest, startAnyPath } from "../support/any_path.ts";
import { startCalls } from "../support/one_call.ts";
import { runProgram } from "../support/run_program.ts";

/** Sends one span and its measurements by a preset; gives the requests by path. */
async function send(
  server: AnyPathReceiver,
  preset: Preset,
): Promise<ReadonlyMap<string, PathRequest["headers"]>> {
  const before = server.requests.length;
  const { telemetry, call } = startCalls({
    ...preset,
    onError: (error) => queueMicrotask(() => reportError(error)),
  });
  await call();
  assert.deepEqual(await telemetry.flush(), { complete: true, exportedSpans: 1, droppedSpans: 0 });
  await telemetry.shutdown();
  return new Map(server.requests.slice(before).map(({ path, headers }) => [path, headers]));
}

const paths = (sent: ReadonlyMap<string, unknown>): string[] => [...sent.keys()].sort();
const basic = (text: string): string => `Basic ${new TextEncoder().encode(text).toBase64()}`;

Deno.test("langfuse() sends traces alone, with both keys", async () => {
  await using server = await startAnyPath();
  const sent = await send(
    server,
    langfuse({ publicKey: "pk-lf-1", secretKey: "sk-lf-2", host: `${server.url}/` }),
  );
  assert.deepEqual(paths(sent), ["/api/public/otel/v1/traces"]);
  const headers = sent.get("/api/public/otel/v1/traces")!;
  assert.equal(headers.get("authorization"), basic("pk-lf-1:sk-lf-2"));
  assert.equal(headers.get("x-langfuse-ingestion-version"), "4");
  assert.equal(headers.get("content-type"), "application/x-protobuf");
});

Deno.test("langfuse() takes what it is not given from the environment", () => {
  const keys = { LANGFUSE_PUBLIC_KEY: "pk", LANGFUSE_SECRET_KEY: "sk" };
  const endpoint = (env: object, options: object = {}) => langfuse({ env, ...options }).endpoint;
  assert.equal(endpoint(keys), "https://cloud.langfuse.com/api/public/otel");
  const old = { ...keys, LANGFUSE_HOST: "https://old.example" };
  assert.equal(endpoint(old), "https://old.example/api/public/otel");
  assert.equal(
    endpoint({ ...old, LANGFUSE_BASE_URL: "https://new.example/" }),
    "https://new.example/api/public/otel",
  );
  assert.equal(endpoint(old, { host: "https://mine.example" }), "https://mine.example/api/public/otel");
  assert.equal((langfuse({ env: keys }).headers as Record<string, string>).authorization, basic("pk:sk"));
  assert.equal(
    (langfuse({ env: keys, publicKey: "mine" }).headers as Record<string, string>).authorization,
    basic("mine:sk"),
  );
});

Deno.test("honeycomb() sends both signals with its key, and names the dataset", async () => {
  await using server = await startAnyPath();
  const env = { HONEYCOMB_API_ENDPOINT: server.url, HONEYCOMB_API_KEY: "hcaik_1" };
  const sent = await send(server, honeycomb({ env, dataset: "agent-metrics" }));
  assert.deepEqual(paths(sent), ["/v1/metrics", "/v1/traces"]);
  for (const headers of sent.values()) {
    assert.equal(headers.get("x-honeycomb-team"), "hcaik_1");
    assert.equal(headers.get("x-honeycomb-dataset"), "agent-metrics");
  }
  assert.equal(honeycomb({ env: {}, apiKey: "k" }).endpoint, "https://api.honeycomb.io");
  assert.equal(honeycomb({ env, region: "eu" }).endpoint, "https://api.eu1.honeycomb.io");
  assert.deepEqual(honeycomb({ env: {}, apiKey: "k" }).headers, { "x-honeycomb-team": "k" });
});

Deno.test("grafanaCloud() sends both signals to the gateway, metrics as sums since the start", async () => {
  await using server = await startAnyPath();
  const sent = await send(
    server,
    grafanaCloud({ instanceId: "123", token: "glc_x", endpoint: `${server.url}/otlp/v1/traces` }),
  );
  assert.deepEqual(paths(sent), ["/otlp/v1/metrics", "/otlp/v1/traces"]);
  for (const headers of sent.values()) assert.equal(headers.get("authorization"), basic("123:glc_x"));
  const sums = server.receiver.metrics.filter(({ temporality }) => temporality !== undefined);
  assert.ok(sums.length > 0);
  assert.deepEqual(sums.filter(({ temporality }) => temporality !== "CUMULATIVE"), []);
});

Deno.test("datadog() sends both signals with its key, metrics as deltas", async () => {
  await using server = await startAnyPath();
  const preset = datadog({ env: { DD_API_KEY: "0123", DD_SITE: "us5.datadoghq.com" } });
  assert.equal(preset.endpoint, "https://otlp.us5.datadoghq.com");
  assert.equal(datadog({ env: {}, apiKey: "k" }).endpoint, "https://otlp.datadoghq.com");
  const sent = await send(server, { ...preset, endpoint: server.url });
  assert.deepEqual(paths(sent), ["/v1/metrics", "/v1/traces"]);
  for (const headers of sent.values()) assert.equal(headers.get("dd-api-key"), "0123");
  assert.equal(sent.get("/v1/traces")!.get("compute_stats"), "true");
  assert.equal(server.receiver.metrics.some(({ temporality }) => temporality === "CUMULATIVE"), false);
});

const SECRET = "secret-of-thirty-two-bytes-or-more";

async function verify(headers: Headers | Readonly<Record<string, string>>, now: number) {
  const [, token] = /^Bearer (.+)$/.exec(new Headers(headers as HeadersInit).get("authorization")!)!;
  const { payload, protectedHeader } = await jwtVerify(token!, new TextEncoder().encode(SECRET), {
    issuer: "APIkey",
    requiredClaims: ["exp", "nbf"],
    currentDate: new Date(now),
  });
  return { ...payload, alg: protectedHeader.alg };
}

Deno.test("livekitCloud() sends to its paths, with a token that LiveKit's own verifier's checks accept", async () => {
  await using server = await startAnyPath();
  const now = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
  const preset = livekitCloud({
    url: server.url.replace("http", "ws"),
    apiKey: "APIkey",
    apiSecret: SECRET,
    clock: { now: () => now },
  });
  const sent = await send(server, preset);
  assert.deepEqual(paths(sent), ["/observability/metrics/otlp/v0", "/observability/traces/otlp/v0"]);
  for (const headers of sent.values()) {
    assert.equal(headers.get("content-encoding"), "gzip");
    const issuedAt = Math.floor(now / 1000);
    assert.deepEqual(await verify(headers, now), {
      observability: { write: true },
      iss: "APIkey",
      sub: "teespan",
      nbf: issuedAt,
      exp: issuedAt + 6 * 3600,
      alg: "HS256",
    });
  }
  assert.equal(server.receiver.metrics.some(({ temporality }) => temporality === "CUMULATIVE"), false);
});

Deno.test("livekitCloud() renews its token five minutes before its end, and not earlier", async () => {
  const start = Date.UTC(2026, 0, 2);
  let now = start;
  const { headers } = livekitCloud({
    url: "wss://my-agent.livekit.cloud",
    apiKey: "APIkey",
    apiSecret: SECRET,
    clock: { now: () => now },
  });
  const ask = headers as () => Record<string, string> | Promise<Record<string, string>>;
  const first = await ask();
  now = start + (6 * 60 - 5) * 60_000 - 1;
  assert.equal(ask(), first, "the same object, at once");
  now++;
  const renewed = await ask();
  assert.notEqual(renewed.authorization, first.authorization);
  assert.equal((await verify(renewed, now)).exp, now / 1000 + 6 * 3600);
  await verify(first, now); // still good on its way
  assert.equal(ask(), renewed);
});

Deno.test("livekitCloud() finds its address as LiveKit's agents do", () => {
  const traces = (env: object): unknown =>
    livekitCloud({ env: { LIVEKIT_API_KEY: "k", LIVEKIT_API_SECRET: "s", ...env } }).tracesEndpoint;
  assert.equal(
    traces({ LIVEKIT_URL: "wss://a.livekit.cloud:443/rtc" }),
    "https://a.livekit.cloud/observability/traces/otlp/v0",
  );
  assert.equal(
    traces({ LIVEKIT_URL: "wss://a.livekit.cloud", LIVEKIT_OBSERVABILITY_URL: "https://o.example" }),
    "https://o.example/observability/traces/otlp/v0",
  );
  assert.throws(() => traces({ LIVEKIT_URL: "wss://livekit.example" }), {
    message: "Cannot send to LiveKit Cloud as values are missing: give url or LIVEKIT_OBSERVABILITY_URL",
  });
});

Deno.test("presets name all that is missing, and say what is wrong", () => {
  const env = { HONEYCOMB_API_KEY: " ", LANGFUSE_PUBLIC_KEY: { binding: true } };
  const refused = (preset: () => unknown, name: string, message: string): void =>
    assert.throws(preset, { name, message });
  refused(
    () => langfuse({ env }),
    "TypeError",
    "Cannot send to Langfuse as values are missing: give publicKey or LANGFUSE_PUBLIC_KEY, and secretKey or " +
      "LANGFUSE_SECRET_KEY",
  );
  refused(
    () => honeycomb({ env }),
    "TypeError",
    "Cannot send to Honeycomb as values are missing: give apiKey or HONEYCOMB_API_KEY",
  );
  refused(
    () => grafanaCloud({ env, token: "t" }),
    "TypeError",
    "Cannot send to Grafana Cloud as values are missing: give instanceId or GRAFANA_CLOUD_INSTANCE_ID, and " +
      "endpoint or GRAFANA_CLOUD_OTLP_ENDPOINT",
  );
  refused(
    () => datadog({ env }),
    "TypeError",
    "Cannot send to Datadog as values are missing: give apiKey or DD_API_KEY",
  );
  refused(
    () => datadog({ env, apiKey: "k", site: "https://app.datadoghq.eu" }),
    "TypeError",
    'Cannot send to Datadog as site must be a host name like "datadoghq.eu": current value is ' +
      '"https://app.datadoghq.eu"',
  );
  refused(
    () => honeycomb({ env, apiKey: "k", region: "asia" as "eu" }),
    "RangeError",
    'Cannot send to Honeycomb as region must be "us" or "eu": current value is "asia"',
  );
});

Deno.test("presets ask for no permission, and work on the fetch transport", async () => {
  await using server = await startAnyPath();
  const { code, stdout, stderr } = await runProgram("presets", {
    flags: ["--allow-net=127.0.0.1"],
    args: [server.url],
    env: { LANGFUSE_PUBLIC_KEY: "not to be read", LANGFUSE_SECRET_KEY: "not to be read" },
  });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^Cannot send to Langfuse/);
  assert.equal(server.receiver.spans.length, 1);
  assert.deepEqual(server.requests.map(({ path }) => path).sort(), [
    "/observability/metrics/otlp/v0",
    "/observability/traces/otlp/v0",
  ]);
});

Deno.test("headers of the environment go to no preset's endpoint, on either transport", async () => {
  const env = {
    OTEL_EXPORTER_OTLP_HEADERS: "Authorization=Bearer%20of-another,x-other-key=secret",
    OTEL_EXPORTER_OTLP_METRICS_HEADERS: "x-metrics-key=secret",
  };
  for (
    const flags of [["--allow-env"], [
      "--allow-env=OTEL_EXPORTER_OTLP_HEADERS,OTEL_EXPORTER_OTLP_METRICS_HEADERS",
    ]]
  ) {
    await using server = await startAnyPath();
    const { code, stderr } = await runProgram("preset_headers", {
      flags: ["--allow-net=127.0.0.1", ...flags],
      args: [server.url],
      env,
    });
    assert.equal(code, 0, stderr);
    const names = ["authorization", "x-other-key", "x-metrics-key", "dd-api-key", "x-own", "x-given"];
    const sent = Object.fromEntries(server.requests.map(({ path, headers }) => [
      path,
      Object.fromEntries(names.flatMap((name) => headers.has(name) ? [[name, headers.get(name)]] : [])),
    ]));
    const fromEnv = { authorization: "Bearer of-another", "x-other-key": "secret" };
    assert.deepEqual(sent, {
      "/langfuse/api/public/otel/v1/traces": { authorization: basic("pk:sk") },
      "/datadog/v1/traces": { "dd-api-key": "dd" },
      "/datadog/v1/metrics": { "dd-api-key": "dd" },
      "/plain/v1/traces": { ...fromEnv, "x-own": "1" },
      "/plain/v1/metrics": { ...fromEnv, "x-metrics-key": "secret", "x-own": "1" },
      "/alone/v1/traces": { "x-own": "1" },
      "/alone/v1/metrics": { "x-own": "1" },
      "/given/v1/traces": { "x-given": "1" },
      "/given/v1/metrics": { "x-given": "1" },
    }, flags.join());
  }
});

Deno.test("startTelemetry() says what is wrong with headersFromEnv", () => {
  assert.throws(() => startCalls({ headersFromEnv: "no" as never }), {
    name: "TypeError",
    message: 'Cannot start telemetry as headersFromEnv must be true or false: current value is "no"',
  });
});
