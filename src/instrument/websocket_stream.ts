/**
 * `WebSocketStream`, with sockets to known providers observed.
 *
 * @module
 */

import { type MessageObserver, tapReadable, tapWritable } from "../stream/messages.ts";
import { shield } from "../stream/shield.ts";
import { createListeners } from "../stream/socket.ts";
import { parseUrl, readHeaders } from "./call.ts";
import { watchHandshake } from "./handshake.ts";
import { type Instrumentation, type InstrumentOptions, resolveInstrumentation } from "./options.ts";
import { addToStream } from "./propagate.ts";
import { type ObservedSocket, observeSocketTo } from "./socket.ts";
import { carryOn, originalOf, outermostWrapper, standFor } from "./wrapped_class.ts";

/** The platform's `WebSocketStream` class, as far as it is the same everywhere: few type libraries have it. */
export interface WebSocketStreamClass {
  /** What its instances inherit from. */
  readonly prototype: StreamSocket;
  /** Opens a socket. */
  new (url: string, options?: StreamSocketOptions): StreamSocket;
}

/** A socket whose messages go through streams. */
export interface StreamSocket {
  /** Where it goes. */
  readonly url: string;
  /** Its streams, when it is open. */
  readonly opened: Promise<StreamSocketConnection>;
  /** How it closed. */
  readonly closed: Promise<StreamSocketClose>;
  /** Closes it. */
  close(closeInfo?: StreamSocketClose): void;
}

/** How a stream socket is opened. */
export interface StreamSocketOptions {
  /** Subprotocols, the best first. */
  protocols?: string[];
  /** Gives up the handshake. */
  signal?: AbortSignal;
  /** Headers of the handshake, where the platform lets them be set. */
  headers?: HeadersInit;
}

/** An open stream socket. */
export interface StreamSocketConnection {
  /** Messages that come. */
  readable: ReadableStream<string | Uint8Array<ArrayBuffer>>;
  /** Takes messages. */
  writable: WritableStream<string | Uint8Array>;
  /** The extensions that were agreed on. */
  extensions: string;
  /** The subprotocol that was agreed on. */
  protocol: string;
}

/** How a stream socket is closed, or was. */
export interface StreamSocketClose {
  /** The close code. */
  closeCode?: number;
  /** The reason that was given with it. */
  reason?: string;
}

/** The platform's class, where it has one: Deno with `--unstable-net`, Chromium. */
export function platformWebSocketStream(): WebSocketStreamClass | undefined {
  return Reflect.get(globalThis, "WebSocketStream");
}

/**
 * Wraps a `WebSocketStream` class, as `instrumentWebSocket()` does with `WebSocket`. A subclass; messages are the
 * same objects, read when the caller reads, and what its writer refused counts as not sent.
 *
 * @example A socket through it
 * ```ts
 * import { instrumentWebSocketStream } from "@teespan/teespan/core";
 * import { cartesia } from "@teespan/teespan/providers/cartesia";
 *
 * if ("WebSocketStream" in globalThis) {
 *   const WebSocketStream = instrumentWebSocketStream(undefined, { providers: [cartesia] });
 *   // const { readable, writable } = await new WebSocketStream("wss://api.cartesia.ai/tts/websocket?…").opened;
 *   console.log(WebSocketStream.name);
 * }
 * ```
 *
 * @param WebSocketStream what to wrap: the platform's class unless given
 * @param options how
 * @returns a class used like `WebSocketStream`
 * @throws {TypeError} when there is no class or an option has the wrong shape
 */
export function instrumentWebSocketStream(
  WebSocketStream: WebSocketStreamClass | undefined = platformWebSocketStream(),
  options: InstrumentOptions,
): WebSocketStreamClass {
  if (typeof WebSocketStream !== "function") {
    throw new TypeError(
      `Cannot instrument WebSocketStream as it must be a class: current value is ${String(WebSocketStream)}`,
    );
  }
  return wrapWebSocketStream(WebSocketStream, resolveInstrumentation(options));
}

