/**
 * What an export must be beyond what a decoder forgives: no field that the schema does not have, ids and enumerations
 * in their bounds, times that follow each other, histograms that add up.
 *
 * @see {@link https://github.com/open-telemetry/opentelemetry-proto}
 */

import protobuf from "protobufjs/light.js";
import { decodeMessage, messageType, type OtlpMessage } from "../../src/otlp_wire/codec.ts";
import { child, children, count, id, nanos, text } from "../../src/otlp_wire/message.ts";
import type { ReceivedRequest } from "../../src/testing/mod.ts";

const REQUESTS: Readonly<Record<string, string>> = {
  "/v1/traces": "ExportTraceServiceRequest",
  "/v1/metrics": "ExportMetricsServiceRequest",
  "/v1/logs": "ExportLogsServiceRequest",
};

/** Where something is wrong, and what. */
type Faults = Generator<string>;

/** What is wrong with an export request. */
export function faultsOf(
  { path, body, contentType }: Pick<ReceivedRequest, "path" | "body" | "contentType">,
): string[] {
  const name = REQUESTS[path];
  if (name === undefined) return [`${path} is no path of OTLP`];
  const isJson = contentType === "application/json";
  const message = decodeMessage(name, body, isJson ? "json" : "protobuf");
  return [...isJson ? [] : wireFaults(messageType(name), body, name), ...requestFaults(message)];
}

/** The wire types of fields; of repeated numbers also the packed one. */
const WIRE: Readonly<Record<string, number>> = {
  bool: 0,
  int32: 0,
  int64: 0,
  sint32: 0,
  uint32: 0,
  uint64: 0,
  fixed64: 1,
  sfixed64: 1,
  double: 1,
  string: 2,
  bytes: 2,
  fixed32: 5,
};

/** Fields that the schema does not have, or has in another form. */
function* wireFaults(type: protobuf.Type, bytes: Uint8Array, path: string): Faults {
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const [number, wire] = [tag >>> 3, tag & 7];
    const field = type.fieldsById[number];
    if (field === undefined) {
      yield `${path} has an unknown field ${number}`;
      reader.skipType(wire);
      continue;
    }
    const { resolvedType } = field.resolve();
    const isPacked = field.repeated && wire === 2;
    if (wire !== (resolvedType ? 2 : WIRE[field.type]) && !isPacked) {
      yield `${path}.${field.name} has wire type ${wire}`;
    }
    if (wire !== 2) {
      reader.skipType(wire);
      continue;
    }
    const content = reader.bytes();
    if (resolvedType instanceof protobuf.Type) {
      yield* wireFaults(resolvedType, content, `${path}.${field.name}`);
    }
  }
}

function* requestFaults(request: OtlpMessage): Faults {
  for (const kind of ["Spans", "Metrics", "Logs"]) {
    for (const group of children(request, `resource${kind}`)) {
      const resource = child(group, "resource");
      yield* attributeFaults(resource, "resource");
      const names = children(resource, "attributes").map((pair) => text(pair, "key"));
      if (!names.includes("service.name")) yield "resource has no service.name";
      for (const inner of children(group, `scope${kind}`)) {
        if (text(child(inner, "scope"), "name") === "") yield "a scope has no name";
        for (const span of children(inner, "spans")) yield* spanFaults(span, text(span, "name"));
        for (const metric of children(inner, "metrics")) yield* metricFaults(metric, text(metric, "name"));
      }
    }
  }
}

function* spanFaults(span: OtlpMessage, name: string): Faults {
  if (name === "") yield "a span has no name";
  if (!isId(id(span, "traceId"), 16)) yield `${name} has trace id ${id(span, "traceId")}`;
  if (!isId(id(span, "spanId"), 8)) yield `${name} has span id ${id(span, "spanId")}`;
  const parent = id(span, "parentSpanId");
  if (parent !== "" && !isId(parent, 8)) yield `${name} has parent ${parent}`;
  if (parent === id(span, "spanId")) yield `${name} is its own parent`;
  const [start, end] = [nanos(span, "startTimeUnixNano"), nanos(span, "endTimeUnixNano")];
  if (start <= 0n || end < start) yield `${name} is from ${start} to ${end}`;
  if (count(span, "kind") < 1 || count(span, "kind") > 5) yield `${name} has kind ${count(span, "kind")}`;
  const status = child(span, "status");
  if (count(status, "code") < 0 || count(status, "code") > 2) {
    yield `${name} has status ${count(status, "code")}`;
  }
  if (count(status, "code") !== 2 && text(status, "message") !== "") {
    yield `${name} has a message without an error`;
  }
  yield* attributeFaults(span, name);
  for (const event of children(span, "events")) {
    if (text(event, "name") === "") yield `${name} has an event without a name`;
    if (nanos(event, "timeUnixNano") <= 0n) yield `${name} has an event at no time`;
    yield* attributeFaults(event, `an event of ${name}`);
  }
  for (const link of children(span, "links")) {
    if (!isId(id(link, "traceId"), 16) || !isId(id(link, "spanId"), 8)) yield `${name} has a link to nothing`;
    yield* attributeFaults(link, `a link of ${name}`);
  }
}

