import assert from "node:assert/strict";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { SimpleSpanProcessor, WebTracerProvider } from "@opentelemetry/sdk-trace-web";
import { decodeMessage, encodeMessage } from "../../src/otlp_wire/codec.ts";
import { startReceiver } from "../../src/testing/mod.ts";

Deno.test("startReceiver() decodes what the official exporter sends", async () => {
  await using receiver = await startReceiver();
  const exporter = new OTLPTraceExporter({ url: `${receiver.url}/v1/traces`, headers: { "x-key": "k" } });
  const provider = new WebTracerProvider({
    resource: resourceFromAttributes({ "service.name": "agent" }),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer("teespan", "1.0.0");
  const span = tracer.startSpan("llm_request_run", {
    kind: SpanKind.CLIENT,
    startTime: [1_700_000_000, 0],
    attributes: {
      "lk.provider_request_ids": ["req_1", "req_2"],
      "lk.retry_count": 0,
      "lk.response.ttft": 0.25,
      "gen_ai.request.stream": true,
    },
  });
  span.addEvent("first_chunk", { index: 1 }, [1_700_000_000, 250_000_000]);
  span.setStatus({ code: SpanStatusCode.ERROR, message: "rate limited" });
  span.end([1_700_000_001, 500_000_000]);
  const { traceId, spanId } = span.spanContext();

  const [received] = await receiver.waitForSpans(1);
  await provider.shutdown();
  assert.equal(received?.traceId, traceId);
  assert.equal(received?.spanId, spanId);
  assert.equal(received?.parentSpanId, undefined);
  assert.equal(received?.kind, "CLIENT");
  assert.equal(received?.startTimeUnixNano, 1_700_000_000_000_000_000n);
  assert.equal(received?.durationSeconds, 1.5);
  assert.deepEqual(received?.attributes, {
    "lk.provider_request_ids": ["req_1", "req_2"],
    "lk.retry_count": 0,
    "lk.response.ttft": 0.25,
    "gen_ai.request.stream": true,
  });
  assert.deepEqual(received?.events, [{
    name: "first_chunk",
    timeUnixNano: 1_700_000_000_250_000_000n,
    attributes: { index: 1 },
    droppedAttributesCount: 0,
  }]);
  assert.deepEqual(received?.status, { code: "ERROR", message: "rate limited" });
  assert.equal(received?.resource["service.name"], "agent");
  assert.deepEqual(received?.scope, { name: "teespan", version: "1.0.0" });

  const [request] = receiver.requests;
  assert.equal(request?.headers["x-key"], "k");
  assert.ok(request);
  const message = decodeMessage("ExportTraceServiceRequest", request.body, "protobuf");
  const again = encodeMessage("ExportTraceServiceRequest", message, "protobuf");
  assert.deepEqual(decodeMessage("ExportTraceServiceRequest", again, "protobuf"), message);
});
