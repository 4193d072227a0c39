/**
 * The API's globals.
 *
 * @module
 */

import { context, trace, type TracerProvider } from "@opentelemetry/api";
import { createContextManager } from "./context_manager.ts";

/** Registers with `@opentelemetry/api` what nobody registered before; gives back what undoes it. */
export function registerGlobals(provider: TracerProvider): () => void {
  const contextManager = createContextManager();
  const contextSet = contextManager !== undefined && context.setGlobalContextManager(contextManager);
  const tracerSet = trace.setGlobalTracerProvider(provider);
  return () => {
    if (contextSet) context.disable();
    if (tracerSet) trace.disable();
  };
}

/** The registered provider. */
export function globalTracerProvider(): TracerProvider {
  return trace.getTracerProvider();
}
