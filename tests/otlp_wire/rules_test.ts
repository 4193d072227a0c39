/** The rules that exports of the tests are held to notice what breaks them. */

import assert from "node:assert/strict";
import { encodeMessage } from "../../src/otlp_wire/codec.ts";
import { faultsOf } from "../support/otlp_rules.ts";

const contentType = "application/x-protobuf";
const bytes = (length: number, fill = 7): Uint8Array => new Uint8Array(length).fill(fill);
const service = { attributes: [{ key: "service.name", value: { stringValue: "agent" } }] };

const span = {
  traceId: bytes(16),
  spanId: bytes(8),
  name: "llm_request_run",
  kind: 3,
  startTimeUnixNano: 1_790_000_000_000_000_000n,
  endTimeUnixNano: 1_790_000_000_000_000_001n,
  attributes: [{ key: "a", value: { doubleValue: 1 } }],
};

const point = {
  startTimeUnixNano: 1n,
  timeUnixNano: 2n,
  count: 3n,
  sum: 6,
  min: 1,
  max: 3,
  explicitBounds: [1, 2],
  bucketCounts: [1n, 1n, 1n],
};

function traces(change: object, resource: object = service): Uint8Array {
  return encodeMessage("ExportTraceServiceRequest", {
    resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "s" }, spans: [{ ...span, ...change }] }] }],
  }, "protobuf");
}

function metrics(change: object, metric: object = {}): Uint8Array {
  const histogram = { aggregationTemporality: 1, dataPoints: [{ ...point, ...change }] };
  return encodeMessage("ExportMetricsServiceRequest", {
    resourceMetrics: [{
      resource: service,
      scopeMetrics: [{ scope: { name: "s" }, metrics: [{ name: "m", unit: "s", histogram, ...metric }] }],
    }],
  }, "protobuf");
}

const faultsOfTraces = (body: Uint8Array): string[] => faultsOf({ path: "/v1/traces", body, contentType });
const faultsOfMetrics = (body: Uint8Array): string[] => faultsOf({ path: "/v1/metrics", body, contentType });

Deno.test("faultsOf() finds nothing in what is right", () => {
  assert.deepEqual(faultsOfTraces(traces({})), []);
  assert.deepEqual(faultsOfMetrics(metrics({})), []);
});

Deno.test("faultsOf() finds what is wrong with a span", () => {
  const attribute = span.attributes[0]!;
  const wrong: readonly [RegExp, object][] = [
    [/trace id/, { traceId: bytes(8) }],
    [/trace id/, { traceId: bytes(16, 0) }],
    [/span id/, { spanId: bytes(16) }],
    [/has parent/, { parentSpanId: bytes(4) }],
    [/own parent/, { parentSpanId: bytes(8) }],
    [/has no name/, { name: "" }],
    [/has kind 0/, { kind: 0 }],
    [/has kind 9/, { kind: 9 }],
    [/is from/, { endTimeUnixNano: 1n }],
    [/is from 0/, { startTimeUnixNano: 0n }],
    [/has status 3/, { status: { code: 3 } }],
    [/message without an error/, { status: { code: 0, message: "x" } }],
    [/attribute twice/, { attributes: [attribute, attribute] }],
    [/without a name/, { attributes: [{ ...attribute, key: "" }] }],
    [/0 values at a/, { attributes: [{ key: "a", value: {} }] }],
    [/NaN at a/, { attributes: [{ key: "a", value: { doubleValue: NaN } }] }],
    [/event at no time/, { events: [{ name: "e" }] }],
    [/link to nothing/, { links: [{ traceId: bytes(16) }] }],
  ];
  for (const [what, change] of wrong) assert.match(faultsOfTraces(traces(change)).join("\n"), what);
  assert.match(faultsOfTraces(traces({}, {})).join(), /no service\.name/);
});

Deno.test("faultsOf() finds what is wrong with a metric", () => {
  const wrong: readonly [RegExp, object, object?][] = [
    [/2 buckets with 2 bounds/, { bucketCounts: [1n, 2n] }],
    [/others in its buckets/, { bucketCounts: [1n, 1n, 2n] }],
    [/bounds that do not grow/, { explicitBounds: [2, 2] }],
    [/add up to/, { sum: 60 }],
    [/add up to/, { min: 4 }],
    [/is from 3 to 2/, { startTimeUnixNano: 3n }],
    [/is from 1 to 0/, { timeUnixNano: 0n }],
    [/has the name/, {}, { name: "1 odd" }],
    [/0 kinds of data/, {}, { histogram: undefined }],
    [/temporality 0/, {}, { histogram: { dataPoints: [point] } }],
    [/no points/, {}, { histogram: { aggregationTemporality: 1, dataPoints: [] } }],
  ];
  for (const [what, change, metric] of wrong) {
    assert.match(faultsOfMetrics(metrics(change, metric)).join("\n"), what);
  }
});

Deno.test("faultsOf() finds fields that the schema does not have, or has in another form", () => {
  const fault = (...body: number[]): string => faultsOfTraces(Uint8Array.from(body)).join();
  assert.match(fault(0x7a, 1, 0), /ExportTraceServiceRequest has an unknown field 15/);
  assert.match(fault(0x0a, 2, 0x7a, 0), /resourceSpans has an unknown field 15/);
  // a resource's count of dropped attributes as a fixed number
  assert.match(fault(0x0a, 7, 0x0a, 5, 0x15, 1, 0, 0, 0), /droppedAttributesCount has wire type 5/);
});
