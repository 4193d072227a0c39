/** An exporter that keeps spans, and telemetry on it. */

import type { Attributes, SpanStatus } from "@opentelemetry/api";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-web";
import { startTelemetry, type Telemetry, type TelemetryOptions } from "../../mod.ts";

/** What tests look at. */
export interface KeptSpan {
  readonly name: string;
  readonly attributes: Attributes;
  readonly status: SpanStatus;
  readonly span: ReadableSpan;
}

/** An exporter that keeps what it is given. */
export function keepSpans(): SpanExporter & { readonly spans: KeptSpan[] } {
  const spans: KeptSpan[] = [];
  return {
    spans,
    export(batch, done) {
      for (const span of batch) {
        spans.push({ name: span.name, attributes: span.attributes, status: span.status, span });
      }
      done({ code: 0 });
    },
    shutdown: () => Promise.resolve(),
    forceFlush: () => Promise.resolve(),
  };
}

/** Telemetry whose spans are kept, and whose own trouble fails the test. */
export function startKept(options: TelemetryOptions = {}): Telemetry & { readonly spans: KeptSpan[] } {
  const exporter = keepSpans();
  const telemetry = startTelemetry({
    serviceName: "test",
    env: {},
    exporter,
    exportIntervalMs: false,
    onError: failLater,
    ...options,
  });
  return Object.assign(telemetry, { spans: exporter.spans });
}

/** Fails the test: what a handler of trouble throws is swallowed, what is reported is not. */
export function failLater(error: unknown): void {
  queueMicrotask(() => reportError(error));
}

/** The span's parent. */
export function parentOf({ span }: KeptSpan): string | undefined {
  return span.parentSpanContext?.spanId;
}

/** The span's own id. */
export function idOf({ span }: KeptSpan): string {
  return span.spanContext().spanId;
}
