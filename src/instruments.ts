/**
 * What makes attempts: the wrapped `fetch` and sockets, and the ways for what passes neither.
 *
 * @module
 */

import { checkRequestHandler, type RequestHandler, wrapRequestHandler } from "./instrument/aws_handler.ts";
import { type Fetch, wrapFetch } from "./instrument/fetch.ts";
import { observeCall, type ObservedCall } from "./instrument/observe.ts";
import { type SocketHandover, takeSocket } from "./instrument/observe_socket.ts";
import type { Instrumentation } from "./instrument/options.ts";
import { followUpgrade } from "./instrument/upgrade.ts";
import type { WatchableSocket } from "./instrument/watched_socket.ts";
import { type WebSocketClass, wrapWebSocket } from "./instrument/websocket.ts";
import {
  platformWebSocketStream,
  type WebSocketStreamClass,
  wrapWebSocketStream,
} from "./instrument/websocket_stream.ts";
import { type HandAttempt, type HandAttemptStart, startAttempt } from "./telemetry/attempt/hand_attempt.ts";

/** What is wrapped. */
export interface Wrapped {
  /** The platform's `fetch`, or one of the caller's. */
  readonly fetch: Fetch;
  /** Likewise. */
  readonly WebSocket: WebSocketClass;
  /** Likewise. */
  readonly WebSocketStream: WebSocketStreamClass | undefined;
}

/**
 * What was given to be wrapped, over the platform's as it is now.
 *
 * @param task what cannot be done without a `fetch`
 * @throws {TypeError} when `fetch` is no function
 */
export function resolveWrapped(
  given: { readonly [Name in keyof Wrapped]?: Wrapped[Name] | undefined },
  task: string,
): Wrapped {
  const {
    fetch = globalThis.fetch,
    WebSocket = globalThis.WebSocket,
    WebSocketStream = platformWebSocketStream(),
  } = given;
  if (typeof fetch !== "function") {
    throw new TypeError(`Cannot ${task} as fetch must be a function: current value is ${String(fetch)}`);
  }
  return { fetch, WebSocket, WebSocketStream };
}

/** What makes attempts. Those of a handle belong to it, wherever they are made. */
export interface Instruments {
  /** `fetch`, with calls of known providers observed. Hand it to SDKs. */
  readonly fetch: Fetch;
  /** `WebSocket`, with sockets to known providers observed. Absent where the runtime has none. */
  readonly WebSocket: WebSocketClass;
  /** `WebSocketStream`, likewise. Absent where the runtime has none, as in Deno without `--unstable-net`. */
  readonly WebSocketStream: WebSocketStreamClass | undefined;
  /**
   * Starts an attempt by hand, for what passes neither `fetch` nor `WebSocket`: gRPC, a model on the device.
   *
   * @param start what it does, whose it is, and what else is known before
   * @returns the attempt; it ends with `end()`, `fail()` or `cancel()`
   * @throws {TypeError} when what it does or whose it is is missing
   */
  startAttempt(start: HandAttemptStart): HandAttempt;
  /**
   * Makes a call that passes no `fetch`, such as one through a platform's binding, and observes what comes back: a
   * stream, a `Response` or a plain result.
   *
   * @param call what it is
   * @param run makes it
   * @returns what `run` gives, to be read as usual
   */
  observe<T>(call: ObservedCall, run: () => T | Promise<T>): Promise<T>;
  /**
   * Observes a socket that something else made, open or not.
   *
   * @param socket the socket: the platform's, one of `ws`, an end of a pair
   * @param handover where it goes, and what is known of its handshake
   * @returns the same socket
   */
  observeSocket<S extends WatchableSocket>(socket: S, handover?: SocketHandover): S;
  /**
   * Wraps a request handler of the AWS SDK v3, with calls of known services observed.
   *
   * @param handler what to wrap, such as a `NodeHttp2Handler`
   * @returns a handler for the `requestHandler` of a client
   * @throws {TypeError} when `handler` has no `handle`
   */
  requestHandler<H extends RequestHandler>(handler: H): H;
}

/** The instruments of an instrumentation. */
export function instrumentsOf(instrumentation: Instrumentation, wrapped: Wrapped): Instruments {
  let Socket: WebSocketClass | undefined;
  let StreamSocket: WebSocketStreamClass | undefined;
  return {
    fetch: wrapFetch(wrapped.fetch, instrumentation, followUpgrade),
    // classes are dear, and most handles open no sockets
    get WebSocket() {
      return Socket ??= wrapped.WebSocket && wrapWebSocket(wrapped.WebSocket, instrumentation);
    },
    get WebSocketStream() {
      const { WebSocketStream } = wrapped;
      return StreamSocket ??= WebSocketStream && wrapWebSocketStream(WebSocketStream, instrumentation);
    },
    startAttempt: (start) => startAttempt(instrumentation.scope, start),
    observe: (call, run) => observeCall(instrumentation, call, run),
    observeSocket: (socket, handover) => takeSocket(instrumentation, socket, handover),
    requestHandler: (handler) => wrapRequestHandler(handler, instrumentation),
  };
}

const NAMES = [
  "fetch",
  "WebSocket",
  "WebSocketStream",
  "startAttempt",
  "observe",
  "observeSocket",
  "requestHandler",
] as const satisfies readonly (keyof Instruments)[];

/** Gives `target` instruments, made when they are first asked for. */
export function equipWith<H extends object>(target: H, make: () => Instruments): H & Instruments {
  let own: Instruments | undefined;
  const properties = NAMES.map((name): [string, PropertyDescriptor] => [
    name,
    { get: () => (own ??= make())[name], configurable: true, enumerable: true },
  ]);
  return Object.defineProperties(target, Object.fromEntries(properties)) as H & Instruments;
}

/** Instruments that observe nothing: what is wrapped, as it is. */
export function idleInstruments(wrapped: Wrapped, idle: Instrumentation["scope"]): Instruments {
  return {
    ...wrapped,
    startAttempt: (start) => startAttempt(idle, start),
    observe: async (_call, run) => await run(),
    observeSocket: (socket) => socket,
    requestHandler(handler) {
      checkRequestHandler(handler);
      return handler;
    },
  };
}
