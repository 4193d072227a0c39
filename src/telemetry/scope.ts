/**
 * What attempts share, and the ways into OpenTelemetry.
 *
 * @module
 */

import {
  type Context,
  context,
  createContextKey,
  diag,
  type Meter,
  type MeterProvider,
  metrics,
  trace,
  type Tracer,
  type TracerProvider,
} from "@opentelemetry/api";
import { SCOPE_NAME } from "../semconv.ts";
import { VERSION } from "../version.ts";
import type { Attempt } from "./attempt.ts";
import { type AttemptMetrics, createAttemptMetrics } from "./attempt_metrics.ts";
import { type Clock, createClock } from "./clock.ts";
import type { AttemptGroup } from "./ledger.ts";

export type { Attributes, Context, MeterProvider, Tracer, TracerProvider } from "@opentelemetry/api";

/** What attempts share. */
export interface AttemptScope {
  /** Makes the spans. */
  readonly tracer: Tracer;
  /** Makes instruments. */
  readonly meter: Meter;
  /** Takes measurements. */
  readonly metrics: AttemptMetrics;
  /** The context of whoever calls. */
  readonly activeContext: () => Context;
  /** Tells the time. */
  readonly clock: Clock;
  /** Attempts that have not ended. */
  readonly open: Set<Attempt>;
  /** Counts of those that have. */
  readonly counts: AttemptCounts;
}

/** Counts of ended attempts. */
export interface AttemptCounts {
  /** Attempts that ended. */
  ended: number;
  /** Frames not understood or beyond the bound. */
  unreadFrames: number;
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
}

/** Creates a scope. */
export function createScope(options: ScopeOptions): AttemptScope {
  const {
    tracerProvider = trace,
    meterProvider = metrics,
    activeContext = () => context.active(),
    clock = createClock(),
  } = options;
  const meter = meterProvider.getMeter(SCOPE_NAME, VERSION);
  return {
    tracer: tracerProvider.getTracer(SCOPE_NAME, VERSION),
    meter,
    metrics: createAttemptMetrics(meter),
    activeContext,
    clock,
    open: new Set<Attempt>(),
    counts: { ended: 0, unreadFrames: 0, droppedRequestIds: 0 },
  };
}

/** Marks the context of an SDK's own requests, by the name that `@opentelemetry/core` gives it. */
const SUPPRESSED = createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

/** Whether nothing is to be traced in that context. */
export function isSuppressed(parent: Context): boolean {
  return parent.getValue(SUPPRESSED) === true;
}

/** Where a context says whose attempts are made in it. */
const GROUP = createContextKey("teespan attempt group");

/** The context in which attempts belong to `group`. */
export function withGroup(parent: Context, group: AttemptGroup): Context {
  return parent.setValue(GROUP, group);
}

/** The group to which attempts in that context belong. */
export function groupOf(parent: Context): AttemptGroup | undefined {
  return parent.getValue(GROUP) as AttemptGroup | undefined;
}

/** Tells the OpenTelemetry diagnostics logger of trouble. */
export function logTrouble(error: unknown, stage: string): void {
  diag.error(`teespan: ${stage} failed`, error);
}
