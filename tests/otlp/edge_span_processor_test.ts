import assert from "node:assert/strict";
import { trace, TraceFlags } from "@opentelemetry/api";
import { ExportResultCode } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-web";
import { EdgeSpanProcessor, type EdgeSpanProcessorOptions } from "../../src/otlp/edge_span_processor.ts";
import { failLater } from "../support/memory_exporter.ts";

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function span(traceFlags = TraceFlags.SAMPLED): ReadableSpan {
  const spanContext = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags };
  return { ...trace.wrapSpanContext(spanContext), spanContext: () => spanContext } as unknown as ReadableSpan;
}

/** An exporter that takes `ms` for each batch and logs it. */
function slowExporter(
  ms: number,
  code = ExportResultCode.SUCCESS,
): SpanExporter & { readonly batches: number[] } {
  const batches: number[] = [];
  return {
    batches,
    export: (spans, done) =>
      void setTimeout(() => {
        batches.push(spans.length);
        done({ code });
      }, ms),
    shutdown: () => Promise.resolve(),
  };
}

function create(exporter: SpanExporter, options: Partial<EdgeSpanProcessorOptions> = {}): EdgeSpanProcessor {
  return new EdgeSpanProcessor(exporter, {
    maxQueueSize: 100,
    maxBatchSize: 10,
    intervalMs: undefined,
    onError: failLater,
    ...options,
  });
}

Deno.test("EdgeSpanProcessor sends nothing until asked where no timer can be relied on", async () => {
  const exporter = slowExporter(0);
  const processor = create(exporter);
  for (let i = 0; i < 25; i++) processor.onEnd(span());
  await later(10);
  assert.deepEqual(exporter.batches, []);
  assert.equal(await processor.flush(1000), true);
  assert.deepEqual(exporter.batches, [10, 10, 5]);
  assert.deepEqual(processor.counts, { exported: 25, dropped: 0 });
});

Deno.test("EdgeSpanProcessor.flush() waits for exports on their way, and for what arrives meanwhile", async () => {
  const exporter = slowExporter(20);
  const processor = create(exporter);
  processor.onEnd(span());
  const first = processor.flush(1000);
  processor.onEnd(span());
  setTimeout(() => processor.onEnd(span()), 5);
  await Promise.all([first, processor.flush(1000)]);
  assert.deepEqual(exporter.batches, [1, 1, 1]);
  assert.equal(processor.pending, 0);
});

Deno.test("EdgeSpanProcessor.flush() gives up at its deadline and says so", async () => {
  const exporter = slowExporter(60);
  const processor = create(exporter);
  processor.onEnd(span());
  const begun = performance.now();
  assert.equal(await processor.flush(10), false);
  assert.ok(performance.now() - begun < 50);
  assert.equal(processor.pending, 1);
  assert.equal(await processor.flush(1000), true);
});

Deno.test("EdgeSpanProcessor counts what its queue has no room for", async () => {
  const processor = create(slowExporter(0), { maxQueueSize: 3 });
  for (let i = 0; i < 10; i++) processor.onEnd(span());
  await processor.flush(1000);
  assert.deepEqual(processor.counts, { exported: 3, dropped: 7 });
});

Deno.test("EdgeSpanProcessor counts what an exporter fails on or throws over, and tells", async () => {
  const told: unknown[] = [];
  const error = new Error("down");
  const failing = create({
    export: (_, done) => done({ code: ExportResultCode.FAILED, error }),
    shutdown: () => Promise.resolve(),
  }, { onError: (error) => void told.push(error) });
  const throwing = create({
    export() {
      throw error;
    },
    shutdown: () => Promise.resolve(),
  }, {
    onError(error) {
      told.push(error);
      throw error;
    },
  });
  for (const processor of [failing, throwing]) {
    processor.onEnd(span());
    assert.equal(await processor.flush(1000), true);
    assert.deepEqual(processor.counts, { exported: 0, dropped: 1 });
  }
  assert.deepEqual(told, [error, error]);
});

Deno.test("EdgeSpanProcessor sends by size and by time where isolates live on", async () => {
  const exporter = slowExporter(0);
  const processor = create(exporter, { intervalMs: 20 });
  for (let i = 0; i < 23; i++) processor.onEnd(span());
  await later(5);
  assert.deepEqual(exporter.batches, [10, 10]);
  await later(40);
  assert.deepEqual(exporter.batches, [10, 10, 3]);
  await processor.shutdown();
});

Deno.test("EdgeSpanProcessor does not overrun its exporter with a burst", async () => {
  let inFlight = 0;
  let most = 0;
  const processor = create({
    export: (_, done) => {
      most = Math.max(most, ++inFlight);
      setTimeout(() => {
        inFlight--;
        done({ code: ExportResultCode.SUCCESS });
      }, 1);
    },
    shutdown: () => Promise.resolve(),
  }, { maxQueueSize: 10_000, intervalMs: 1000 });
  for (let i = 0; i < 10_000; i++) processor.onEnd(span());
  assert.equal(await processor.flush(20_000), true);
  assert.deepEqual(processor.counts, { exported: 10_000, dropped: 0 });
  assert.ok(most <= 8, `${most} at once`);
});

Deno.test("EdgeSpanProcessor leaves out spans that are not sampled", async () => {
  const exporter = slowExporter(0);
  const processor = create(exporter);
  processor.onEnd(span(TraceFlags.NONE));
  await processor.flush(1000);
  assert.deepEqual(exporter.batches, []);
});

Deno.test("EdgeSpanProcessor takes nothing after shutdown", async () => {
  const exporter = slowExporter(0);
  const processor = create(exporter);
  processor.onEnd(span());
  await processor.shutdown();
  processor.onEnd(span());
  await processor.flush(10);
  assert.deepEqual(processor.counts, { exported: 1, dropped: 1 });
});

Deno.test("EdgeSpanProcessor.flush() waits for its own exports alone where others' may be gone", async () => {
  const endings: (() => void)[] = [];
  const exporter: SpanExporter = {
    export: (_spans, done) => void endings.push(() => done({ code: ExportResultCode.SUCCESS })),
    shutdown: () => Promise.resolve(),
  };
  const processor = create(exporter, { waitsForOthers: false, maxBatchSize: 1 });
  for (let lost = 0; lost < 20; lost++) {
    processor.onEnd(span());
    void processor.flush(5);
  }
  processor.onEnd(span());
  const flushed = processor.flush(1000);
  assert.equal(endings.length, 21);
  endings[20]!();
  assert.equal(await flushed, true);
  assert.equal(processor.pending, 20);
  for (const end of endings) end();
  await later(10);
  assert.deepEqual(processor.counts, { exported: 21, dropped: 0 });
});

Deno.test("EdgeSpanProcessor gives up exports that never end, and goes on with a new exporter", async () => {
  const lost: SpanExporter = { export() {}, shutdown: () => Promise.resolve() };
  const next = slowExporter(0);
  const told: unknown[] = [];
  const processor = create(lost, {
    waitsForOthers: false,
    maxBatchSize: 1,
    maxExportMs: 20,
    renewExporter: () => next,
    onError: (error) => void told.push(error),
  });
  for (let flushes = 0; flushes < 30; flushes++) {
    processor.onEnd(span());
    void processor.flush(5);
  }
  assert.equal(processor.pending, 30);
  await later(30);
  assert.equal(await processor.flush(1000), true);
  assert.deepEqual(processor.counts, { exported: 6, dropped: 24 });
  assert.match(String(told[0]), /lost with the request/);
});
