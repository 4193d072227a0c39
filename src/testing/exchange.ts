import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setImmediate } from "node:timers";
import { bodyChunks } from "./emulated_body.ts";
import type { EmulatedResponse } from "./emulated_response.ts";
import { headersOf, resetConnection } from "./http_server.ts";
import type { SeenRequest } from "./seen_request.ts";

/** The header by which an emulator's `fetch` tells the host of the original URL. */
export const HOST_HEADER = "x-emulated-host";

/** A request and its answer under way. */
export interface Exchange {
  readonly seen: { -readonly [Member in keyof SeenRequest]: SeenRequest[Member] };
  /** Aborted when the answer has ended, in whatever way. */
  readonly ended: AbortSignal;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Begins to watch one exchange. */
export function openExchange(
  index: number,
  baseUrl: string,
  request: IncomingMessage,
  response: ServerResponse,
  closing: () => boolean,
): Exchange {
  const ended = new AbortController();
  const headers = headersOf(request);
  const path = request.url ?? "/";
  const seen: Exchange["seen"] = {
    index,
    method: request.method ?? "GET",
    path,
    url: baseUrl + path,
    host: headers[HOST_HEADER] ?? headers.host ?? "",
    headers,
    body: new Uint8Array(),
    receivedAt: performance.now(),
    bytesSent: 0,
    chunksSent: 0,
    outcome: "open",
    endedAt: undefined,
    ended: new Promise((resolve) => ended.signal.addEventListener("abort", () => resolve(), { once: true })),
    text: () => new TextDecoder().decode(seen.body),
    json: () => JSON.parse(seen.text()),
  };
  const end = (outcome: SeenRequest["outcome"]) => {
    if (seen.endedAt !== undefined) return;
    // A broken answer is marked at the break, and ends when its connection is gone.
    if (seen.outcome === "open") seen.outcome = outcome;
    seen.endedAt = performance.now();
    ended.abort();
  };
  response.on("finish", () => end("complete"));
  response.on("close", () => end(closing() ? "fault" : "cancelled"));
  return { seen, ended: ended.signal, request, response };
}

/** Reads the whole body of the request. */
export async function readRequest({ request, seen }: Exchange): Promise<void> {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part);
  seen.body = new Uint8Array(Buffer.concat(parts));
}

/** Gives the answer; resolves when it is complete, broken as asked for, stalled, or no longer wanted. */
export async function sendResponse(exchange: Exchange, answer: EmulatedResponse): Promise<void> {
  const { response, ended, seen } = exchange;
  const { fault, paceMs = 0, delayMs = 0 } = answer;
  if (delayMs > 0) await pause(exchange, delayMs);
  if (ended.aborted) return;
  if (fault !== undefined && "beforeHeaders" in fault) return breakOff(exchange, fault.kind);

  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    response.setHeader(name, typeof value === "string" ? value : [...value]);
  }
  if (answer.gzip) response.setHeader("content-encoding", "gzip");
  response.writeHead(answer.status ?? 200);
  response.flushHeaders();

  const chunks = bodyChunks(answer);
  const limit = fault?.afterBytes ?? Infinity;
  while (seen.bytesSent < limit) {
    const chunk = await next(exchange, chunks);
    if (chunk === undefined) break;
    // Without a turn of the event loop in between, chunks would leave together.
    if (seen.chunksSent > 0) await (paceMs > 0 ? pause(exchange, paceMs) : turn(exchange));
    if (ended.aborted) break;
    await write(exchange, chunk);
  }
  // Not awaited: a body of the caller's may be waiting for something that never comes.
  chunks.return().catch(() => {});
  if (ended.aborted) return;
  if (fault !== undefined) return breakOff(exchange, fault.kind);
  response.end();
}

async function breakOff(exchange: Exchange, kind: "reset" | "truncate" | "stall"): Promise<void> {
  const { request, seen } = exchange;
  if (kind === "stall") return;
  // A reset overtakes what the system has not delivered yet.
  if (seen.chunksSent > 0) await pause(exchange, 5);
  if (seen.endedAt !== undefined) return;
  seen.outcome = "fault";
  if (kind === "reset") resetConnection(request);
  else request.socket.end(() => request.socket.destroy());
}

/**
 * Waits for what `begin` starts or for the end of the exchange, and leaves neither timer nor listener behind.
 */
function until({ ended }: Exchange, begin: (done: () => void) => () => void): Promise<void> {
  return new Promise((resolve) => {
    if (ended.aborted) return resolve();
    const finish = () => {
      ended.removeEventListener("abort", finish);
      undo();
      resolve();
    };
    const undo = begin(finish);
    ended.addEventListener("abort", finish);
  });
}

function pause(exchange: Exchange, milliseconds: number): Promise<void> {
  return until(exchange, (done) => {
    const timer = setTimeout(done, milliseconds);
    return () => clearTimeout(timer);
  });
}

function turn(exchange: Exchange): Promise<void> {
  return until(exchange, (done) => {
    setImmediate(done);
    return () => {};
  });
}

async function next(
  exchange: Exchange,
  chunks: AsyncIterator<Uint8Array, void>,
): Promise<Uint8Array | undefined> {
  let chunk: Uint8Array | undefined;
  let failure: { readonly reason: unknown } | undefined;
  await until(exchange, (done) => {
    chunks.next().then((result) => chunk = result.value ?? undefined, (reason) => failure = { reason })
      .finally(done);
    return () => {};
  });
  if (failure !== undefined) throw failure.reason;
  return chunk;
}

/** Hands a chunk to the socket, and waits while the client does not read. */
function write(exchange: Exchange, chunk: Uint8Array): Promise<void> {
  const { response, seen } = exchange;
  seen.bytesSent += chunk.byteLength;
  seen.chunksSent++;
  if (response.write(chunk)) return Promise.resolve();
  return until(exchange, (done) => {
    response.once("drain", done);
    return () => response.removeListener("drain", done);
  });
}
