/**
 * What attempts share, and the ways into OpenTelemetry.
 *
 * @module
 */

import {
  type Context,
  context,
  createContextKey,
  createNoopMeter,
  diag,
  type MeterProvider,
  metrics,
  ProxyTracerProvider,
  trace,
  type Tracer,
  type TracerProvider,
} from "@opentelemetry/api";
import { SCOPE_NAME } from "../semconv.ts";
import { VERSION } from "../version.ts";
import type { Attempt } from "./attempt/attempt.ts";
import type { AttemptMetrics, MeasureAttempts } from "./attempt/attempt_metrics.ts";
import { type Clock, createClock } from "./clock.ts";
import type { ContentRecorder, RecordContent } from "./content/content_recorder.ts";
import { type MetersBySet, metersOf, type MetricSets } from "./metric_sets.ts";

export type { Attributes, Context, MeterProvider, Tracer, TracerProvider } from "@opentelemetry/api";

/** What attempts share. */
export interface AttemptScope {
  /** Makes the spans. */
  readonly tracer: Tracer;
  /** Makes instruments of each set. */
  readonly meters: MetersBySet;
  /** Takes measurements of attempts. */
  readonly metrics: AttemptMetrics;
  /** Told of trouble. */
  readonly onTrouble: (error: unknown, stage: "record") => void;
  /** How spans of attempts are named. */
  readonly spanNames: SpanNames;
  /** Records content; absent where none may leave. */
  readonly content: ContentRecorder | undefined;
  /** The context of whoever calls. */
  readonly activeContext: () => Context;
  /** The context of the handle from which calls are made, if it is one of a session. */
  readonly home?: Context | undefined;
  /** Starts a span with ids that are given; absent where the provider is not ours. */
  readonly startAs?: StartAs | undefined;
  /** Tells the time. */
  readonly clock: Clock;
  /** Attempts that have not ended. */
  readonly open: Set<Attempt>;
  /** Sessions that have not ended. */
  readonly sessions: Set<{ end(): unknown }>;
  /** Counts of those that have. */
  readonly counts: AttemptCounts;
}

/** Starts a span with ids that are given: the one that `start` starts. */
export type StartAs = <T>(ids: { readonly traceId: string; readonly spanId: string }, start: () => T) => T;

/** Counts of ended attempts. */
export interface AttemptCounts {
  /** Attempts that ended. */
  ended: number;
  /** Frames not understood or beyond the bound. */
  unreadFrames: number;
  /** Bytes of those that were beyond it. */
  bytesOverBounds: number;
  /** Ids beyond the bound of one attempt. */
  droppedRequestIds: number;
}

/** What a scope can be given. */
export interface ScopeOptions {
  /**
   * Where spans are made.
   *
   * @default the provider registered with `@opentelemetry/api`
   */
  readonly tracerProvider?: TracerProvider | undefined;
  /**
   * Where measurements are made.
   *
   * @default the provider registered with `@opentelemetry/api`
   */
  readonly meterProvider?: MeterProvider | undefined;
  /**
   * The context whose span becomes the parent of an attempt.
   *
   * @default the active context of `@opentelemetry/api`
   */
  readonly activeContext?: (() => Context) | undefined;
  /**
   * Tells the time, in milliseconds since the Unix epoch.
   *
   * @default the platform's clocks
   */
  readonly clock?: Clock | undefined;
  /**
   * Which sets of metrics are measured: `genai`, `usage`, `connection`, `turn`, `session`, `tokens`.
   *
   * @default all
   */
  readonly metrics?: MetricSets | undefined;
  /**
   * Measures attempts and connections: `measureAttempts` of `@teespan/teespan/core`.
   *
   * @default none, so that no bundle of a single instrument has what it does not measure
   */
  readonly measureAttempts?: MeasureAttempts | undefined;
  /**
   * How spans of attempts are named: LiveKit's `llm_request_run` and the like, which its dashboards know, or by the
   * GenAI conventions, `{operation} {model}`.
   *
   * @default "livekit"
   */
  readonly spanNames?: SpanNames | undefined;
  /**
   * Records content, words that were asked, answered, spoken and heard: `recordContent({ prompts: true })` of
   * `@teespan/teespan/core`.
   *
   * @default none is recorded, and what would do so is in no bundle
   */
  readonly recordContent?: RecordContent | undefined;
}

/** How spans of attempts are named. */
export type SpanNames = "livekit" | "genai";

/** Creates a scope. */
export function createScope(
  options: ScopeOptions,
  onTrouble: AttemptScope["onTrouble"] = logTrouble,
): AttemptScope {
  const {
    tracerProvider = trace,
    meterProvider = metrics,
    activeContext = () => context.active(),
    clock = createClock(),
    metrics: sets,
    measureAttempts = measureNothing,
    spanNames = "livekit",
  } = options;
  const meters = metersOf(meterProvider.getMeter(SCOPE_NAME, VERSION), sets);
  return {
    tracer: tracerProvider.getTracer(SCOPE_NAME, VERSION),
    meters,
    metrics: measureAttempts(meters),
    onTrouble,
    spanNames,
    content: options.recordContent?.((error) => onTrouble(error, "record")),
    activeContext,
    clock,
    open: new Set<Attempt>(),
    sessions: new Set(),
    counts: { ended: 0, unreadFrames: 0, bytesOverBounds: 0, droppedRequestIds: 0 },
  };
}

function measureNothing(): AttemptMetrics {
  return { ended() {}, used() {}, acquired() {}, connected() {} };
}

/** Marks the context of an SDK's own requests, by the name that `@opentelemetry/core` gives it. */
const SUPPRESSED = createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

/** Whether nothing is to be traced in that context. */
export function isSuppressed(parent: Context): boolean {
  return parent.getValue(SUPPRESSED) === true;
}

/** A provider of spans that go nowhere. */
export const NO_TRACES: TracerProvider = { getTracer: () => new ProxyTracerProvider().getTracer("none") };

/** A provider of measurements that go nowhere. */
export const NO_METRICS: MeterProvider = { getMeter: createNoopMeter };

/** Tells the OpenTelemetry diagnostics logger of trouble. */
export function logTrouble(error: unknown, stage: string): void {
  diag.error(`teespan: ${stage} failed`, error);
}
