import { Hono } from "hono";
import { encodeMessage, type OtlpEncoding, type OtlpMessage } from "../otlp_wire/codec.ts";
import { decodeLogs, decodeMetrics, decodeTraces } from "../otlp_wire/decode.ts";
import type { ReceivedSpan } from "../otlp_wire/received.ts";
import { readBody } from "./body.ts";
import type { Broadcaster } from "./broadcaster.ts";
import { guardWrites } from "./guard.ts";
import type { Store } from "./store/store.ts";

/** What the routes of OTLP need. */
export interface Ingest {
  readonly store: Store;
  readonly broadcaster: Broadcaster;
  readonly maxBodyBytes: number;
  /** Told of every request that could not be read. */
  readonly onRejected: () => void;
}

/** One signal of OTLP. */
interface Signal {
  readonly path: string;
  readonly response: string;
  /** Keeps what the body holds, and gives back the answer. */
  readonly take: (body: Uint8Array, encoding: OtlpEncoding) => OtlpMessage;
}

/** The routes that agents send to: OTLP over HTTP, in protobuf and JSON. */
export function ingestRoutes({ store, broadcaster, maxBodyBytes, onRejected }: Ingest): Hono {
  const signals: readonly Signal[] = [
    {
      path: "/v1/traces",
      response: "ExportTraceServiceResponse",
      take(body, encoding) {
        const spans = decodeTraces(body, encoding);
        const good = spans.filter(isWhole);
        if (good.length > 0) broadcaster.changed(store.addSpans(good));
        return partial("rejectedSpans", spans.length - good.length, "A span needs a trace id and a span id");
      },
    },
    {
      path: "/v1/metrics",
      response: "ExportMetricsServiceResponse",
      take(body, encoding) {
        store.addMetrics(decodeMetrics(body, encoding));
        broadcaster.metricsChanged();
        return {};
      },
    },
    {
      // Taken, or agents that send all three would complain; not kept, and the answer says so.
      path: "/v1/logs",
      response: "ExportLogsServiceResponse",
      take: (body, encoding) =>
        partial("rejectedLogRecords", decodeLogs(body, encoding).length, "The viewer keeps no logs"),
    },
  ];

  const app = new Hono();
  for (const { path, response, take } of signals) {
    app.use(path, guardWrites);
    app.post(path, async (c) => {
      const type = (c.req.header("content-type") ?? "").split(";", 1).join().trim().toLowerCase();
      const encoding: OtlpEncoding = type === "application/json" ? "json" : "protobuf";
      const refuse = (status: number, message: string): Response => {
        onRejected();
        return answer(encoding, status, encodeMessage("RpcStatus", { message }, encoding));
      };
      if (type !== "application/json" && type !== "application/x-protobuf") {
        return refuse(
          415,
          `Cannot read content type ${type || "(none)"}: want application/x-protobuf or application/json`,
        );
      }
      const body = await readBody(c.req.raw, maxBodyBytes);
      if (!(body instanceof Uint8Array)) return refuse(body.status, body.message);
      try {
        return answer(encoding, 200, encodeMessage(response, take(body, encoding), encoding));
      } catch (error) {
        return refuse(400, (error as Error).message);
      }
    });
    app.all(path, (c) => c.text("Export requests are sent by POST\n", 405, { allow: "POST, OPTIONS" }));
  }
  return app;
}

function isWhole({ traceId, spanId }: ReceivedSpan): boolean {
  return /^(?!0{32})[0-9a-f]{32}$/.test(traceId) && /^(?!0{16})[0-9a-f]{16}$/.test(spanId);
}

function partial(field: string, rejected: number, errorMessage: string): OtlpMessage {
  return rejected === 0 ? {} : { partialSuccess: { [field]: BigInt(rejected), errorMessage } };
}

function answer(encoding: OtlpEncoding, status: number, body: Uint8Array<ArrayBuffer>): Response {
  const type = encoding === "json" ? "application/json" : "application/x-protobuf";
  return new Response(body, { status, headers: { "content-type": type } });
}