/** Bytes in hexadecimal digits, not all of them zero. */
function isId(hex: string, bytes: number): boolean {
  return hex.length === bytes * 2 && /[1-9a-f]/.test(hex);
}

function* attributeFaults(owner: OtlpMessage, name: string): Faults {
  const keys = children(owner, "attributes").map((pair) => text(pair, "key"));
  if (keys.includes("")) yield `${name} has an attribute without a name`;
  if (new Set(keys).size < keys.length) yield `${name} has an attribute twice`;
  for (const pair of children(owner, "attributes")) {
    const values = Object.entries(child(pair, "value"));
    if (values.length !== 1) yield `${name} has ${values.length} values at ${text(pair, "key")}`;
    for (const [, value] of values) {
      if (typeof value === "number" && !Number.isFinite(value)) {
        yield `${name} has ${value} at ${text(pair, "key")}`;
      }
    }
  }
}

const DATA = ["gauge", "sum", "histogram", "exponentialHistogram", "summary"] as const;

function* metricFaults(metric: OtlpMessage, name: string): Faults {
  if (!/^[A-Za-z][\w./-]{0,254}$/.test(name)) yield `a metric has the name ${JSON.stringify(name)}`;
  if (text(metric, "unit").length > 63) yield `${name} has unit ${text(metric, "unit")}`;
  const kinds = DATA.filter((kind) => metric[kind] !== undefined);
  if (kinds.length !== 1) yield `${name} has ${kinds.length} kinds of data`;
  for (const kind of kinds) {
    const data = child(metric, kind);
    const temporality = count(data, "aggregationTemporality");
    if (kind !== "gauge" && kind !== "summary" && temporality !== 1 && temporality !== 2) {
      yield `${name} has temporality ${temporality}`;
    }
    const points = children(data, "dataPoints");
    if (points.length === 0) yield `${name} has no points`;
    for (const point of points) {
      const [start, time] = [nanos(point, "startTimeUnixNano"), nanos(point, "timeUnixNano")];
      // a beginning of 0 is one that is not known: in workerd there is no time outside of requests
      if (time <= 0n || start > time) yield `${name} is from ${start} to ${time}`;
      yield* attributeFaults(point, name);
      if (kind === "histogram") yield* histogramFaults(point, name);
      else if (kind === "sum" && data.isMonotonic === true) {
        const value = Number(point.asDouble ?? point.asInt);
        if (!(value >= 0)) yield `${name} only grows, and has ${value}`;
      }
    }
  }
}

function* histogramFaults(point: OtlpMessage, name: string): Faults {
  const bounds = numbers(point, "explicitBounds");
  const buckets = numbers(point, "bucketCounts");
  const total = count(point, "count");
  if (buckets.length > 0 && buckets.length !== bounds.length + 1) {
    yield `${name} has ${buckets.length} buckets with ${bounds.length} bounds`;
  }
  if (buckets.some((bucket) => bucket < 0)) yield `${name} has a bucket below zero`;
  if (buckets.length > 0 && buckets.reduce((sum, bucket) => sum + bucket, 0) !== total) {
    yield `${name} has ${total} in all, and others in its buckets`;
  }
  if (bounds.some((bound, i) => i > 0 && !(bound > bounds[i - 1]!))) {
    yield `${name} has bounds that do not grow`;
  }
  const { sum, min, max } = point as Readonly<Record<string, number | undefined>>;
  if (total > 0 && sum !== undefined && min !== undefined && max !== undefined) {
    const dust = Math.abs(sum) * 1e-9 + 1e-9;
    if (min > max || sum < min * total - dust || sum > max * total + dust) {
      yield `${name} has ${total} from ${min} to ${max} that add up to ${sum}`;
    }
  }
}

function numbers(message: OtlpMessage, field: string): number[] {
  return ((message[field] ?? []) as readonly (number | bigint)[]).map(Number);
}
