/** A service that speaks HTTP/2 with streams of events in both directions, as AWS's do. */

import { once } from "node:events";
import * as http2 from "node:http2";
import type { Socket } from "node:net";
import { readEventStream } from "../../src/wire/event_stream.ts";
import { type EventContent, eventMessage } from "./event_stream.ts";

/** What the caller sent: an event's name and its payload. */
export interface SeenEvent {
  readonly type: string;
  readonly payload: Uint8Array;
}

/** One stream, from the service's side. */
export interface EmulatedStream {
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the caller sent so far, without its signatures. */
  readonly events: readonly SeenEvent[];
  /** The caller's next event; nothing when it sends no more. */
  next(): Promise<SeenEvent | undefined>;
  /** Answers. */
  respond(status: number, headers?: Record<string, string>): void;
  /** Sends a message, or bytes. */
  send(content: EventContent | Uint8Array): Promise<void>;
  /** Ends the answer. */
  end(bytes?: string | Uint8Array): void;
  /** Breaks all connections. */
  break(): void;
  /** Resolves when it is gone. */
  readonly closed: Promise<void>;
}

/** A running service. */
export interface Http2Emulator extends AsyncDisposable {
  readonly host: string;
  readonly url: string;
  readonly streams: readonly EmulatedStream[];
}

/** Starts a service. */
export async function startHttp2Emulator(
  serve: (stream: EmulatedStream) => Promise<void> | void,
): Promise<Http2Emulator> {
  const streams: EmulatedStream[] = [];
  const sessions = new Set<http2.ServerHttp2Session>();
  const sockets = new Set<Socket>();
  const server = http2.createServer();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
    session.on("error", () => {});
  });
  server.on("stream", (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => {
    const breakAll = (): void => {
      for (const socket of sockets) socket.destroy();
    };
    const opened = openStream(stream, headers, breakAll);
    streams.push(opened);
    void serve(opened);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return {
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    streams,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      const closed = new Promise((resolve) => server.close(resolve));
      await closed;
    },
  };
}

function openStream(
  stream: http2.ServerHttp2Stream,
  headers: http2.IncomingHttpHeaders,
  breakAll: () => void,
): EmulatedStream {
  const events: SeenEvent[] = [];
  let taken = 0;
  let over = false;
  let wake = (): void => {};
  const take = (messageHeaders: ReadonlyMap<string, unknown>, payload: Uint8Array): void => {
    if (messageHeaders.has(":chunk-signature")) return inner.push(payload);
    events.push({ type: String(messageHeaders.get(":event-type")), payload: payload.slice() });
    wake();
  };
  const inner = readEventStream({ onMessage: take });
  const outer = readEventStream({ onMessage: take });
  const finish = (): void => {
    over = true;
    wake();
  };
  stream.on("data", (bytes: Uint8Array) => outer.push(bytes));
  stream.on("end", finish);
  stream.on("error", finish);
  const closed = new Promise<void>((resolve) =>
    stream.on("close", () => {
      finish();
      resolve();
    })
  );
  return {
    path: String(headers[":path"]),
    headers: headers as Record<string, string>,
    events,
    closed,
    async next() {
      while (taken === events.length && !over) await new Promise<void>((resolve) => void (wake = resolve));
      return events[taken++];
    },
    respond(status, answered = {}) {
      stream.respond({
        ":status": status,
        "content-type": "application/vnd.amazon.eventstream",
        ...answered,
      });
    },
    async send(content) {
      if (stream.destroyed) return;
      stream.write(content instanceof Uint8Array ? content : eventMessage(content));
      await new Promise((resolve) => setTimeout(resolve, 2)); // pieces arrive one by one
    },
    end: (bytes = "") => void stream.end(bytes),
    break: breakAll,
  };
}
