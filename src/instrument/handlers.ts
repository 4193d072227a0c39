/**
 * `on…` handlers where they are called before all listeners, ours too.
 *
 * @module
 */

import type { Listen } from "../stream/socket.ts";

/**
 * Has a listener run before the socket's `on…` handler of its type, too. In workerd that is a plain property, which the
 * platform reads and calls before any listener; elsewhere it takes its place among the listeners, after ours.
 *
 * @see {@link https://github.com/cloudflare/workerd/blob/main/src/workerd/api/basics.c++ | `dispatchEventImpl`}
 */
export function listenBeforeHandlers(socket: object, listen: Listen): Listen {
  if ("onmessage" in Object(Object.getPrototypeOf(socket))) return listen;
  return (type, listener) => {
    /** The event that was shown before the handler had it. */
    let shown: unknown;
    listen(type, (event) => {
      const isNew = event !== shown;
      shown = undefined;
      if (isNew) listener(event);
    });
    runBeforeHandler(socket, `on${type}`, (event) => {
      shown = event;
      listener(event);
    });
  };
}

/** Gives a plain `on…` property a getter, by which the platform gets a handler that begins with `before`. */
function runBeforeHandler(socket: object, name: string, before: (event: unknown) => void): void {
  const plain = Object.getOwnPropertyDescriptor(socket, name);
  if (plain?.get !== undefined) return;
  let handler: unknown = plain?.value;
  let enumerable = plain !== undefined;

  function get(): unknown {
    const current = handler;
    if (typeof current !== "function" || !isReadByPlatform(get)) return current;
    return (event: unknown): unknown => {
      before(event);
      return current(event);
    };
  }

  function set(value: unknown): void {
    handler = value;
    if (enumerable) return;
    // now it is listed, as the last: so is a property that is set
    enumerable = Reflect.deleteProperty(socket, name);
    define();
  }

  function define(): void {
    Reflect.defineProperty(socket, name, { get, set, enumerable, configurable: true });
  }

  define();
}

/**
 * Whether no code runs below a getter. So it is when the platform reads a handler in order to call it; whoever else
 * reads it gets what was set.
 */
function isReadByPlatform(getter: () => unknown): boolean {
  const trace: { readonly stack?: unknown } = {};
  Error.captureStackTrace?.(trace, getter);
  return trace.stack !== undefined && !String(trace.stack).includes("\n");
}
