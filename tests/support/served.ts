/** A Hono app under telemetry whose spans are kept, and a provider behind it that needs no network. */

import type { SpanExporter } from "@opentelemetry/sdk-trace-web";
import { Hono } from "hono";
import type { TelemetryOptions } from "../../mod.ts";
import { agentTelemetry, type AgentTelemetryEnv } from "../../src/hono.ts";
import { failLater, keepSpans, type KeptSpan } from "./memory_exporter.ts";

export { idOf, parentOf } from "./memory_exporter.ts";

/** Where the provider is. */
export const CHAT_URL = "https://api.openai.com/v1/chat/completions";

/** A caller's span. */
export const CALLER = {
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  tracestate: "vendor=1",
};

/** An app, and what became of its requests. */
export interface Served {
  readonly app: Hono<AgentTelemetryEnv>;
  readonly spans: readonly KeptSpan[];
  /** Resolves when so many spans were exported. */
  exported(count: number): Promise<readonly KeptSpan[]>;
  /** The exported span of that name. */
  span(name: string): KeptSpan;
}

/** An app whose provider answers at once. */
export function serveKept(options: TelemetryOptions = {}): Served {
  const { spans, exporter, exported } = watchExports();
  const app = new Hono<AgentTelemetryEnv>().use(agentTelemetry({ ...keptOptions(exporter), ...options }));
  return {
    app,
    spans,
    exported,
    span(name) {
      const found = spans.find((span) => span.name === name);
      if (found === undefined) throw new Error(`There is no ${name} among ${spans.map(({ name }) => name)}`);
      return found;
    },
  };
}

/** Options with a provider that answers at once, and without registration, so that tests do not meet. */
export function keptOptions(exporter: SpanExporter): TelemetryOptions {
  return {
    serviceName: "served",
    exporter,
    exportIntervalMs: false,
    register: false,
    onError: failLater,
    fetch: (() => Promise.resolve(new Response('{"id":"chatcmpl-1"}'))) as typeof fetch,
  };
}

/** An exporter that keeps spans, and tells when they come. */
export function watchExports() {
  const kept = keepSpans();
  const waiting = new Set<() => void>();
  const exporter: SpanExporter = {
    ...kept,
    export(batch, done) {
      kept.export(batch, done);
      for (const look of waiting) look();
    },
  };
  const exported = (count: number): Promise<readonly KeptSpan[]> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (kept.spans.length < count) return;
        waiting.delete(look);
        resolve(kept.spans);
      };
      waiting.add(look);
      look();
    });
  return { spans: kept.spans, exporter, exported };
}

/** A body of which a test says what comes when. */
export function openBody() {
  let controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  let cancelled: unknown;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (given) => void (controller = given),
    cancel: (reason) => void (cancelled = reason ?? "cancelled"),
  });
  return {
    body,
    write: (text: string) => controller.enqueue(new TextEncoder().encode(text)),
    close: () => controller.close(),
    fail: (error: unknown) => controller.error(error),
    cancelled: () => cancelled,
  };
}
