import { decodeMessage, type OtlpEncoding, type OtlpMessage } from "./codec.ts";
import {
  anyValue,
  attributes,
  child,
  children,
  count,
  flatten,
  id,
  nanos,
  present,
  text,
} from "./message.ts";
import { metricPoints, metricType } from "./metric.ts";
import type { ReceivedLog, ReceivedMetric, ReceivedSpan, ReceivedSpanKind } from "./received.ts";

const SPAN_KINDS: readonly ReceivedSpanKind[] = [
  "UNSPECIFIED",
  "INTERNAL",
  "SERVER",
  "CLIENT",
  "PRODUCER",
  "CONSUMER",
];
const STATUS_CODES = ["UNSET", "OK", "ERROR"] as const;
const TEMPORALITIES = [undefined, "DELTA", "CUMULATIVE"] as const;

/**
 * Decodes the body of an OTLP trace export request to a flat list of spans.
 *
 * @param body the body, decompressed
 * @param encoding `"protobuf"` for `application/x-protobuf`, `"json"` for `application/json`
 * @returns the spans in the order of sending
 * @throws {Error} when the body is not such a request
 */
export function decodeTraces(body: Uint8Array, encoding: OtlpEncoding): ReceivedSpan[] {
  const request = decodeMessage("ExportTraceServiceRequest", body, encoding);
  return Array.from(flatten(request, ["resourceSpans", "scopeSpans", "spans"]), ([span, origin]) => {
    const start = nanos(span, "startTimeUnixNano");
    const end = nanos(span, "endTimeUnixNano");
    const status = child(span, "status");
    return {
      traceId: id(span, "traceId"),
      spanId: id(span, "spanId"),
      parentSpanId: id(span, "parentSpanId") || undefined,
      name: text(span, "name"),
      kind: SPAN_KINDS[count(span, "kind")] ?? "UNSPECIFIED",
      startTimeUnixNano: start,
      endTimeUnixNano: end,
      durationSeconds: Number(end - start) / 1e9,
      attributes: attributes(span),
      events: children(span, "events").map((event) => ({
        name: text(event, "name"),
        timeUnixNano: nanos(event, "timeUnixNano"),
        attributes: attributes(event),
        droppedAttributesCount: count(event, "droppedAttributesCount"),
      })),
      links: children(span, "links").map((link) => ({
        traceId: id(link, "traceId"),
        spanId: id(link, "spanId"),
        ...present({ traceState: text(link, "traceState") }),
        attributes: attributes(link),
        droppedAttributesCount: count(link, "droppedAttributesCount"),
        flags: count(link, "flags"),
      })),
      status: {
        code: STATUS_CODES[count(status, "code")] ?? "UNSET",
        ...present({ message: text(status, "message") }),
      },
      ...present({ traceState: text(span, "traceState") }),
      flags: count(span, "flags"),
      droppedAttributesCount: count(span, "droppedAttributesCount"),
      droppedEventsCount: count(span, "droppedEventsCount"),
      droppedLinksCount: count(span, "droppedLinksCount"),
      ...origin,
    };
  });
}

/**
 * Decodes the body of an OTLP metrics export request to a flat list of metrics.
 *
 * @param body the body, decompressed
 * @param encoding `"protobuf"` for `application/x-protobuf`, `"json"` for `application/json`
 * @returns the metrics in the order of sending; those without data are left out
 * @throws {Error} when the body is not such a request
 */
export function decodeMetrics(body: Uint8Array, encoding: OtlpEncoding): ReceivedMetric[] {
  const request = decodeMessage("ExportMetricsServiceRequest", body, encoding);
  return Array.from(flatten(request, ["resourceMetrics", "scopeMetrics", "metrics"])).flatMap(
    ([metric, origin]) => {
      const type = metricType(metric);
      if (type === undefined) return [];
      const data: OtlpMessage = child(metric, type);
      return [{
        name: text(metric, "name"),
        unit: text(metric, "unit"),
        description: text(metric, "description"),
        type,
        ...present({
          temporality: TEMPORALITIES[count(data, "aggregationTemporality")],
          monotonic: type === "sum" ? data.isMonotonic === true : undefined,
        }),
        points: metricPoints(type, data),
        ...origin,
      }];
    },
  );
}

/**
 * Decodes the body of an OTLP logs export request to a flat list of log records.
 *
 * @param body the body, decompressed
 * @param encoding `"protobuf"` for `application/x-protobuf`, `"json"` for `application/json`
 * @returns the log records in the order of sending
 * @throws {Error} when the body is not such a request
 */
export function decodeLogs(body: Uint8Array, encoding: OtlpEncoding): ReceivedLog[] {
  const request = decodeMessage("ExportLogsServiceRequest", body, encoding);
  return Array.from(flatten(request, ["resourceLogs", "scopeLogs", "logRecords"]), ([log, origin]) => ({
    timeUnixNano: nanos(log, "timeUnixNano"),
    observedTimeUnixNano: nanos(log, "observedTimeUnixNano"),
    severityNumber: count(log, "severityNumber"),
    severityText: text(log, "severityText"),
    body: anyValue(child(log, "body")),
    attributes: attributes(log),
    ...present({ eventName: text(log, "eventName"), traceId: id(log, "traceId"), spanId: id(log, "spanId") }),
    flags: count(log, "flags"),
    droppedAttributesCount: count(log, "droppedAttributesCount"),
    ...origin,
  }));
}
