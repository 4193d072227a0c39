import assert from "node:assert/strict";
import { encodeMessage, type OtlpEncoding, type OtlpMessage } from "../../src/otlp_wire/codec.ts";
import { decodeLogs, decodeMetrics, decodeTraces } from "../../src/otlp_wire/decode.ts";

const ENCODINGS: readonly OtlpEncoding[] = ["protobuf", "json"];
const TRACE_ID = new Uint8Array(16).fill(0xab);
const SPAN_ID = new Uint8Array(8).fill(0xcd);

const origin = {
  resource: { attributes: [{ key: "service.name", value: { stringValue: "agent" } }] },
  scope: { name: "teespan", version: "1.2.3" },
};
const flatOrigin = { resource: { "service.name": "agent" }, scope: { name: "teespan", version: "1.2.3" } };

function traces(...spans: readonly OtlpMessage[]): OtlpMessage {
  return { resourceSpans: [{ resource: origin.resource, scopeSpans: [{ scope: origin.scope, spans }] }] };
}

function metrics(...metrics: readonly OtlpMessage[]): OtlpMessage {
  return {
    resourceMetrics: [{ resource: origin.resource, scopeMetrics: [{ scope: origin.scope, metrics }] }],
  };
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

Deno.test("decodeTraces() flattens a span with all its fields", () => {
  const request = traces({
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    parentSpanId: SPAN_ID,
    traceState: "a=b",
    name: "llm_request_run",
    kind: 3,
    startTimeUnixNano: 1_700_000_000_000_000_000n,
    endTimeUnixNano: 1_700_000_000_250_000_000n,
    attributes: [
      { key: "text", value: { stringValue: "x" } },
      { key: "empty", value: { stringValue: "" } },
      { key: "yes", value: { boolValue: true } },
      { key: "small", value: { intValue: -7n } },
      { key: "large", value: { intValue: 2n ** 60n } },
      { key: "real", value: { doubleValue: 0.5 } },
      { key: "none", value: {} },
      { key: "bytes", value: { bytesValue: new Uint8Array([1, 2]) } },
      { key: "list", value: { arrayValue: { values: [{ stringValue: "a" }, { intValue: 1n }] } } },
      { key: "map", value: { kvlistValue: { values: [{ key: "__proto__", value: { intValue: 0n } }] } } },
    ],
    droppedAttributesCount: 1,
    events: [{ name: "chunk", timeUnixNano: 5n, attributes: [], droppedAttributesCount: 4 }],
    droppedEventsCount: 2,
    links: [{ traceId: TRACE_ID, spanId: SPAN_ID, traceState: "c=d", flags: 1 }],
    droppedLinksCount: 3,
    status: { code: 2, message: "rate limited" },
    flags: 257,
  });
  for (const encoding of ENCODINGS) {
    assert.deepEqual(decodeTraces(encodeMessage("ExportTraceServiceRequest", request, encoding), encoding), [{
      traceId: "ab".repeat(16),
      spanId: "cd".repeat(8),
      parentSpanId: "cd".repeat(8),
      name: "llm_request_run",
      kind: "CLIENT",
      startTimeUnixNano: 1_700_000_000_000_000_000n,
      endTimeUnixNano: 1_700_000_000_250_000_000n,
      durationSeconds: 0.25,
      attributes: {
        text: "x",
        empty: "",
        yes: true,
        small: -7,
        large: 2n ** 60n,
        real: 0.5,
        none: null,
        bytes: new Uint8Array([1, 2]),
        list: ["a", 1],
        map: Object.fromEntries([["__proto__", 0]]),
      },
      events: [{ name: "chunk", timeUnixNano: 5n, attributes: {}, droppedAttributesCount: 4 }],
      links: [{
        traceId: "ab".repeat(16),
        spanId: "cd".repeat(8),
        traceState: "c=d",
        attributes: {},
        droppedAttributesCount: 0,
        flags: 1,
      }],
      status: { code: "ERROR", message: "rate limited" },
      traceState: "a=b",
      flags: 257,
      droppedAttributesCount: 1,
      droppedEventsCount: 2,
      droppedLinksCount: 3,
      ...flatOrigin,
    }]);
  }
});

Deno.test("decodeTraces() reads absent fields as their defaults", () => {
  for (const encoding of ENCODINGS) {
    const [span] = decodeTraces(encodeMessage("ExportTraceServiceRequest", traces({}), encoding), encoding);
    assert.equal(span?.parentSpanId, undefined);
    assert.equal(span?.kind, "UNSPECIFIED");
    assert.equal(span?.durationSeconds, 0);
    assert.deepEqual(span?.status, { code: "UNSET" });
    assert.equal("traceState" in (span ?? {}), false);
  }
});

Deno.test("decodeTraces() reads the liberties of OTLP/JSON", () => {
  const [span] = decodeTraces(
    json({
      resourceSpans: [{
        scopeSpans: [{
          scope: null,
          unknownField: 1,
          spans: [{
            traceId: "5B8EFFF798038103D269B633813FC60C",
            spanId: "EEE19B7EC3C1B174",
            parentSpanId: "",
            startTimeUnixNano: "1544712660000000000",
            endTimeUnixNano: 1544712661000000000,
            kind: 2,
            attributes: [
              { key: "n", value: { intValue: "9007199254740993" } },
              { key: "d", value: { doubleValue: "NaN" } },
              { key: "b", value: { bytesValue: "AQI=" } },
            ],
          }],
        }],
      }],
    }),
    "json",
  );
  assert.equal(span?.traceId, "5b8efff798038103d269b633813fc60c");
  assert.equal(span?.parentSpanId, undefined);
  assert.equal(span?.kind, "SERVER");
  assert.equal(span?.durationSeconds, 1);
  assert.deepEqual(span?.attributes, { n: 9007199254740993n, d: NaN, b: new Uint8Array([1, 2]) });
});

Deno.test("decodeTraces() throws on what is no request", () => {
  const wrong: readonly unknown[] = [
    [],
    null,
    "x",
    { resourceSpans: {} },
    { resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: "xyz" }] }] }] },
    { resourceSpans: [{ scopeSpans: [{ spans: [{ kind: "SPAN_KIND_CLIENT" }] }] }] },
    { resourceSpans: [{ scopeSpans: [{ spans: [{ startTimeUnixNano: 1.5 }] }] }] },
    { resourceSpans: [{ scopeSpans: [{ spans: [{ name: 7 }] }] }] },
  ];
  for (const value of wrong) assert.throws(() => decodeTraces(json(value), "json"), TypeError);
  assert.throws(() => decodeTraces(new Uint8Array([123]), "json"), SyntaxError);
  assert.throws(() => decodeTraces(new Uint8Array([10, 200, 1]), "protobuf"));
});

