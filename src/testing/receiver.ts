import { headersOf, type ListenOptions, resetConnection, startHttpServer } from "./http_server.ts";
import { encodeMessage, type OtlpEncoding } from "../otlp_wire/codec.ts";
import type { ReceivedLog, ReceivedMetric, ReceivedSpan } from "../otlp_wire/received.ts";
import { allow, refuse, send, signals } from "./receiver_answer.ts";
import type { ReceiverBehavior } from "./receiver_behavior.ts";
import { readBody } from "./receiver_body.ts";
import { createWaits, type WaitOptions } from "./receiver_wait.ts";

/** One export request as it came. */
export interface ReceivedRequest {
  /** Path of the request, such as `/v1/traces`. */
  readonly path: string;
  /** Media type without parameters: `application/x-protobuf` or `application/json`. */
  readonly contentType: string;
  /** Content encoding, `identity` when there was none. */
  readonly contentEncoding: string;
  /** Size of the decompressed body in bytes. */
  readonly bytes: number;
  /** Headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The decompressed body. */
  readonly body: Uint8Array;
  /** How many spans it held, kept or not. */
  readonly spans: number;
  /** Status it was answered with; `undefined` when it was left hanging or its connection was reset. */
  readonly status: number | undefined;
}

/** A running OTLP receiver. */
export interface Receiver extends AsyncDisposable {
  /**
   * Base URL without a path, such as `http://127.0.0.1:4321`: the value for `OTEL_EXPORTER_OTLP_ENDPOINT`.
   */
  readonly url: string;
  /** All spans kept so far, in the order of arrival. */
  readonly spans: readonly ReceivedSpan[];
  /** All metrics kept so far, in the order of arrival. */
  readonly metrics: readonly ReceivedMetric[];
  /** All log records kept so far, in the order of arrival. */
  readonly logs: readonly ReceivedLog[];
  /** All requests that could be decoded, refused ones included. */
  readonly requests: readonly ReceivedRequest[];
  /** How many export requests had a body that could not be decoded. */
  readonly rejected: number;
  /**
   * Waits until enough spans are there.
   *
   * @param wanted how many spans, or a test of all the spans so far
   * @param options `timeoutMs`: how long to wait at most, in milliseconds; 5000 unless given
   * @returns all spans so far
   * @throws {Error} when the time is over or the receiver is closed, saying what arrived
   */
  waitForSpans(
    wanted: number | ((spans: readonly ReceivedSpan[]) => boolean),
    options?: WaitOptions,
  ): Promise<readonly ReceivedSpan[]>;
  /** Sets how the next export requests are answered; `undefined` returns to normal. */
  behave(behavior: ReceiverBehavior | undefined): void;
  /** Forgets everything received, and the count of rejected requests. */
  clear(): void;
  /** Stops the receiver and breaks what hangs; a second call is harmless. */
  close(): Promise<void>;
}

/**
 * Starts an OTLP receiver over HTTP, protobuf and JSON, for traces, metrics and logs.
 *
 * @example Wait for a span
 * ```ts
 * import { startReceiver } from "@teespan/teespan/testing";
 *
 * const receiver = await startReceiver();
 * await fetch(`${receiver.url}/v1/traces`, {
 *   method: "POST",
 *   headers: { "content-type": "application/json" },
 *   body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ name: "llm_request_run" }] }] }] }),
 * }).then((response) => response.body?.cancel());
 * const [span] = await receiver.waitForSpans(1);
 * console.log(span?.name);
 * await receiver.close();
 * ```
 *
 * @param options where to listen; any free port of the loopback address unless given
 * @returns the receiver, listening
 * @throws {RangeError} when the port is out of bounds
 * @throws {TypeError} when the hostname is empty
 */
