/**
 * The tap of a socket: it listens first, in the same dispatch as the caller.
 *
 * @module
 */

/** What is used of a socket. The platform's, `ws` and Workers' ends of a pair all have it. */
export interface TappableSocket {
  /** Registers a listener. */
  addEventListener(type: string, listener: (event: Event) => void): void;
}

/** What goes by. */
export interface SocketObserver {
  /** The socket is open. */
  opened(): void;
  /** A frame came: text, bytes or a `Blob`, the very object that the caller gets. */
  received(data: unknown): void;
  /** The socket closed. */
  closed(code: number): void;
}

/** Listens to a socket. To be called before anyone else can. */
export function tapSocket(socket: TappableSocket, observer: SocketObserver): void {
  socket.addEventListener("open", () => observer.opened());
  socket.addEventListener("message", (event) => observer.received((event as MessageEvent).data));
  socket.addEventListener("close", (event) => observer.closed((event as CloseEvent).code ?? 1005));
}
