/**
 * Sockets that something else makes: an SDK, a pool, a framework.
 *
 * @module
 */

import { shield } from "../stream/shield.ts";
import type { HeaderLookup } from "../types.ts";
import { parseUrl } from "./call.ts";
import { type Instrumentation, type InstrumentOptions, resolveInstrumentation } from "./options.ts";
import { observeSocketTo } from "./socket.ts";
import { isOpen, isWatched, type WatchableSocket, watchSocket } from "./watched_socket.ts";

/** What is known of a socket that is handed over. */
export interface SocketHandover {
  /**
   * Where it goes.
   *
   * @default the socket's own `url`
   */
  readonly url?: string | URL | undefined;
  /** The headers with which its handshake was answered, if they are at hand: ids stand in them. */
  readonly headers?: HeaderLookup | undefined;
}

/**
 * Observes a socket that something else made, open or not: its frames are read from here on. What came before was
 * not seen, and how long it took to open is not known.
 *
 * @example A socket that an SDK made and shows
 * ```ts
 * import { observeSocket } from "@teespan/teespan/core";
 * import { cartesia } from "@teespan/teespan/providers/cartesia";
 *
 * const connection = { socket: new EventTarget() };
 * observeSocket(connection.socket, { url: "wss://api.cartesia.ai/tts/websocket", providers: [cartesia] });
 * ```
 *
 * @param socket the socket: the platform's, one of `ws`, an end of a pair
 * @param options where it goes, and how it is observed
 * @returns the same socket
 * @throws {TypeError} when an option has the wrong shape
 */
export function observeSocket<S extends WatchableSocket>(
  socket: S,
  options: SocketHandover & InstrumentOptions,
): S {
  return takeSocket(resolveInstrumentation(options), socket, options);
}

/** Observes a socket with options that are resolved. */
export function takeSocket<S extends WatchableSocket>(
  instrumentation: Instrumentation,
  socket: S,
  { url = (socket as { url?: string }).url, headers }: SocketHandover = {},
): S {
  const { onTrouble } = instrumentation;
  shield("match", onTrouble, () => {
    const target = parseUrl(String(url));
    const observed = target && !isWatched(socket) &&
      observeSocketTo(instrumentation, target, { handedOver: true });
    if (!observed) return;
    if (headers !== undefined) observed.answered(101, headers);
    watchSocket(socket, observed, onTrouble);
    if (isOpen(socket)) observed.opened();
  });
  return socket;
}
