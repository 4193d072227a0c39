/**
 * A session, whose handles have their own `fetch` and `WebSocket`.
 *
 * @module
 */

import { type Fetch, wrapFetch } from "./instrument/fetch.ts";
import type { Instrumentation } from "./instrument/options.ts";
import { type WebSocketClass, wrapWebSocket } from "./instrument/websocket.ts";
import { type WebSocketStreamClass, wrapWebSocketStream } from "./instrument/websocket_stream.ts";
import type { Equip } from "./telemetry/brackets.ts";
import type { NodeHandle } from "./telemetry/node.ts";
import { startSession } from "./telemetry/start_session.ts";
import type {
  AgentTurn as TurnOfAgent,
  SessionHandle,
  SessionOptions,
  UserTurn as TurnOfUser,
} from "./telemetry/session_handle.ts";

/** What a handle's own attempts are made with. */
export interface Wrapped {
  /** `fetch`, whose attempts belong to the handle wherever it is called from. */
  readonly fetch: Fetch;
  /** `WebSocket`, whose attempts belong to the handle wherever it is made. */
  readonly WebSocket: WebSocketClass;
  /** `WebSocketStream`, likewise. Absent where the runtime has none. */
  readonly WebSocketStream: WebSocketStreamClass | undefined;
}

/** One conversation: a handle that may end in another callback than it began in. */
export type Session = SessionHandle<Wrapped> & Wrapped;

/** A turn of the agent. */
export type AgentTurn = TurnOfAgent<Wrapped>;

/** A turn of the user. */
export type UserTurn = TurnOfUser<Wrapped>;

/** A bracket around one product operation. */
export type Node = NodeHandle & Wrapped;

/** Opens a session on what is instrumented. */
export function openSession(
  instrumentation: Instrumentation,
  wrapped: Wrapped,
  options: SessionOptions,
): Session {
  checkOptions(options);
  const equip = equipper(instrumentation, wrapped);
  return equip(startSession(instrumentation.scope, options, equip));
}

/** Gives handles what they make attempts with, made when it is first asked for. */
function equipper(instrumentation: Instrumentation, wrapped: Wrapped): Equip<Wrapped> {
  return <H extends object>(handle: H) => {
    let own: Wrapped | undefined;
    const get = <Name extends keyof Wrapped>(name: Name) => ({
      get: (): Wrapped[Name] => (own ??= wrapFor(handle as never))[name],
      configurable: true,
      enumerable: true,
    });
    const properties = {
      fetch: get("fetch"),
      WebSocket: get("WebSocket"),
      WebSocketStream: get("WebSocketStream"),
    };
    return Object.defineProperties(handle, properties) as H & Wrapped;
  };

  function wrapFor({ context }: Pick<NodeHandle, "context">): Wrapped {
    const { fetch, WebSocket, WebSocketStream } = wrapped;
    const own = { ...instrumentation, scope: { ...instrumentation.scope, home: context } };
    return {
      fetch: wrapFetch(fetch, own),
      WebSocket: WebSocket && wrapWebSocket(WebSocket, own),
      WebSocketStream: WebSocketStream && wrapWebSocketStream(WebSocketStream, own),
    };
  }
}

function checkOptions({ id, name, attributes, turnDetection }: SessionOptions): void {
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
  if (turnDetection !== undefined && turnDetection !== "provider" && turnDetection !== "caller") {
    faulty('turnDetection must be "provider" or "caller"', turnDetection);
  }
}
