/**
 * The span processor: a bounded queue that is sent when asked, and where the isolate lives on also by size and by
 * time.
 *
 * The official batch processor does not fit an edge isolate: its timer dies with the request and leaves it stuck,
 * its `forceFlush` does not wait for an export in flight, and what it drops it does not count.
 *
 * @module
 */

import { type Context, context, ROOT_CONTEXT, TraceFlags } from "@opentelemetry/api";
import { ExportResultCode, suppressTracing } from "@opentelemetry/core";
import type { ReadableSpan, Span, SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace-web";
import type { CountedResult } from "./exporter.ts";
import { InFlight, type InFlightExport, MAX_EXPORT_MS } from "./in_flight.ts";
import { unrefTimer } from "./runtime.ts";

/** How spans are queued and sent. */
export interface EdgeSpanProcessorOptions {
  /** Spans that wait at most; more are dropped and counted. */
  readonly maxQueueSize: number;
  /** Spans in one request at most. */
  readonly maxBatchSize: number;
  /** How long a span waits at most, ms; `undefined` where no timer can be relied on. */
  readonly intervalMs: number | undefined;
  /**
   * Whether a flush waits for exports that others began. Not on Workers: those belong to other requests, which may be
   * gone.
   *
   * @default true
   */
  readonly waitsForOthers?: boolean | undefined;
  /**
   * An export that takes longer was lost with its request, ms.
   *
   * @default 60 000
   */
  readonly maxExportMs?: number | undefined;
  /** Makes the exporter anew after that: the official one counts lost exports as running, and refuses at 30. */
  readonly renewExporter?: (() => SpanExporter) | undefined;
  /** Told of failed exports. */
  readonly onError: (error: unknown) => void;
}

/** Counts of what became of spans. */
export interface ExportCounts {
  /** Taken by the collector. */
  exported: number;
  /** Lost: the queue was full, the collector refused or could not be reached, or it rejected part of a batch. */
  dropped: number;
}

/** Requests on their way at once, of one flush; and of all: the exporter refuses at 30. */
const MAX_IN_FLIGHT = 8;
const MAX_ALL_IN_FLIGHT = 24;

/** How long the SDK's own `forceFlush` and `shutdown` wait. */
const FLUSH_MS = 10_000;

/** Sends spans through `exporter`. */
export class EdgeSpanProcessor implements SpanProcessor {
  /** What became of spans so far. */
  readonly counts: ExportCounts = { exported: 0, dropped: 0 };
  readonly #options: EdgeSpanProcessorOptions;
  readonly #waitsForOthers: boolean;
  readonly #inFlight: InFlight;
  #exporter: SpanExporter;
  #queue: ReadableSpan[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  /** A processor in front of `exporter`. */
  constructor(exporter: SpanExporter, options: EdgeSpanProcessorOptions) {
    this.#exporter = exporter;
    this.#options = options;
    this.#waitsForOthers = options.waitsForOthers ?? true;
    this.#inFlight = new InFlight(options.maxExportMs ?? MAX_EXPORT_MS);
  }

  /** Spans that wait or are on their way. */
  get pending(): number {
    return this.#queue.length + this.#inFlight.items;
  }

  /** Nothing to do at a span's start. */
  onStart(_span: Span, _parent: Context): void {}

  /** Queues an ended span that is sampled. */
  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
    if (this.#stopped || this.#queue.length >= this.#options.maxQueueSize) {
      this.counts.dropped++;
      return;
    }
    this.#queue.push(span);
    const { intervalMs, maxBatchSize } = this.#options;
    if (intervalMs === undefined) return;
    this.#sendWhile(maxBatchSize);
    if (this.#queue.length > 0) this.#arm(intervalMs);
  }

  /**
   * Sends all, and waits for what is on its way and for what arrives meanwhile, until `deadline` (ms from now).
   * Resolves to whether nothing is left. Never rejects.
   */
  async flush(deadline: number): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    // not by the clock: that of Workers stands still until the next I/O, so that a timer that is early by less than
    // a tick would leave this turning in microtasks for good
    let over = false;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        over = true;
        resolve();
      }, deadline);
    });
    let own: InFlightExport[] = [];
    try {
      while (!over) {
        own.push(...this.#sendWhile(1, own.length));
        // what waits for a free place waits for whoever holds one
        const all = this.#waitsForOthers || this.#queue.length > 0;
        const awaited = all ? this.#inFlight.list() : own;
        if (awaited.length === 0) break;
        await Promise.race([...awaited.map(({ ended }) => ended), timeout]);
        own = own.filter((one) => this.#inFlight.has(one));
      }
    } finally {
      clearTimeout(timer);
    }
    return this.#queue.length === 0 &&
      (this.#waitsForOthers ? this.#inFlight.size : own.length) === 0;
  }

  /** Sends all. */
  async forceFlush(): Promise<void> {
    await this.flush(FLUSH_MS);
  }

  /** Sends all and takes no more. */
  async shutdown(): Promise<void> {
    await this.flush(FLUSH_MS);
    this.#stopped = true;
    this.#disarm();
    this.counts.dropped += this.#queue.length;
    this.#queue = [];
    await this.#exporter.shutdown();
  }

  #arm(intervalMs: number): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#sendWhile(1);
      if (this.#queue.length > 0) this.#arm(intervalMs);
    }, intervalMs);
    unrefTimer(this.#timer);
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Sends batches while so many spans wait, without overrunning the exporter. Gives those that it sent. */
  #sendWhile(waiting: number, running = this.#inFlight.size): InFlightExport[] {
    this.#giveUp();
    const sent: InFlightExport[] = [];
    const limit = MAX_IN_FLIGHT - (this.#waitsForOthers ? this.#inFlight.size : running);
    while (this.#queue.length >= waiting && sent.length < limit && this.#inFlight.size < MAX_ALL_IN_FLIGHT) {
      sent.push(this.#send());
    }
    return sent;
  }

  #giveUp(): void {
    const lost = this.#inFlight.giveUp();
    if (lost === 0) return;
    this.counts.dropped += lost;
    this.#exporter = this.#options.renewExporter?.() ?? this.#exporter;
    this.#tell(new Error(`An export of ${lost} spans was lost with the request that made it`));
  }

  #send(): InFlightExport {
    const batch = this.#queue.splice(0, this.#options.maxBatchSize);
    if (this.#queue.length === 0) this.#disarm();
    return this.#inFlight.follow(
      batch.length,
      () => this.#export(batch),
      (result) => this.#count(result, batch.length),
    );
  }

  #export(batch: ReadableSpan[]): Promise<CountedResult> {
    return new Promise((resolve) => {
      try {
        // where Deno traces requests by itself, those to the collector are not to be in the agent's traces
        context.with(suppressTracing(ROOT_CONTEXT), () => this.#exporter.export(batch, resolve));
      } catch (error) {
        resolve({ code: ExportResultCode.FAILED, error: error as Error });
      }
    });
  }

  #count(result: CountedResult, spans: number): void {
    const rejected = result.code === ExportResultCode.SUCCESS ? result.rejected ?? 0 : spans;
    this.counts.exported += spans - rejected;
    this.counts.dropped += rejected;
    if (rejected === 0) return;
    this.#tell(result.error ?? new Error(`The collector rejected ${rejected} of ${spans} spans`));
  }

  #tell(error: unknown): void {
    try {
      this.#options.onError(error);
    } catch {
      // the handler is the user's
    }
  }
}
