/** OpenInference, `@arizeai/openinference-instrumentation-openai`. */
import { OpenAIInstrumentation } from "@arizeai/openinference-instrumentation-openai";
import { startProvider } from "./otel.mjs";

export function start({ collector }) {
  const provider = startProvider(collector);
  const instrumentation = new OpenAIInstrumentation();
  instrumentation.setTracerProvider(provider);
  let instrumented = false;
  return {
    openai(Client, options) {
      if (!instrumented) instrumentation.manuallyInstrument(Client);
      instrumented = true;
      return new Client(options);
    },
    flush: () => provider.forceFlush(),
  };
}
