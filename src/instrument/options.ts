/**
 * The options of an instrumentation, resolved once.
 *
 * @module
 */

import { createMatcher, createSocketMatcher, type Matcher, type SocketMatcher } from "../match.ts";
import { type Propagator, registeredPropagator } from "../telemetry/propagation.ts";
import { harmless, shield, type Stage, type TroubleHandler } from "../stream/shield.ts";
import { checkMetricSets } from "../telemetry/metric_sets.ts";
import { type AttemptScope, createScope, logTrouble, type ScopeOptions } from "../telemetry/scope.ts";
import type { Provider, Route } from "../types.ts";
import { createPropagate, type Propagate } from "./propagate.ts";
import { createUnrecognized, type NoticeUnrecognized } from "./unrecognized.ts";

/** How calls are instrumented. */
export interface InstrumentOptions extends ScopeOptions {
  /**
   * The providers that are recognized; the first that fits wins. All that ship with the library are `providers` of
   * `@teespan/teespan/providers`; each is its own module too, so that a bundle has no more than those it names.
   */
  readonly providers: readonly Provider[];
  /**
   * Routes that are recognized on any host, which then is the provider's name: `wellKnownRoutes` of
   * `@teespan/teespan/providers`, or your own.
   *
   * @default none
   */
  readonly anyHost?: readonly Route[] | undefined;
  /**
   * Hosts whose requests and sockets carry the trace on, in `traceparent` and `tracestate`: your own services. With
   * the port where it is not the scheme's own; a `*` stands for any characters: `*.example.com`. Requests to all
   * other hosts stay untouched.
   *
   * @default none
   */
  readonly propagateTo?: readonly string[] | undefined;
  /**
   * Writes and reads these headers.
   *
   * @default W3C Trace Context with `startTelemetry()`, else the propagator registered with `@opentelemetry/api`
   */
  readonly propagator?: Propagator | undefined;
  /**
   * Told of trouble inside the library, which never reaches your calls.
   *
   * @default the OpenTelemetry diagnostics logger
   */
  readonly onError?: ((error: unknown, stage: Stage) => void) | undefined;
}

/** Options with nothing left open. */
export interface Instrumentation {
  /** Finds a call's route. */
  readonly match: Matcher;
  /** Finds a socket's route. */
  readonly matchSocket: SocketMatcher;
  /** What its attempts share. */
  readonly scope: AttemptScope;
  /** Turns contexts into headers and back. */
  readonly propagator: Propagator;
  /** Gives the headers that carry the trace on; absent where no host is listed. */
  readonly propagate: Propagate | undefined;
  /** Told of what fits no route. */
  readonly unrecognized: NoticeUnrecognized;
  /** Told of trouble. */
  readonly onTrouble: TroubleHandler;
}

/**
 * Resolves options.
 *
 * @throws {TypeError} when an option has the wrong shape
 */
export function resolveInstrumentation(options: InstrumentOptions): Instrumentation {
  checkList("providers", options?.providers);
  const { providers, anyHost = [], onError = logTrouble, activeContext, clock } = options;
  const { tracerProvider, meterProvider, propagator = registeredPropagator, spanNames } = options;
  checkList("anyHost", anyHost);
  checkFunction("onError", onError);
  if (tracerProvider !== undefined) checkFunction("tracerProvider.getTracer", tracerProvider?.getTracer);
  if (meterProvider !== undefined) checkFunction("meterProvider.getMeter", meterProvider?.getMeter);
  if (activeContext !== undefined) checkFunction("activeContext", activeContext);
  if (clock !== undefined) checkFunction("clock.now", clock?.now);
  if (options.measureAttempts !== undefined) checkFunction("measureAttempts", options.measureAttempts);
  checkMetricSets(options.metrics);
  if (options.recordContent !== undefined) checkFunction("recordContent", options.recordContent);
  if (spanNames !== undefined && spanNames !== "livekit" && spanNames !== "genai") {
    throw new RangeError(
      `Cannot instrument as spanNames must be "livekit" or "genai": current value is ${
        JSON.stringify(spanNames)
      }`,
    );
  }
  checkFunction("propagator.inject", propagator?.inject);
  // not all who tell of trouble are shielded: listeners are told of later
  const onTrouble = harmless(onError);
  return {
    match: createMatcher(providers, anyHost),
    matchSocket: createSocketMatcher(providers),
    scope: createScope(options, onTrouble),
    propagate: createPropagate(options.propagateTo, propagator),
    propagator: harmlessPropagator(propagator, onTrouble),
    unrecognized: createUnrecognized(),
    onTrouble,
  };
}

/** A propagator can be the user's: where it throws, nothing is carried. */
function harmlessPropagator(propagator: Propagator, onTrouble: TroubleHandler): Propagator {
  return {
    inject: (...all) => void shield("match", onTrouble, () => propagator.inject(...all)),
    extract: (context, ...all) =>
      shield("match", onTrouble, () => propagator.extract(context, ...all)) ?? context,
  };
}

function checkList(name: string, value: unknown): void {
  if (Array.isArray(value)) return;
  throw new TypeError(`Cannot instrument as ${name} must be a list: current value is ${String(value)}`);
}

/**
 * Checks that an option is a function.
 *
 * @throws {TypeError} when it is none
 */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value === "function") return;
  throw new TypeError(`Cannot instrument as ${name} must be a function: current value is ${String(value)}`);
}
