/** The collector's configurations: they parse, hang together, and speak of attributes that there are. */

import assert from "node:assert/strict";
import { parse } from "yaml";
import * as attr from "../../src/semconv_attributes.ts";
import { projectFile } from "../house/source.ts";

interface Config {
  readonly receivers: Readonly<Record<string, unknown>>;
  readonly processors: Readonly<Record<string, unknown>>;
  readonly exporters: Readonly<Record<string, unknown>>;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: Readonly<
      Record<string, Readonly<Record<"receivers" | "processors" | "exporters", readonly string[]>>>
    >;
  };
}

/** Types of policies that the tail sampler of the contrib distribution has, each with a member of its name. */
const POLICIES = [
  "always_sample",
  "latency",
  "numeric_attribute",
  "probabilistic",
  "status_code",
  "string_attribute",
  "rate_limiting",
  "span_count",
  "trace_state",
  "boolean_attribute",
  "ottl_condition",
  "and",
  "composite",
];

function read(name: string): Config {
  return parse(projectFile(`examples/collector/${name}.yaml`), { strict: true, uniqueKeys: true });
}

for (const name of ["gateway", "sampler"]) {
  Deno.test(`${name}.yaml: every pipeline is made of what is defined, and nothing is left over`, () => {
    const config = read(name);
    const { extensions, pipelines } = config.service;
    assert.deepEqual(Object.keys(pipelines), ["traces", "metrics"]);
    for (const kind of ["receivers", "processors", "exporters"] as const) {
      const used = new Set(Object.values(pipelines).flatMap((pipeline) => pipeline[kind]));
      assert.deepEqual([...used].sort(), Object.keys(config[kind]).sort(), kind);
    }
    assert.deepEqual(Object.keys(config.extensions), extensions);
    // memory is limited before anything is kept, batches are made last
    for (const { processors } of Object.values(pipelines)) {
      assert.equal(processors[0], "memory_limiter");
      assert.ok([-1, processors.length - 1].includes(processors.indexOf("batch")));
    }
  });
}

Deno.test("gateway.yaml keeps a trace and a series together, and sends to where the sampler listens", () => {
  const exporters = read("gateway").exporters as Record<
    string,
    { readonly routing_key: string; readonly resolver: { readonly dns: { readonly port: string } } }
  >;
  assert.equal(exporters["loadbalancing/traces"]!.routing_key, "traceID");
  assert.equal(exporters["loadbalancing/metrics"]!.routing_key, "streamID");
  const { otlp } = read("sampler").receivers as {
    readonly otlp: { readonly protocols: { readonly grpc: { readonly endpoint: string } } };
  };
  for (const { resolver } of Object.values(exporters)) {
    assert.ok(otlp.protocols.grpc.endpoint.endsWith(`:${resolver.dns.port}`));
  }
});

Deno.test("sampler.yaml keeps errors and slow turns, by policies and attributes that there are", () => {
  const { tail_sampling, deltatocumulative } = read("sampler").processors as {
    readonly tail_sampling: {
      readonly policies:
        readonly ({ readonly name: string; readonly type: string } & Record<string, unknown>)[];
    };
    readonly deltatocumulative: unknown;
  };
  assert.ok(deltatocumulative);
  const { policies } = tail_sampling;
  assert.deepEqual(policies.map(({ name }) => name).slice(0, 2), ["errors", "slow-turns"]);
  for (const policy of policies) {
    assert.ok(POLICIES.includes(policy.type), policy.type);
    assert.deepEqual(Object.keys(policy), ["name", "type", policy.type]);
  }
  const text = JSON.stringify(policies);
  const named = [...text.matchAll(/attributes\[\\"([^\\]+)\\"\]/g), ...text.matchAll(/"key":"([^"]+)"/g)];
  const known = Object.values<string>(attr);
  assert.equal(named.length, 5);
  for (const [, name] of named) assert.ok(known.includes(name!), name);
});
