/**
 * `WebSocket`, with sockets to known providers observed.
 *
 * @module
 */

import { shield } from "../stream/shield.ts";
import { type Instrumentation, type InstrumentOptions, resolveInstrumentation } from "./options.ts";
import { type ObservedSocket, observeSocketTo } from "./socket.ts";

/** The platform's `WebSocket` class. */
export type WebSocketClass = typeof globalThis.WebSocket;

/** Wrapped classes and what they wrap, so that wrapping twice does not count twice. */
const originals = new WeakMap<WebSocketClass, WebSocketClass>();

/**
 * Wraps a `WebSocket` class: each context, segment or task that goes over a socket to a known provider leaves a span
 * with its request ids, characters, audio seconds and timing. A subclass, so `instanceof`, constants, handlers,
 * `binaryType` and constructors that take headers are the platform's own; frames are the same objects.
 *
 * @example A socket through it
 * ```ts
 * import { instrumentWebSocket } from "@teespan/teespan/core";
 *
 * const WebSocket = instrumentWebSocket();
 * // const tts = new WebSocket("wss://api.cartesia.ai/tts/websocket?…");
 * console.log(WebSocket.OPEN);
 * ```
 *
 * @param WebSocket what to wrap: the platform's class, or that of `ws`
 * @param options how
 * @returns a class used like `WebSocket`
 * @throws {TypeError} when `WebSocket` is no class or an option has the wrong shape
 */
export function instrumentWebSocket(
  WebSocket: WebSocketClass = globalThis.WebSocket,
  options: InstrumentOptions = {},
): WebSocketClass {
  if (typeof WebSocket !== "function") {
    throw new TypeError(
      `Cannot instrument WebSocket as it must be a class: current value is ${String(WebSocket)}`,
    );
  }
  return wrapWebSocket(WebSocket, resolveInstrumentation(options));
}

/** Wraps a class with options that are resolved. */
export function wrapWebSocket(Wrapped: WebSocketClass, instrumentation: Instrumentation): WebSocketClass {
  const Original = originals.get(Wrapped) ?? Wrapped;
  const { onTrouble } = instrumentation;

  class ObservedWebSocket extends Original {
    /** Absent for a socket to a provider that is not known. */
    readonly #observed: ObservedSocket | undefined;

    constructor(...all: ConstructorParameters<WebSocketClass>) {
      // before the socket is made: that is when its acquiring begins
      const observed = shield("match", onTrouble, () => observe(instrumentation, all[0]));
      super(...all);
      this.#observed = observed;
      if (observed === undefined) return;
      shield("record", onTrouble, () => {
        observed.listen(this);
        readHandshake(this, observed);
      });
    }

    override send(...all: Parameters<WebSocket["send"]>): void {
      super.send(...all);
      // only now: what the socket refused was never sent
      this.#observed?.sent(all[0]);
    }

    override close(...all: Parameters<WebSocket["close"]>): void {
      super.close(...all);
      this.#observed?.closing();
    }
  }

  originals.set(ObservedWebSocket, Original);
  return ObservedWebSocket;
}

function observe(instrumentation: Instrumentation, address: string | URL): ObservedSocket | undefined {
  const url = parseUrl(String(address));
  return url && observeSocketTo(instrumentation, url);
}

function parseUrl(url: string): URL | undefined {
  try {
    return new URL(url, globalThis.location?.href);
  } catch {
    return undefined; // not ours to report: the constructor will
  }
}

/** `ws` shows the response of the handshake, which the platform's class does not. */
function readHandshake(socket: object, observed: ObservedSocket): void {
  const { on } = socket as { on?: (type: string, listener: (response: unknown) => void) => void };
  if (typeof on !== "function") return;
  on.call(socket, "upgrade", (response) => {
    const { headers } = response as { headers?: Record<string, string | undefined> };
    observed.handshake({ get: (name) => headers?.[name.toLowerCase()] ?? null });
  });
}
