/**
 * The options of an instrumentation, resolved once.
 *
 * @module
 */

import { type Context, context, diag, trace, type Tracer, type TracerProvider } from "@opentelemetry/api";
import { createMatcher, type Matcher } from "../match.ts";
import { providers as builtin } from "../providers/mod.ts";
import { SCOPE_NAME } from "../semconv.ts";
import type { Stage, TroubleHandler } from "../stream/shield.ts";
import type { Attempt, AttemptScope } from "../telemetry/attempt.ts";
import { type Clock, createClock } from "../telemetry/clock.ts";
import type { Provider } from "../types.ts";
import { VERSION } from "../version.ts";

/** How calls are instrumented. */
export interface InstrumentOptions {
  /**
   * The providers that are recognised; the first that fits wins.
   *
   * @default all that ship with the library
   */
  readonly providers?: readonly Provider[] | undefined;
  /**
   * Where spans are made.
   *
   * @default the provider registered with `@opentelemetry/api`
   */
  readonly tracerProvider?: TracerProvider | undefined;
  /**
   * The context whose span becomes the parent of an attempt.
   *
   * @default the active context of `@opentelemetry/api`
   */
  readonly activeContext?: (() => Context) | undefined;
  /**
   * Told of trouble inside the library, which never reaches your calls.
   *
   * @default the OpenTelemetry diagnostics logger
   */
  readonly onError?: ((error: unknown, stage: Stage) => void) | undefined;
  /**
   * Tells the time, in milliseconds since the Unix epoch.
   *
   * @default the platform's clocks
   */
  readonly clock?: Clock | undefined;
}

/** Options with nothing left open. */
export interface Instrumentation {
  /** Finds a call's route. */
  readonly match: Matcher;
  /** What its attempts share. */
  readonly scope: AttemptScope;
  /** The context of whoever calls. */
  readonly activeContext: () => Context;
  /** Told of trouble. */
  readonly onTrouble: TroubleHandler;
}

/**
 * Resolves options.
 *
 * @throws {TypeError} when an option has the wrong shape
 */
export function resolveInstrumentation(options: InstrumentOptions = {}): Instrumentation {
  const { providers = builtin, tracerProvider = trace, onError = logTrouble, clock = createClock() } =
    options;
  if (!Array.isArray(providers)) {
    throw new TypeError(`Cannot instrument as providers must be a list: current value is ${providers}`);
  }
  checkFunction("tracerProvider.getTracer", tracerProvider.getTracer);
  checkFunction("onError", onError);
  checkFunction("clock.now", clock.now);
  const { activeContext = () => context.active() } = options;
  checkFunction("activeContext", activeContext);
  return {
    match: createMatcher(providers),
    scope: {
      tracer: getTracer(tracerProvider),
      clock,
      open: new Set<Attempt>(),
      counts: { ended: 0, unreadFrames: 0, droppedRequestIds: 0 },
    },
    activeContext,
    onTrouble: onError,
  };
}

function getTracer(provider: Pick<TracerProvider, "getTracer">): Tracer {
  return provider.getTracer(SCOPE_NAME, VERSION);
}

function checkFunction(name: string, value: unknown): void {
  if (typeof value === "function") return;
  throw new TypeError(`Cannot instrument as ${name} must be a function: current value is ${String(value)}`);
}

function logTrouble(error: unknown, stage: Stage): void {
  diag.error(`teespan: ${stage} failed`, error);
}
