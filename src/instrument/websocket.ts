/**
 * `WebSocket`, with sockets to known providers observed.
 *
 * @module
 */

import { shield } from "../stream/shield.ts";
import { isSuppressed } from "../telemetry/scope.ts";
import { parseUrl, readHeaders } from "./call.ts";
import { listenBeforeHandlers } from "./handlers.ts";
import { watchHandshake } from "./handshake.ts";
import { type Instrumentation, type InstrumentOptions, resolveInstrumentation } from "./options.ts";
import { addToSocket } from "./propagate.ts";
import { type ObservedSocket, observeSocketTo } from "./socket.ts";
import { closeWatched, isOpen, markWatched, watchTerminate } from "./watched_socket.ts";
import { carryOn, originalOf, outermostWrapper, standFor } from "./wrapped_class.ts";

/** The platform's `WebSocket` class. */
export type WebSocketClass = typeof globalThis.WebSocket;

/**
 * Wraps a `WebSocket` class: each context, segment or task that goes over a socket to a known provider leaves a span
 * with its request ids, characters, audio seconds and timing. A subclass, so `instanceof`, constants, handlers,
 * `binaryType` and constructors that take headers are the platform's own; frames are the same objects.
 *
 * @example A socket through it
 * ```ts
 * import { instrumentWebSocket } from "@teespan/teespan/core";
 * import { cartesia } from "@teespan/teespan/providers/cartesia";
 *
 * const WebSocket = instrumentWebSocket(globalThis.WebSocket, { providers: [cartesia] });
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
  options: InstrumentOptions,
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
  const Original = originalOf(Wrapped);
  const { onTrouble } = instrumentation;

  class ObservedWebSocket extends Original {
    /** Absent for a socket to a provider that is not known. */
    readonly #observed: ObservedSocket | undefined;

    constructor(...all: ConstructorParameters<WebSocketClass>) {
      // before the socket is made: that is when its acquiring begins
      const observed = outermostWrapper(new.target) === ObservedWebSocket
        ? shield("match", onTrouble, () => observe(instrumentation, all))
        : undefined;
      super(...carryOn(instrumentation, all, (headers) => addToSocket(Original, all, headers) as typeof all));
      this.#observed = observed;
      if (observed === undefined) return;
      shield("record", onTrouble, () => {
        markWatched(this);
        // not `this.`: a subclass that overrides it is not made yet
        const listen = listenBeforeHandlers(this, super.addEventListener.bind(this));
        observed.listen(listen);
        watchHandshake(this, listen, observed);
        watchTerminate(this, observed);
      });
    }

    override send(...all: Parameters<WebSocket["send"]>): void {
      super.send(...all);
      // only now: what the socket refused or dropped was never sent
      if (this.#observed !== undefined && isOpen(this)) this.#observed.sent(all[0]);
    }

    override close(...all: Parameters<WebSocket["close"]>): void {
      if (this.#observed === undefined) super.close(...all);
      else closeWatched(this, this.#observed, () => super.close(...all));
    }
  }

  return standFor(ObservedWebSocket, Original);
}

function observe(
  instrumentation: Instrumentation,
  [address, ...options]: readonly unknown[],
): ObservedSocket | undefined {
  const url = parseUrl(String(address));
  if (url === undefined || isSuppressed(instrumentation.scope.activeContext())) return undefined;
  const observed = observeSocketTo(instrumentation, url, { headers: headersAmong(options) });
  if (observed === undefined) instrumentation.unrecognized("GET", url);
  return observed;
}

/** Headers stand in the second argument in Deno and Bun, in the third of `ws`. */
function headersAmong(options: readonly unknown[]): Headers | undefined {
  const headers = options.map((option) => (Object(option) as { headers?: HeadersInit }).headers).find(
    Boolean,
  );
  return headers && readHeaders(headers);
}
