import type { IncomingMessage, ServerResponse } from "node:http";
import { encodeMessage, type OtlpEncoding } from "../otlp_wire/codec.ts";
import { decodeLogs, decodeMetrics, decodeTraces } from "../otlp_wire/decode.ts";
import type { Refusal } from "./receiver_body.ts";

/** What differs between traces, metrics and logs. */
export interface Signal {
  readonly path: string;
  /** The list of the receiver that its records are kept in. */
  readonly kept: "spans" | "metrics" | "logs";
  /** Name of the response's message. */
  readonly response: string;
  /** Field of the partial success that counts the rejected records. */
  readonly partial: string;
  readonly decode: (body: Uint8Array, encoding: OtlpEncoding) => readonly unknown[];
}

/** The three signals. */
export const signals: readonly Signal[] = [
  {
    path: "/v1/traces",
    kept: "spans",
    response: "ExportTraceServiceResponse",
    partial: "rejectedSpans",
    decode: decodeTraces,
  },
  {
    path: "/v1/metrics",
    kept: "metrics",
    response: "ExportMetricsServiceResponse",
    partial: "rejectedDataPoints",
    decode: decodeMetrics,
  },
  {
    path: "/v1/logs",
    kept: "logs",
    response: "ExportLogsServiceResponse",
    partial: "rejectedLogRecords",
    decode: decodeLogs,
  },
];

/** Answers the question that browsers ask before they send. */
export function allow(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("access-control-allow-methods", "POST");
  response.setHeader(
    "access-control-allow-headers",
    request.headers["access-control-request-headers"] ?? "*",
  );
  response.setHeader("access-control-max-age", "600");
  response.writeHead(204).end();
}

/** Answers with a status message. */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  encoding: OtlpEncoding,
  refusal: Refusal,
): void {
  // What is left of the body is read and thrown away: a client that is still sending would see a reset, not
  // the status.
  request.resume();
  send(
    response,
    refusal.status,
    encoding,
    encodeMessage("RpcStatus", { message: refusal.message }, encoding),
  );
}

/** Answers with a body in the encoding of the request. */
export function send(
  response: ServerResponse,
  status: number,
  encoding: OtlpEncoding,
  body: string | Uint8Array,
): void {
  if (!response.hasHeader("content-type")) {
    response.setHeader("content-type", encoding === "json" ? "application/json" : "application/x-protobuf");
  }
  response.writeHead(status).end(body);
}
