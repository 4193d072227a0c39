/**
 * Where contenders send what they record: OTLP, and the envelopes of Sentry.
 *
 * @module
 */

import { decodeTraces } from "../src/otlp_wire/decode.ts";

/** What was recorded, in whatever format it came. */
export interface RecordedSpan {
  /** Its name. */
  readonly name: string;
  /** Its attributes, flat, and those of its events. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The times of its events, by name, in seconds after its start. */
  readonly eventSeconds: Readonly<Record<string, number>>;
  /** How long it took. */
  readonly durationSeconds: number;
}

/** A running collector. */
export interface Collector {
  /** Where it listens. */
  readonly url: string;
  /** Gives what came since the last time. */
  take(): RecordedSpan[];
  /** Ends it. */
  stop(): Promise<void>;
}

/** A span of Sentry in a list, as far as it is read. */
interface ListedSpan {
  readonly name: string;
  readonly attributes: Readonly<Record<string, { readonly value: unknown }>>;
  readonly start_timestamp: number;
  readonly end_timestamp: number;
}

/** One in a transaction. */
interface TransactionSpan {
  readonly description?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly start_timestamp: number;
  readonly timestamp: number;
}

/** Starts a collector in this process. */
export function startCollector(): Collector {
  let spans: RecordedSpan[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const body = await readBody(request);
    if (pathname === "/v1/traces") spans.push(...readTraces(body, request.headers));
    if (pathname.endsWith("/envelope/")) spans.push(...readEnvelope(body));
    return new Response(null, { headers: { "content-type": "application/x-protobuf" } });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    take() {
      const taken = spans;
      spans = [];
      return taken;
    },
    stop: () => server.shutdown(),
  };
}

async function readBody(request: Request): Promise<Uint8Array> {
  const compressed = request.headers.get("content-encoding") === "gzip";
  const body = compressed ? request.body?.pipeThrough(new DecompressionStream("gzip")) : request.body;
  return new Uint8Array(await new Response(body).arrayBuffer());
}

function readTraces(body: Uint8Array, headers: Headers): RecordedSpan[] {
  const encoding = headers.get("content-type")?.includes("json") ? "json" : "protobuf";
  return decodeTraces(body, encoding).map((span) => ({
    name: span.name,
    attributes: Object.assign({}, ...span.events.map(({ attributes }) => attributes), span.attributes),
    eventSeconds: Object.fromEntries(
      span.events.map((
        { name, timeUnixNano },
      ) => [name, Number(timeUnixNano - span.startTimeUnixNano) / 1e9]),
    ),
    durationSeconds: span.durationSeconds,
  }));
}

/** Lines of JSON: a header, then each item's header and the item. Spans come in lists, or in transactions. */
function readEnvelope(body: Uint8Array): RecordedSpan[] {
  const lines = new TextDecoder().decode(body).split("\n").filter((line) => line.startsWith("{"));
  return lines.flatMap((line) => {
    const item = JSON.parse(line);
    if (Array.isArray(item.items)) return item.items.map(readListedSpan);
    if (item.type !== "transaction" || item.contexts === undefined) return [];
    const root = { ...item, description: item.transaction, data: item.contexts.trace.data };
    return [root, ...item.spans ?? []].map(readTransactionSpan);
  });
}

function readListedSpan(span: ListedSpan): RecordedSpan {
  return {
    name: span.name,
    attributes: Object.fromEntries(Object.entries(span.attributes).map(([key, { value }]) => [key, value])),
    eventSeconds: {},
    durationSeconds: span.end_timestamp - span.start_timestamp,
  };
}

function readTransactionSpan(span: TransactionSpan): RecordedSpan {
  return {
    name: span.description ?? "",
    attributes: span.data ?? {},
    eventSeconds: {},
    durationSeconds: span.timestamp - span.start_timestamp,
  };
}
