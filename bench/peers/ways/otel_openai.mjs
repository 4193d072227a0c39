/** OpenTelemetry's own, `@opentelemetry/instrumentation-openai`; with no hook for modules it is handed the module. */
import { metrics } from "@opentelemetry/api";
import { OpenAIInstrumentation } from "@opentelemetry/instrumentation-openai";
import { startProvider } from "./otel.mjs";

export function start({ collector }) {
  const provider = startProvider(collector);
  const instrumentation = new OpenAIInstrumentation();
  instrumentation.setTracerProvider(provider);
  instrumentation.setMeterProvider(metrics.getMeterProvider());
  let instrumented = false;
  return {
    openai(Client, options) {
      if (!instrumented) { for (const { patch } of instrumentation.init()) patch({ OpenAI: Client }); }
      instrumented = true;
      return new Client(options);
    },
    flush: () => provider.forceFlush(),
  };
}
