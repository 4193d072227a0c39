/**
 * The API's globals.
 *
 * @module
 */

import { context, type MeterProvider, metrics, trace, type TracerProvider } from "@opentelemetry/api";
import { createContextManager } from "./context_manager.ts";

/** Where spans and measurements are made. */
export interface Providers {
  /** Makes tracers. */
  readonly tracerProvider: TracerProvider;
  /** Makes meters. */
  readonly meterProvider: MeterProvider;
}

/** Registers with `@opentelemetry/api` what nobody registered before; gives back what undoes it. */
export function registerGlobals({ tracerProvider, meterProvider }: Providers): () => void {
  const contextManager = createContextManager();
  const contextSet = contextManager !== undefined && context.setGlobalContextManager(contextManager);
  const tracerSet = trace.setGlobalTracerProvider(tracerProvider);
  const meterSet = metrics.getMeterProvider() !== meterProvider &&
    metrics.setGlobalMeterProvider(meterProvider);
  return () => {
    if (contextSet) context.disable();
    if (tracerSet) trace.disable();
    if (meterSet) metrics.disable();
  };
}

/** The registered providers. */
export function globalProviders(): Providers {
  return { tracerProvider: trace.getTracerProvider(), meterProvider: metrics.getMeterProvider() };
}
