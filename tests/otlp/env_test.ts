import assert from "node:assert/strict";
import { type EnvSettings, readEnv as readLookup } from "../../src/otlp/env.ts";

const readEnv = (env: Record<string, string>): EnvSettings => readLookup((name) => env[name]);

Deno.test("readEnv() adds the path to a base endpoint, and takes a traces endpoint whole", () => {
  const base = { OTEL_EXPORTER_OTLP_ENDPOINT: "https://collector.example/otlp/" };
  assert.equal(readEnv(base).tracesUrl, "https://collector.example/otlp/v1/traces");
  const whole = { ...base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://traces.example/in" };
  assert.equal(readEnv(whole).tracesUrl, "https://traces.example/in");
  assert.equal(readEnv({ ...whole, OTEL_TRACES_EXPORTER: "none" }).tracesUrl, undefined);
  assert.equal(readEnv({}).tracesUrl, undefined);
  assert.equal(readEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: " " }).tracesUrl, undefined);
});

Deno.test("readEnv() puts headers for traces over general ones, decoded", () => {
  const { headers } = readEnv({
    OTEL_EXPORTER_OTLP_HEADERS: "Authorization=Basic%20abc%3D, x-tenant = one,broken,=none",
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: "X-Tenant=two,x-odd=%zz",
  });
  assert.deepEqual(headers, { authorization: "Basic abc=", "x-tenant": "two", "x-odd": "%zz" });
});

Deno.test("readEnv() reads the rest, and leaves out what cannot be understood", () => {
  const env = readEnv({
    OTEL_SDK_DISABLED: "TRUE",
    OTEL_SERVICE_NAME: "agent",
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=prod,service.name=other",
    OTEL_EXPORTER_OTLP_TIMEOUT: "2500",
    OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "1000",
    OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
    OTEL_BSP_SCHEDULE_DELAY: "-5",
    OTEL_BSP_MAX_QUEUE_SIZE: "many",
    OTEL_TRACES_SAMPLER: "traceidratio",
    OTEL_TRACES_SAMPLER_ARG: "0.5",
  });
  assert.deepEqual(env, {
    disabled: true,
    serviceName: "agent",
    resourceAttributes: { "deployment.environment.name": "prod", "service.name": "other" },
    tracesUrl: undefined,
    headers: {},
    timeoutMs: 1000,
    compression: "gzip",
    sampler: "traceidratio",
    samplerArg: "0.5",
    exportIntervalMs: undefined,
    maxQueueSize: undefined,
    maxBatchSize: undefined,
  });
});
