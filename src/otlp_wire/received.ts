/**
 * A value of an attribute or of a log's body. A 64-bit integer is a `number` when that is exact, else a
 * `bigint`; an empty value is `null`.
 */
export type AttributeValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

/** Attributes by name. */
export type ReceivedAttributes = Readonly<Record<string, AttributeValue>>;

/** The instrumentation scope that made a span, metric or log. */
export interface ReceivedScope {
  /** Name of the scope, mostly that of a library; empty when it was not sent. */
  readonly name: string;
  /** Version of the scope, if it was sent. */
  readonly version?: string;
  /** Attributes of the scope, if any were sent. */
  readonly attributes?: ReceivedAttributes;
}

/** What all kinds of received records have in common. */
export interface ReceivedRecord {
  /** Attributes of the resource, such as `service.name`. */
  readonly resource: ReceivedAttributes;
  /** The instrumentation scope. */
  readonly scope: ReceivedScope;
}

/** The kind of a span. */
export type ReceivedSpanKind = "UNSPECIFIED" | "INTERNAL" | "SERVER" | "CLIENT" | "PRODUCER" | "CONSUMER";

/** An event of a span. */
export interface ReceivedEvent {
  /** Name of the event. */
  readonly name: string;
  /** Time in nanoseconds since 1970. */
  readonly timeUnixNano: bigint;
  /** Attributes of the event. */
  readonly attributes: ReceivedAttributes;
  /** How many attributes the sender dropped. */
  readonly droppedAttributesCount: number;
}

/** A link from a span to another one. */
export interface ReceivedLink {
  /** Trace of the other span, 32 hexadecimal digits. */
  readonly traceId: string;
  /** Id of the other span, 16 hexadecimal digits. */
  readonly spanId: string;
  /** W3C trace state, if one was sent. */
  readonly traceState?: string;
  /** Attributes of the link. */
  readonly attributes: ReceivedAttributes;
  /** How many attributes the sender dropped. */
  readonly droppedAttributesCount: number;
  /** W3C trace flags in the low 8 bits, remote-parent bits above. */
  readonly flags: number;
}

/** One span as it came over the wire. */
export interface ReceivedSpan extends ReceivedRecord {
  /** Id of the trace, 32 hexadecimal digits. */
  readonly traceId: string;
  /** Id of the span, 16 hexadecimal digits. */
  readonly spanId: string;
  /** Id of the parent, `undefined` for the root of a trace. */
  readonly parentSpanId: string | undefined;
  /** Name of the span. */
  readonly name: string;
  /** Kind of the span. */
  readonly kind: ReceivedSpanKind;
  /** Start in nanoseconds since 1970. */
  readonly startTimeUnixNano: bigint;
  /** End in nanoseconds since 1970. */
  readonly endTimeUnixNano: bigint;
  /** End minus start, in seconds. */
  readonly durationSeconds: number;
  /** Attributes of the span. */
  readonly attributes: ReceivedAttributes;
  /** Events in the order of sending. */
  readonly events: readonly ReceivedEvent[];
  /** Links in the order of sending. */
  readonly links: readonly ReceivedLink[];
  /** Status code, and message if one was sent. */
  readonly status: { readonly code: "UNSET" | "OK" | "ERROR"; readonly message?: string };
  /** W3C trace state, if one was sent. */
  readonly traceState?: string;
  /** W3C trace flags in the low 8 bits, remote-parent bits above. */
  readonly flags: number;
  /** How many attributes the sender dropped. */
  readonly droppedAttributesCount: number;
  /** How many events the sender dropped. */
  readonly droppedEventsCount: number;
  /** How many links the sender dropped. */
  readonly droppedLinksCount: number;
}

/** An example measurement behind a point, with the span that it was made in. */
export interface ReceivedExemplar {
  /** The measured value. */
  readonly value: number;
  /** Time in nanoseconds since 1970. */
  readonly timeUnixNano: bigint;
  /** Attributes that the point does not have. */
  readonly attributes: ReceivedAttributes;
  /** Trace of the span, if one was sent. */
  readonly traceId?: string;
  /** Id of the span, if one was sent. */
  readonly spanId?: string;
}

