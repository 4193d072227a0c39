/**
 * The official OTLP/protobuf exporter of spans, with what its transports leave out on top.
 *
 * @module
 */

import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { OTLPExporterBase } from "@opentelemetry/otlp-exporter-base";
import { createLegacyOtlpBrowserExportDelegate } from "@opentelemetry/otlp-exporter-base/browser-http";
import { ProtobufTraceSerializer, TraceExporterMetricsHelper } from "@opentelemetry/otlp-transformer";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-web";
import { type HeaderSource, headersWithin } from "./headers.ts";
import { mayReadEnv } from "./runtime.ts";

/** Where spans go, and how. */
export interface ExporterSettings {
  /** The whole URL, `…/v1/traces`. */
  readonly url: string;
  /** Request headers. */
  readonly headers: HeaderSource;
  /** How long one export may take, retries included, ms. */
  readonly timeoutMs: number;
  /** Honored by the Node transport (Node, Deno, Bun); the fetch transport sends plain bytes. */
  readonly compression: "gzip" | "none";
  /** Whether the process's environment has headers that are not meant for it: the Node transport would add them. */
  readonly avoidsEnv: boolean;
}

/** What an exporter reports; one that reads partial success says how much was rejected. */
export interface CountedResult extends ExportResult {
  /** Items of the batch that the collector did not take. */
  readonly rejected?: number | undefined;
}

/** Before the one more try, ms. */
const BACK_OFF_MS = 1000;

/** Creates the exporter of spans. */
export function createTraceExporter(settings: ExporterSettings): SpanExporter {
  return retryOnceMore(createOfficialTraces(settings));
}

/** What the exporters of both signals have in common. */
interface Exporter<T> {
  export(items: T, resultCallback: (result: CountedResult) => void): void;
  shutdown(): Promise<void>;
  forceFlush(): Promise<void>;
}

/** An official exporter, with what its transports leave out on top. */
export function retryOnceMore<T>(official: OTLPExporterBase<T>): Exporter<T> {
  backOffAtZero(official);
  const rejected = countRejected(official);
  const send = (items: T): Promise<CountedResult> =>
    new Promise((resolve) => {
      // the count is of the response that has just been handled, in the same task
      official.export(items, (result) => resolve({ ...result, rejected: rejected.take() }));
    });
  const sendOnceMore = async (items: T): Promise<CountedResult> => {
    const result = await send(items);
    if (result.code !== ExportResultCode.FAILED || !isNetworkError(result.error)) return result;
    await new Promise((resolve) => setTimeout(resolve, BACK_OFF_MS));
    return await send(items);
  };
  return {
    export: (items, resultCallback) =>
      void sendOnceMore(items).catch((error) => ({ code: ExportResultCode.FAILED, error }))
        .then(resultCallback),
    shutdown: () => official.shutdown(),
    forceFlush: () => official.forceFlush(),
  };
}

/** The content type of OTLP/protobuf. */
export const PROTOBUF = { "Content-Type": "application/x-protobuf" };

/**
 * `OTLPTraceExporter`. Its Node transport reads the environment when constructed. Where that is not wanted, and in Deno
 * where it is not permitted, the same package's fetch transport serves.
 */
function createOfficialTraces(settings: ExporterSettings): OTLPExporterBase<ReadableSpan[]> {
  const config = officialConfig(settings);
  if (mayReadEnv() && !settings.avoidsEnv) return new OTLPTraceExporter(config);
  return new OTLPExporterBase(createLegacyOtlpBrowserExportDelegate(
    config,
    ProtobufTraceSerializer,
    "otlp_http_span_exporter",
    TraceExporterMetricsHelper,
    undefined,
    "v1/traces",
    PROTOBUF,
  ));
}

/** Settings as the official exporters take them. */
export function officialConfig({ url, headers, timeoutMs, compression }: ExporterSettings) {
  // the enum of the Node transport has no place in the types of the others
  const given = typeof headers === "function" ? headersWithin(headers, timeoutMs) : { ...headers };
  return { url, headers: given, timeoutMillis: timeoutMs, compression: compression as never };
}

/** Whether a fetch transport met no answer, which it tries only once. */
function isNetworkError(error: unknown): boolean {
  const { message, cause } = Object(error) as { message?: string; cause?: { name?: string } };
  return message === "Fetch request errored" && cause?.name !== "AbortError";
}

/** The parts of the official exporter that decide when it tries again, and that see a partial success and only log it. */
interface Internals {
  readonly _delegate?: {
    readonly _transport?: { readonly _transport?: Transport };
    readonly _responseHandler?: { handleResponse(response: unknown): void };
  };
}

/** What sends once. */
interface Transport {
  send(...all: unknown[]): Promise<{ readonly retryInMillis?: number }>;
}

/**
 * Has a `Retry-After` of no time wait as if there were none. The official exporter takes it as a delay of -1 ms, at
 * which Node warns, and uses up all tries in a few milliseconds.
 */
function backOffAtZero(exporter: unknown): void {
  const transport = (exporter as Internals)._delegate?._transport?._transport;
  if (transport === undefined) return;
  const send = transport.send.bind(transport);
  transport.send = async (...all) => {
    const { retryInMillis = 0, ...response } = await send(...all);
    return retryInMillis > 0 ? { ...response, retryInMillis } : response;
  };
}

/** Counts what responses reject. The Node transport hands responses over, the fetch transport does not. */
function countRejected(exporter: unknown): { take(): number } {
  let count = 0;
  const handler = (exporter as Internals)._delegate?._responseHandler;
  const handle = handler?.handleResponse.bind(handler);
  if (handler !== undefined && handle !== undefined) {
    handler.handleResponse = (response) => {
      const { partialSuccess } = Object(response) as {
        partialSuccess?: { rejectedSpans?: unknown; rejectedDataPoints?: unknown };
      };
      count += Number(partialSuccess?.rejectedSpans ?? partialSuccess?.rejectedDataPoints ?? 0) || 0;
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
