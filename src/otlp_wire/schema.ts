import type { MessageTable } from "./field.ts";
import { metrics } from "./schema_metrics.ts";

// The field tables of OTLP 1.x (https://opentelemetry.io/docs/specs/otlp/): every message of traces, metrics
// and logs, as data. Message names are short here, as they are unique over all packages; the codec qualifies
// them.

const common: Readonly<Record<string, MessageTable>> = {
  AnyValue: {
    stringValue: [1, "string", "choice value"],
    boolValue: [2, "bool", "choice value"],
    intValue: [3, "int64", "choice value"],
    doubleValue: [4, "double", "choice value"],
    arrayValue: [5, "ArrayValue", "choice value"],
    kvlistValue: [6, "KeyValueList", "choice value"],
    bytesValue: [7, "bytes", "choice value"],
  },
  ArrayValue: { values: [1, "AnyValue", "repeated"] },
  KeyValueList: { values: [1, "KeyValue", "repeated"] },
  KeyValue: { key: [1, "string"], value: [2, "AnyValue"] },
  InstrumentationScope: {
    name: [1, "string"],
    version: [2, "string"],
    attributes: [3, "KeyValue", "repeated"],
    droppedAttributesCount: [4, "uint32"],
  },
  EntityRef: {
    schemaUrl: [1, "string"],
    type: [2, "string"],
    idKeys: [3, "string", "repeated"],
    descriptionKeys: [4, "string", "repeated"],
  },
};

const resource: Readonly<Record<string, MessageTable>> = {
  Resource: {
    attributes: [1, "KeyValue", "repeated"],
    droppedAttributesCount: [2, "uint32"],
    entityRefs: [3, "EntityRef", "repeated"],
  },
};

// Enum fields are "enum": on the wire they are int32, in JSON they must be integers, and their names are
// given where they are flattened.
const trace: Readonly<Record<string, MessageTable>> = {
  ResourceSpans: {
    resource: [1, "Resource"],
    scopeSpans: [2, "ScopeSpans", "repeated"],
    schemaUrl: [3, "string"],
  },
  ScopeSpans: {
    scope: [1, "InstrumentationScope"],
    spans: [2, "Span", "repeated"],
    schemaUrl: [3, "string"],
  },
  Span: {
    traceId: [1, "bytes"],
    spanId: [2, "bytes"],
    traceState: [3, "string"],
    parentSpanId: [4, "bytes"],
    name: [5, "string"],
    kind: [6, "enum"],
    startTimeUnixNano: [7, "fixed64"],
    endTimeUnixNano: [8, "fixed64"],
    attributes: [9, "KeyValue", "repeated"],
    droppedAttributesCount: [10, "uint32"],
    events: [11, "Span.Event", "repeated"],
    droppedEventsCount: [12, "uint32"],
    links: [13, "Span.Link", "repeated"],
    droppedLinksCount: [14, "uint32"],
    status: [15, "Status"],
    flags: [16, "fixed32"],
  },
  "Span.Event": {
    timeUnixNano: [1, "fixed64"],
    name: [2, "string"],
    attributes: [3, "KeyValue", "repeated"],
    droppedAttributesCount: [4, "uint32"],
  },
  "Span.Link": {
    traceId: [1, "bytes"],
    spanId: [2, "bytes"],
    traceState: [3, "string"],
    attributes: [4, "KeyValue", "repeated"],
    droppedAttributesCount: [5, "uint32"],
    flags: [6, "fixed32"],
  },
  Status: { message: [2, "string"], code: [3, "enum"] },
};

const logs: Readonly<Record<string, MessageTable>> = {
  ResourceLogs: {
    resource: [1, "Resource"],
    scopeLogs: [2, "ScopeLogs", "repeated"],
    schemaUrl: [3, "string"],
  },
  ScopeLogs: {
    scope: [1, "InstrumentationScope"],
    logRecords: [2, "LogRecord", "repeated"],
    schemaUrl: [3, "string"],
  },
  LogRecord: {
    timeUnixNano: [1, "fixed64"],
    severityNumber: [2, "enum"],
    severityText: [3, "string"],
    body: [5, "AnyValue"],
    attributes: [6, "KeyValue", "repeated"],
    droppedAttributesCount: [7, "uint32"],
    flags: [8, "fixed32"],
    traceId: [9, "bytes"],
    spanId: [10, "bytes"],
    observedTimeUnixNano: [11, "fixed64"],
    eventName: [12, "string"],
  },
};

/** The request and the response of one signal's export call. */
function collector(
  signal: string,
  list: string,
  item: string,
  rejected: string,
): Record<string, MessageTable> {
  return {
    [`Export${signal}ServiceRequest`]: { [list]: [1, item, "repeated"] },
    [`Export${signal}ServiceResponse`]: { partialSuccess: [1, `Export${signal}PartialSuccess`] },
    [`Export${signal}PartialSuccess`]: { [rejected]: [1, "int64"], errorMessage: [2, "string"] },
  };
}

/** All messages of OTLP by package and short name. */
export const otlpSchema: Readonly<Record<string, Readonly<Record<string, MessageTable>>>> = {
  "opentelemetry.proto.common.v1": common,
  "opentelemetry.proto.resource.v1": resource,
  "opentelemetry.proto.trace.v1": trace,
  "opentelemetry.proto.metrics.v1": metrics,
  "opentelemetry.proto.logs.v1": logs,
  "opentelemetry.proto.collector.trace.v1": collector(
    "Trace",
    "resourceSpans",
    "ResourceSpans",
    "rejectedSpans",
  ),
  "opentelemetry.proto.collector.metrics.v1": collector(
    "Metrics",
    "resourceMetrics",
    "ResourceMetrics",
    "rejectedDataPoints",
  ),
  "opentelemetry.proto.collector.logs.v1": collector(
    "Logs",
    "resourceLogs",
    "ResourceLogs",
    "rejectedLogRecords",
  ),
  // The body of a refusal. Its full name is google.rpc.Status, which short names could not tell from a span's
  // status; its list of details is left out, as nobody sends any.
  "google.rpc": { RpcStatus: { code: [1, "int32"], message: [2, "string"] } },
};
