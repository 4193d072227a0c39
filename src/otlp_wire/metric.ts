import type { OtlpMessage } from "./codec.ts";
import { attributes, child, children, count, counts, id, nanos, present } from "./message.ts";
import type { ReceivedBuckets, ReceivedExemplar, ReceivedMetric, ReceivedPoint } from "./received.ts";

const TYPES = ["gauge", "sum", "histogram", "exponentialHistogram", "summary"] as const;

/** Which kind of data a metric holds, or `undefined` when it holds none. */
export function metricType(metric: OtlpMessage): ReceivedMetric["type"] | undefined {
  return TYPES.find((type) => metric[type] !== undefined);
}

/** The points of a metric's data. */
export function metricPoints(type: ReceivedMetric["type"], data: OtlpMessage): ReceivedPoint[] {
  return children(data, "dataPoints").map((point) => ({
    attributes: attributes(point),
    startTimeUnixNano: nanos(point, "startTimeUnixNano"),
    timeUnixNano: nanos(point, "timeUnixNano"),
    ...pointValues(type, point),
    ...present({
      exemplars: children(point, "exemplars").length === 0
        ? undefined
        : children(point, "exemplars").map(exemplar),
    }),
    flags: count(point, "flags"),
  }));
}

function pointValues(type: ReceivedMetric["type"], point: OtlpMessage): Partial<ReceivedPoint> {
  const summed = { count: count(point, "count"), ...optionalNumbers(point, ["sum", "min", "max"]) };
  switch (type) {
    case "gauge":
    case "sum":
      return present({ value: numberValue(point) });
    case "histogram":
      return {
        ...summed,
        bucketCounts: counts(point, "bucketCounts"),
        explicitBounds: counts(point, "explicitBounds"),
      };
    case "exponentialHistogram":
      return {
        ...summed,
        scale: count(point, "scale"),
        zeroCount: count(point, "zeroCount"),
        zeroThreshold: count(point, "zeroThreshold"),
        positive: buckets(child(point, "positive")),
        negative: buckets(child(point, "negative")),
      };
    case "summary":
      return {
        count: summed.count,
        sum: count(point, "sum"),
        quantiles: children(point, "quantileValues").map((item) => ({
          quantile: count(item, "quantile"),
          value: count(item, "value"),
        })),
      };
  }
}

function exemplar(message: OtlpMessage): ReceivedExemplar {
  return {
    value: numberValue(message) ?? 0,
    timeUnixNano: nanos(message, "timeUnixNano"),
    attributes: attributes(message, "filteredAttributes"),
    ...present({ traceId: id(message, "traceId"), spanId: id(message, "spanId") }),
  };
}

function buckets(message: OtlpMessage): ReceivedBuckets {
  return { offset: count(message, "offset"), bucketCounts: counts(message, "bucketCounts") };
}

/** A point without a value is one that says so in its flags. */
function numberValue(message: OtlpMessage): number | undefined {
  if (message.asDouble !== undefined) return count(message, "asDouble");
  return message.asInt === undefined ? undefined : count(message, "asInt");
}

function optionalNumbers(message: OtlpMessage, fields: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    fields.filter((field) => message[field] !== undefined).map((field) => [field, count(message, field)]),
  );
}