Deno.test("decodeMetrics() flattens all five types", () => {
  const times = { startTimeUnixNano: 1n, timeUnixNano: 2n };
  const attributes = [{ key: "k", value: { stringValue: "v" } }];
  const exemplars = [{ asInt: 9n, timeUnixNano: 3n, traceId: TRACE_ID, spanId: SPAN_ID }];
  const buckets = { offset: -1, bucketCounts: [1n, 2n] };
  const request = metrics(
    {
      name: "tokens",
      unit: "{token}",
      description: "Tokens used",
      sum: {
        aggregationTemporality: 1,
        isMonotonic: true,
        dataPoints: [{ ...times, attributes, asInt: 42n, exemplars }],
      },
    },
    { name: "level", gauge: { dataPoints: [{ ...times, asDouble: 0 }, { ...times, flags: 1 }] } },
    {
      name: "ttft",
      histogram: {
        aggregationTemporality: 2,
        dataPoints: [{
          ...times,
          count: 3n,
          sum: 1.5,
          min: 0.25,
          bucketCounts: [1n, 2n],
          explicitBounds: [0.5],
        }],
      },
    },
    {
      name: "exponential",
      exponentialHistogram: {
        aggregationTemporality: 1,
        dataPoints: [{
          ...times,
          count: 3n,
          scale: -2,
          zeroCount: 1n,
          zeroThreshold: 0.1,
          positive: buckets,
        }],
      },
    },
    {
      name: "summary",
      summary: {
        dataPoints: [{ ...times, count: 2n, sum: 4, quantileValues: [{ quantile: 0.5, value: 2 }] }],
      },
    },
    { name: "without data" },
  );
  const base = { unit: "", description: "", ...flatOrigin };
  const point = { attributes: {}, ...times, flags: 0 };
  for (const encoding of ENCODINGS) {
    const decoded = decodeMetrics(encodeMessage("ExportMetricsServiceRequest", request, encoding), encoding);
    assert.deepEqual(decoded, [
      {
        ...flatOrigin,
        name: "tokens",
        unit: "{token}",
        description: "Tokens used",
        type: "sum",
        temporality: "DELTA",
        monotonic: true,
        points: [{
          ...point,
          attributes: { k: "v" },
          value: 42,
          exemplars: [{
            value: 9,
            timeUnixNano: 3n,
            attributes: {},
            traceId: "ab".repeat(16),
            spanId: "cd".repeat(8),
          }],
        }],
      },
      { ...base, name: "level", type: "gauge", points: [{ ...point, value: 0 }, { ...point, flags: 1 }] },
      {
        ...base,
        name: "ttft",
        type: "histogram",
        temporality: "CUMULATIVE",
        points: [{ ...point, count: 3, sum: 1.5, min: 0.25, bucketCounts: [1, 2], explicitBounds: [0.5] }],
      },
      {
        ...base,
        name: "exponential",
        type: "exponentialHistogram",
        temporality: "DELTA",
        points: [{
          ...point,
          count: 3,
          scale: -2,
          zeroCount: 1,
          zeroThreshold: 0.1,
          positive: { offset: -1, bucketCounts: [1, 2] },
          negative: { offset: 0, bucketCounts: [] },
        }],
      },
      {
        ...base,
        name: "summary",
        type: "summary",
        points: [{ ...point, count: 2, sum: 4, quantiles: [{ quantile: 0.5, value: 2 }] }],
      },
    ]);
  }
});

Deno.test("decodeLogs() flattens a log record", () => {
  const request: OtlpMessage = {
    resourceLogs: [{
      resource: origin.resource,
      scopeLogs: [{
        scope: origin.scope,
        logRecords: [{
          timeUnixNano: 1n,
          observedTimeUnixNano: 2n,
          severityNumber: 9,
          severityText: "INFO",
          body: { kvlistValue: { values: [{ key: "a", value: { intValue: 1n } }] } },
          attributes: [{ key: "k", value: { boolValue: false } }],
          eventName: "call.ended",
          traceId: TRACE_ID,
          spanId: SPAN_ID,
          flags: 1,
        }, {}],
      }],
    }],
  };
  for (const encoding of ENCODINGS) {
    const [log, empty] = decodeLogs(encodeMessage("ExportLogsServiceRequest", request, encoding), encoding);
    assert.deepEqual(log, {
      timeUnixNano: 1n,
      observedTimeUnixNano: 2n,
      severityNumber: 9,
      severityText: "INFO",
      body: { a: 1 },
      attributes: { k: false },
      eventName: "call.ended",
      traceId: "ab".repeat(16),
      spanId: "cd".repeat(8),
      flags: 1,
      droppedAttributesCount: 0,
      ...flatOrigin,
    });
    assert.equal(empty?.body, null);
  }
});