export async function startReceiver(options: ListenOptions = {}): Promise<Receiver> {
  const spans: ReceivedSpan[] = [];
  const metrics: ReceivedMetric[] = [];
  const logs: ReceivedLog[] = [];
  const requests: ReceivedRequest[] = [];
  const kept: Readonly<Record<string, unknown[]>> = { spans, metrics, logs };
  const timers = new Set<() => void>();
  const waits = createWaits(() => ({ spans, requests: requests.length, rejected }));
  let rejected = 0;
  let behavior: ReceiverBehavior | undefined;
  let left = Infinity;

  const pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        timers.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, milliseconds);
      timers.add(finish);
    });

  const server = await startHttpServer("the receiver", options, async (request, response) => {
    response.setHeader("access-control-allow-origin", "*");
    const { pathname } = new URL(request.url ?? "/", "http://receiver");
    const signal = signals.find((row) => row.path === pathname);
    const contentType = (request.headers["content-type"] ?? "").split(";", 1).join().trim().toLowerCase();
    const encoding: OtlpEncoding = contentType === "application/json" ? "json" : "protobuf";
    if (signal === undefined) {
      return refuse(request, response, encoding, { status: 404, message: "Unknown path" });
    }
    if (request.method === "OPTIONS") return allow(request, response);
    if (request.method !== "POST") {
      response.setHeader("allow", "POST, OPTIONS");
      return refuse(request, response, encoding, {
        status: 405,
        message: "Export requests are sent by POST",
      });
    }
    if (contentType !== "application/json" && contentType !== "application/x-protobuf") {
      return refuse(request, response, encoding, {
        status: 415,
        message: `Cannot read content type ${contentType}`,
      });
    }
    const body = await readBody(request);
    if (!(body instanceof Uint8Array)) {
      if (body.status === 400) rejected++;
      return refuse(request, response, encoding, body);
    }
    let records: readonly unknown[];
    try {
      records = signal.decode(body, encoding);
    } catch (error) {
      rejected++;
      return refuse(request, response, encoding, { status: 400, message: (error as Error).message });
    }
    const how = left > 0 ? behavior ?? {} : {};
    left--;
    const { status = 200, partialSuccess } = how;
    const silent = how.hang === true || how.reset === true;
    requests.push({
      path: pathname,
      contentType,
      contentEncoding: request.headers["content-encoding"] ?? "identity",
      bytes: body.byteLength,
      headers: headersOf(request),
      body,
      spans: signal.kept === "spans" ? records.length : 0,
      status: silent ? undefined : status,
    });
    if (how.delayMs !== undefined) await pause(how.delayMs);
    if (how.reset) return resetConnection(request);
    if (silent) return;
    const ok = status >= 200 && status < 300;
    const rejectedSpans = Math.min(partialSuccess?.rejectedSpans ?? 0, records.length);
    if (ok) {
      for (const record of records.slice(0, records.length - rejectedSpans)) kept[signal.kept]?.push(record);
      waits.check();
    }
    for (const [name, value] of Object.entries(how.headers ?? {})) response.setHeader(name, value);
    if (!ok && how.body === undefined) {
      return refuse(request, response, encoding, { status, message: "Refused by the receiver's behavior" });
    }
    const partial = partialSuccess && {
      partialSuccess: {
        [signal.partial]: BigInt(rejectedSpans),
        errorMessage: partialSuccess.errorMessage ?? "",
      },
    };
    send(response, status, encoding, how.body ?? encodeMessage(signal.response, partial ?? {}, encoding));
  });

  const close = async (): Promise<void> => {
    waits.close();
    for (const finish of timers) finish();
    await server.close();
  };
  return {
    url: server.url,
    spans,
    metrics,
    logs,
    requests,
    get rejected() {
      return rejected;
    },
    waitForSpans: waits.wait,
    behave: (next) => {
      behavior = next;
      left = next?.times ?? Infinity;
    },
    clear: () => {
      for (const list of [spans, metrics, logs, requests]) list.length = 0;
      rejected = 0;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
