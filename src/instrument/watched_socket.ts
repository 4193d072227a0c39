/**
 * Sockets whose methods are watched where they are, as somebody else makes them.
 *
 * @module
 */

import { shield, type TroubleHandler } from "../stream/shield.ts";
import type { Listen } from "../stream/socket.ts";
import { listenBeforeHandlers } from "./handlers.ts";
import { watchHandshake } from "./handshake.ts";
import type { ObservedSocket } from "./socket.ts";

/** What is used of a socket. The platform's, those of `ws` and Workers' ends of a pair all have it. */
export interface WatchableSocket {
  /** Registers a listener. */
  addEventListener(type: string, listener: (event: unknown) => void): void;
  /** 1 when open, more when closing or closed. */
  readonly readyState?: number | undefined;
}

/** Sockets under observation, so that no one counts them twice. */
const watched = new WeakSet<object>();

/** Notes that a socket is under observation. */
export function markWatched(socket: object): void {
  watched.add(socket);
}

/** Whether a socket is under observation. */
export function isWatched(socket: object): boolean {
  return watched.has(socket);
}

/** Whether what is handed to it goes out. */
export function isOpen({ readyState = 1 }: { readonly readyState?: number | undefined }): boolean {
  return readyState === 1;
}

/** Closes it with `close`. Whoever is late did not do it. */
export function closeWatched(socket: ClosableSocket, observed: ObservedSocket, close: () => void): void {
  const { readyState = 1, _closeFrameReceived: answering = false } = socket;
  if (readyState > 1 || answering) close();
  else observed.closing(close);
}

/** What tells that the other side was first. `ws` answers a close by calling its own `close`, while still open. */
interface ClosableSocket {
  readonly readyState?: number | undefined;
  readonly _closeFrameReceived?: boolean;
}

/** Observes a socket that exists. */
export function watchSocket(
  socket: WatchableSocket,
  observed: ObservedSocket,
  onTrouble: TroubleHandler,
): void {
  shield("record", onTrouble, () => {
    markWatched(socket);
    const add: Listen = socket.addEventListener.bind(socket);
    const listen = listenBeforeHandlers(socket, add);
    observed.listen((type, listener) => {
      listen(type, listener);
      keepListening(socket, type, () => listen(type, listener));
    });
    if (!isOpen(socket)) watchHandshake(socket, listen, observed);
    replaceMethod(socket, "send", (send, ...all) => {
      const result = send(...all);
      if (isOpen(socket)) observed.sent(all[0]);
      return result;
    });
    replaceMethod(socket, "close", (close, ...all) => {
      closeWatched(socket, observed, () => close(...all));
    });
    watchTerminate(socket, observed);
  });
}

/** `ws` can also hang up without a word. */
export function watchTerminate(socket: ClosableSocket, observed: ObservedSocket): void {
  replaceMethod(socket, "terminate", (terminate) => closeWatched(socket, observed, terminate));
}

/** An SDK that is done with a socket of `ws` removes all its listeners, and means those that are its own. */
function keepListening(socket: object, type: string, listenAgain: () => void): void {
  replaceMethod(socket, "removeAllListeners", (remove, ...all) => {
    const result = remove(...all);
    if (all[0] === undefined || all[0] === type) listenAgain();
    return result;
  });
}

type Method = (...all: unknown[]) => unknown;

/** Replaces a method of one object, if it has that, where enumeration does not see it. */
function replaceMethod(
  target: object,
  name: string,
  run: (original: Method, ...all: unknown[]) => unknown,
): void {
  const original: unknown = Reflect.get(target, name);
  if (typeof original !== "function") return;
  const bound = original.bind(target);
  const value = (...all: unknown[]): unknown => run(bound, ...all);
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}