/** One side of an exponential histogram. */
export interface ReceivedBuckets {
  /** Index of the first bucket. */
  readonly offset: number;
  /** Count of each bucket from the first one on. */
  readonly bucketCounts: readonly number[];
}

/**
 * One point of a metric; which members are set depends on the metric's type. Counts and integers are numbers,
 * so they are exact up to 2^53.
 */
export interface ReceivedPoint {
  /** Attributes of the point. */
  readonly attributes: ReceivedAttributes;
  /** Start of the interval in nanoseconds since 1970, 0 when not sent. */
  readonly startTimeUnixNano: bigint;
  /** Time in nanoseconds since 1970. */
  readonly timeUnixNano: bigint;
  /** Value of a sum or gauge, in the metric's unit. */
  readonly value?: number;
  /** How many measurements a histogram or summary holds. */
  readonly count?: number;
  /** Sum of the measurements, in the metric's unit. */
  readonly sum?: number;
  /** Smallest measurement, in the metric's unit. */
  readonly min?: number;
  /** Largest measurement, in the metric's unit. */
  readonly max?: number;
  /** Count of each bucket of a histogram, one more than there are bounds. */
  readonly bucketCounts?: readonly number[];
  /** Upper bounds of a histogram's buckets, in the metric's unit. */
  readonly explicitBounds?: readonly number[];
  /** Scale of an exponential histogram. */
  readonly scale?: number;
  /** Count of the zero bucket of an exponential histogram. */
  readonly zeroCount?: number;
  /** Width of the zero bucket of an exponential histogram. */
  readonly zeroThreshold?: number;
  /** Buckets above zero of an exponential histogram. */
  readonly positive?: ReceivedBuckets;
  /** Buckets below zero of an exponential histogram. */
  readonly negative?: ReceivedBuckets;
  /** Values at quantiles of a summary; a quantile is between 0 and 1. */
  readonly quantiles?: readonly { readonly quantile: number; readonly value: number }[];
  /** Example measurements, if any were sent. */
  readonly exemplars?: readonly ReceivedExemplar[];
  /** Flags; 1 says that there is no recorded value. */
  readonly flags: number;
}

/** One metric with its points, as it came in one request. */
export interface ReceivedMetric extends ReceivedRecord {
  /** Name of the metric. */
  readonly name: string;
  /** Unit in UCUM, such as `s`; empty when it was not sent. */
  readonly unit: string;
  /** Description; empty when it was not sent. */
  readonly description: string;
  /** Kind of the metric's data. */
  readonly type: "sum" | "histogram" | "gauge" | "exponentialHistogram" | "summary";
  /** Temporality; absent from gauges and summaries, and when it was not sent. */
  readonly temporality?: "DELTA" | "CUMULATIVE";
  /** Whether a sum only grows; absent from other types. */
  readonly monotonic?: boolean;
  /** The points. */
  readonly points: readonly ReceivedPoint[];
}

/** One log record as it came over the wire. */
export interface ReceivedLog extends ReceivedRecord {
  /** When it happened, in nanoseconds since 1970, 0 when not sent. */
  readonly timeUnixNano: bigint;
  /** When it was collected, in nanoseconds since 1970, 0 when not sent. */
  readonly observedTimeUnixNano: bigint;
  /** Severity between 1 and 24, 0 when not sent. */
  readonly severityNumber: number;
  /** Severity as its source writes it; empty when it was not sent. */
  readonly severityText: string;
  /** The body; `null` when it was not sent. */
  readonly body: AttributeValue;
  /** Attributes of the record. */
  readonly attributes: ReceivedAttributes;
  /** Name of the event, if the record is one. */
  readonly eventName?: string;
  /** Id of the trace, if one was sent. */
  readonly traceId?: string;
  /** Id of the span, if one was sent. */
  readonly spanId?: string;
  /** W3C trace flags. */
  readonly flags: number;
  /** How many attributes the sender dropped. */
  readonly droppedAttributesCount: number;
}
