/** `@vercel/otel`. */
import { trace } from "@opentelemetry/api";
import { OTLPHttpProtoTraceExporter, registerOTel } from "@vercel/otel";

export function start({ collector }) {
  registerOTel({
    serviceName: "bench",
    traceExporter: new OTLPHttpProtoTraceExporter({ url: `${collector}/v1/traces` }),
  });
  return { flush: () => trace.getTracerProvider().getDelegate().forceFlush() };
}
