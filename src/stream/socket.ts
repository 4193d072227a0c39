/**
 * The tap of a socket: it listens first, in the same dispatch as the caller.
 *
 * @module
 */

/** Registers a listener at a socket. */
export type Listen = (type: string, listener: (event: unknown) => void) => void;

/** An event that was none. */
export interface ToldEvent {
  /** Its type. */
  readonly type: string;
  /** What came. */
  readonly data?: unknown;
  /** With what it closed. */
  readonly code?: number | undefined;
  /** What went wrong. */
  readonly message?: string | undefined;
}

/** Listeners of what sends no events: it is told of them. */
export interface ToldListeners {
  /** Registers one. */
  readonly listen: Listen;
  /** Tells those of its type. */
  tell(event: ToldEvent): void;
}

/** Creates a list of listeners, with none yet. */
export function createListeners(): ToldListeners {
  const listeners: [type: string, listener: (event: unknown) => void][] = [];
  return {
    listen: (type, listener) => void listeners.push([type, listener]),
    tell(event) {
      for (const [type, listener] of listeners) if (type === event.type) listener(event);
    },
  };
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

/** The code of a connection that broke. Deno says 0 instead. */
export const ABNORMAL_CLOSURE = 1006;

/** Listens to a socket. To be called before anyone else can. */
export function tapSocket(listen: Listen, observer: SocketObserver): void {
  const tell = (event: unknown): void => {
    const { type } = event as Event;
    if (type === "message") observer.received((event as MessageEvent).data);
    else if (type === "open") observer.opened();
    else observer.closed((event as CloseEvent).code || ABNORMAL_CLOSURE);
  };
  for (const type of ["open", "message", "close"]) listen(type, tell);
}
