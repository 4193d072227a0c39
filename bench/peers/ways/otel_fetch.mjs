/** `@opentelemetry/instrumentation-fetch`, which is made for browsers. */
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { FetchInstrumentation } from "@opentelemetry/instrumentation-fetch";
import { startProvider } from "./otel.mjs";

export function start({ collector }) {
  const tracerProvider = startProvider(collector);
  registerInstrumentations({ tracerProvider, instrumentations: [new FetchInstrumentation()] });
  return { flush: () => tracerProvider.forceFlush() };
}
