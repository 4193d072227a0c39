/** The AI SDK with its own OpenTelemetry, `@ai-sdk/otel`. */
import { OpenTelemetry } from "@ai-sdk/otel";
import { registerTelemetry } from "ai";
import { startProvider } from "./otel.mjs";

export function start({ collector }) {
  const provider = startProvider(collector);
  registerTelemetry(new OpenTelemetry());
  return { flush: () => provider.forceFlush() };
}
