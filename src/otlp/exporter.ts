/**
 * The official OTLP/protobuf exporter, with what its transports leave out on top.
 *
 * @module
 */

import { ExportResultCode } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { OTLPExporterBase } from "@opentelemetry/otlp-exporter-base";
import { createLegacyOtlpBrowserExportDelegate } from "@opentelemetry/otlp-exporter-base/browser-http";
import { ProtobufTraceSerializer, TraceExporterMetricsHelper } from "@opentelemetry/otlp-transformer";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-web";
import type { SpanExportResult } from "./edge_span_processor.ts";
import { mayReadEnv } from "./runtime.ts";

/** Where spans go, and how. */
export interface ExporterSettings {
  /** The whole URL, `…/v1/traces`. */
  readonly url: string;
  /** Request headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** How long one export may take, retries included, ms. */
  readonly timeoutMs: number;
  /** Honored by the Node transport (Node, Deno, Bun); the fetch transport sends plain bytes. */
  readonly compression: "gzip" | "none";
}

/** Before the one more try, ms. Also the shortest time in which the official retries can have waited at all. */
const BACK_OFF_MS = 1000;

/** Creates the exporter. */
export function createTraceExporter(settings: ExporterSettings): SpanExporter {
  const exporter = createOfficial(settings);
  const rejected = countRejected(exporter);
  const send = (spans: ReadableSpan[]): Promise<SpanExportResult> =>
    new Promise((resolve) => {
      // the count is of the response that has just been handled, in the same task
      exporter.export(spans, (result) => resolve({ ...result, rejectedSpans: rejected.take() }));
    });
  const sendOnceMore = async (spans: ReadableSpan[]): Promise<SpanExportResult> => {
    const startedAt = performance.now();
    const result = await send(spans);
    const wanting = result.code === ExportResultCode.FAILED &&
      deservesRetry(result.error, performance.now() - startedAt);
    if (!wanting) return result;
    await new Promise((resolve) => setTimeout(resolve, BACK_OFF_MS));
    return await send(spans);
  };
  return {
    export: (spans, resultCallback) =>
      void sendOnceMore(spans).catch((error) => ({ code: ExportResultCode.FAILED, error }))
        .then(resultCallback),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush(),
  };
}

/**
 * `OTLPTraceExporter`. In Deno it takes the Node transport, which reads the environment when constructed and cannot
 * be had without the permission; then the same package's fetch transport serves.
 */
function createOfficial(settings: ExporterSettings): OTLPExporterBase<ReadableSpan[]> {
  const { url, timeoutMs, compression } = settings;
  const headers = { ...settings.headers };
  const config = { url, headers, timeoutMillis: timeoutMs, compression };
  if (mayReadEnv()) {
    return new OTLPTraceExporter(config as ConstructorParameters<typeof OTLPTraceExporter>[0]);
  }
  return new OTLPExporterBase(createLegacyOtlpBrowserExportDelegate(
    { url, headers, timeoutMillis: timeoutMs },
    ProtobufTraceSerializer,
    "otlp_http_span_exporter",
    TraceExporterMetricsHelper,
    undefined,
    "v1/traces",
    { "Content-Type": "application/x-protobuf" },
  ));
}

/**
 * Two failures that the official retries do not cover: a network error on a fetch transport, tried only once, and
 * `Retry-After: 0`, which uses up all tries in a few milliseconds.
 */
function deservesRetry(error: unknown, elapsedMs: number): boolean {
  const { message = "", code, cause } = Object(error) as {
    message?: string;
    code?: unknown;
    cause?: { name?: string };
  };
  if (message === "Fetch request errored") return cause?.name !== "AbortError";
  const retryable = message === "Export failed with retryable status" ||
    [429, 502, 503, 504].includes(Number(code));
  return retryable && elapsedMs < BACK_OFF_MS;
}

/** The parts of the official exporter where a partial success is seen, and only logged. */
interface Internals {
  readonly _delegate?: { _responseHandler?: { handleResponse(response: unknown): void } };
}

/** Counts the spans that responses reject. The Node transport hands responses over, the fetch transport does not. */
function countRejected(exporter: unknown): { take(): number } {
  let count = 0;
  const handler = (exporter as Internals)._delegate?._responseHandler;
  const handle = handler?.handleResponse.bind(handler);
  if (handler !== undefined && handle !== undefined) {
    handler.handleResponse = (response) => {
      const { partialSuccess } = Object(response) as { partialSuccess?: { rejectedSpans?: unknown } };
      count += Number(partialSuccess?.rejectedSpans ?? 0) || 0;
      handle(response);
    };
  }
  return {
    take: () => {
      const taken = count;
      count = 0;
      return taken;
    },
  };
}