/** Wraps a class with options that are resolved. */
export function wrapWebSocketStream(
  Wrapped: WebSocketStreamClass,
  instrumentation: Instrumentation,
): WebSocketStreamClass {
  const Original = originalOf(Wrapped);
  const { onTrouble } = instrumentation;

  class ObservedWebSocketStream extends Original {
    /** Absent for a socket to a provider that is not known. */
    readonly #observed: ObservedStream | undefined;
    readonly #opened: Promise<StreamSocketConnection> | undefined;
    #closed: Promise<StreamSocketClose> | undefined;

    constructor(...all: ConstructorParameters<WebSocketStreamClass>) {
      // before the socket is made: that is when its acquiring begins
      const socket = outermostWrapper(new.target) === ObservedWebSocketStream
        ? shield("match", onTrouble, () => observe(instrumentation, ...all))
        : undefined;
      super(...carryOn(instrumentation, all, (headers) => addToStream(all[0], all[1], headers)));
      if (socket === undefined) return;
      const observed = observeStream(this, socket, all[1]?.signal);
      this.#observed = observed;
      // At once, as the time counts. Whoever ignores it leaves a rejection unhandled, as without us.
      this.#opened = super.opened.then((connection) => {
        observed.opened();
        this.closed.catch(() => {}); // the platform marks it as handled, too, once the socket is open
        return shield("record", onTrouble, () => tapConnection(connection, observed)) ?? connection;
      }, (error) => {
        observed.broke(error);
        throw error;
      });
    }

    override get opened(): Promise<StreamSocketConnection> {
      return this.#opened ?? super.opened;
    }

    /** Only when asked for: one that nobody looks at stays as handled or unhandled as the platform made it. */
    override get closed(): Promise<StreamSocketClose> {
      const observed = this.#observed;
      if (observed === undefined) return super.closed;
      return this.#closed ??= super.closed.then((info) => {
        observed.closed(info);
        return info;
      }, (error) => {
        observed.broke(error);
        throw error;
      });
    }

    override close(...all: Parameters<StreamSocket["close"]>): void {
      if (this.#observed === undefined) super.close(...all);
      else this.#observed.closing(() => super.close(...all));
    }
  }

  return standFor(ObservedWebSocketStream, Original);
}

function observe(
  instrumentation: Instrumentation,
  address: string,
  options: StreamSocketOptions = {},
): ObservedSocket | undefined {
  const url = parseUrl(String(address));
  const headers = options.headers && readHeaders(options.headers);
  return url && observeSocketTo(instrumentation, url, { headers });
}

/** A stream socket under observation: what other sockets tell with events. */
interface ObservedStream extends MessageObserver {
  opened(): void;
  closed(info: StreamSocketClose | undefined): void;
  /** It did not open, or broke. */
  broke(error: unknown): void;
}

function observeStream(
  stream: object,
  socket: ObservedSocket,
  signal: AbortSignal | undefined,
): ObservedStream {
  const { listen, tell } = createListeners();
  socket.listen(listen);
  watchHandshake(stream, listen, socket);
  return {
    opened: () => tell({ type: "open" }),
    received: (data) => tell({ type: "message", data }),
    sent: (data) => socket.sent(data),
    closing: (close) => socket.closing(close),
    closed: (info) => tell({ type: "close", code: info?.closeCode }),
    broke(error) {
      if (signal?.aborted && signal.reason === error) socket.closing(() => {});
      tell({ type: "error", message: Object(error).message });
      tell({ type: "close", code: Object(error).closeCode });
    },
  };
}

function tapConnection(connection: StreamSocketConnection, observed: ObservedStream): StreamSocketConnection {
  const { readable, writable } = connection;
  return {
    ...connection,
    readable: tapReadable(readable, observed),
    writable: tapWritable(writable, observed),
  };
}
