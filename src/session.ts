/**
 * A session with its own `fetch` and `WebSocket`.
 *
 * @module
 */

import { type Fetch, wrapFetch } from "./instrument/fetch.ts";
import type { Instrumentation } from "./instrument/options.ts";
import { type WebSocketClass, wrapWebSocket } from "./instrument/websocket.ts";
import { type WebSocketStreamClass, wrapWebSocketStream } from "./instrument/websocket_stream.ts";
import { groupOf } from "./telemetry/scope.ts";
import { type SessionHandle, type SessionOptions, startSession } from "./telemetry/session.ts";

/** One conversation: a handle that may end in another callback than it began in. */
export interface Session extends SessionHandle {
  /** `fetch`, whose attempts belong to this session wherever it is called from. */
  readonly fetch: Fetch;
  /** `WebSocket`, whose attempts belong to this session wherever it is made. */
  readonly WebSocket: WebSocketClass;
  /** `WebSocketStream`, likewise. Absent where the runtime has none. */
  readonly WebSocketStream: WebSocketStreamClass | undefined;
}

/** What a session's own are made of. */
export type Wrapped = Pick<Session, "fetch" | "WebSocket" | "WebSocketStream">;

/** Opens a session on what is instrumented. */
export function openSession(
  instrumentation: Instrumentation,
  { fetch, WebSocket, WebSocketStream }: Wrapped,
  options: SessionOptions,
): Session {
  checkOptions(options);
  const { scope } = instrumentation;
  const handle = startSession(scope, options);
  const group = groupOf(handle.context);
  const own: Instrumentation = {
    ...instrumentation,
    scope: {
      ...scope,
      // a span inside the session stays the parent; anything else gives way to the session
      activeContext() {
        const active = scope.activeContext();
        return groupOf(active) === group ? active : handle.context;
      },
    },
  };
  return Object.assign(handle, {
    fetch: wrapFetch(fetch, own),
    WebSocket: WebSocket && wrapWebSocket(WebSocket, own),
    WebSocketStream: WebSocketStream && wrapWebSocketStream(WebSocketStream, own),
  });
}

function checkOptions({ id, name, attributes }: SessionOptions): void {
  const faulty = (what: string, value: unknown): never => {
    throw new TypeError(`Cannot start a session as ${what}: current value is ${JSON.stringify(value)}`);
  };
  if (typeof id !== "string" || id === "") faulty("id must be a text that is not empty", id);
  if (name !== undefined && (typeof name !== "string" || name === "")) {
    faulty("name must be a text that is not empty", name);
  }
  if (attributes !== undefined && (typeof attributes !== "object" || attributes === null)) {
    faulty("attributes must be an object", attributes);
  }
}
