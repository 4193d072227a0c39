import assert from "node:assert/strict";
import { type EnvSettings, readEnv as readLookup } from "../../src/otlp/env.ts";

const readEnv = (env: Record<string, string>): EnvSettings => readLookup((name) => env[name]);

Deno.test("readEnv() adds the path to a base endpoint, and takes a traces endpoint whole", () => {
  const base = { OTEL_EXPORTER_OTLP_ENDPOINT: "https://collector.example/otlp/" };
  assert.equal(readEnv(base).traces.url, "https://collector.example/otlp/v1/traces");
  assert.equal(readEnv(base).metrics.url, "https://collector.example/otlp/v1/metrics");
  const whole = { ...base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://traces.example/in" };
  assert.equal(readEnv(whole).traces.url, "https://traces.example/in");
  assert.deepEqual(
    [readEnv({ ...whole, OTEL_TRACES_EXPORTER: "none" })].map((
      { traces, metrics },
    ) => [traces.off, metrics.off]),
    [[true, false]],
  );
  assert.equal(readEnv({}).traces.url, undefined);
  assert.equal(readEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: " " }).traces.url, undefined);
});

Deno.test("readEnv() puts headers for traces over general ones, decoded", () => {
  const { traces: { headers }, metrics } = readEnv({
    OTEL_EXPORTER_OTLP_HEADERS: "Authorization=Basic%20abc%3D, x-tenant = one,broken,=none",
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: "X-Tenant=two,x-odd=%zz",
  });
  assert.deepEqual(headers, { authorization: "Basic abc=", "x-tenant": "two", "x-odd": "%zz" });
  assert.deepEqual(metrics.headers, { authorization: "Basic abc=", "x-tenant": "one" });
});

Deno.test("readEnv() reads the rest, and leaves out what cannot be understood", () => {
  const env = readEnv({
    OTEL_SDK_DISABLED: "TRUE",
    OTEL_SERVICE_NAME: "agent",
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=prod,service.name=other",
    OTEL_EXPORTER_OTLP_TIMEOUT: "2500",
    OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "1000",
    OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: "Cumulative",
    OTEL_METRIC_EXPORT_INTERVAL: "30000",
    OTEL_BSP_SCHEDULE_DELAY: "-5",
    OTEL_BSP_MAX_QUEUE_SIZE: "many",
    OTEL_TRACES_SAMPLER: "traceidratio",
    OTEL_TRACES_SAMPLER_ARG: "0.5",
  });
  assert.deepEqual(env, {
    disabled: true,
    serviceName: "agent",
    resourceAttributes: { "deployment.environment.name": "prod", "service.name": "other" },
    traces: { off: false, url: undefined, headers: {}, timeoutMs: 1000, compression: "gzip" },
    metrics: { off: false, url: undefined, headers: {}, timeoutMs: 2500, compression: "gzip" },
    temporality: "cumulative",
    metricIntervalMs: 30_000,
    sampler: "traceidratio",
    samplerArg: "0.5",
    exportIntervalMs: undefined,
    maxQueueSize: undefined,
    maxBatchSize: undefined,
  });
});
