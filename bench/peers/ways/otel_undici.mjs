/** `@opentelemetry/instrumentation-undici`, which sees Node's own `fetch`. */
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { startProvider } from "./otel.mjs";

export function start({ collector }) {
  const tracerProvider = startProvider(collector);
  registerInstrumentations({ tracerProvider, instrumentations: [new UndiciInstrumentation()] });
  return { flush: () => tracerProvider.forceFlush() };
}
