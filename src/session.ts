/**
 * A session, whose handles have instruments of their own.
 *
 * @module
 */

import type { Instrumentation } from "./instrument/options.ts";
import { equipWith, type Instruments, instrumentsOf, type Wrapped } from "./instruments.ts";
import { shield } from "./stream/shield.ts";
import type { Equip } from "./telemetry/turn/brackets.ts";
import type { NodeHandle } from "./telemetry/turn/node.ts";
import { contextFrom } from "./telemetry/propagation.ts";
import type {
  EquippedAgentTurn,
  EquippedUserTurn,
  SessionHandle,
  SessionOptions,
} from "./telemetry/session/session_handle.ts";
import { startSession } from "./telemetry/session/start_session.ts";
import { readSession } from "./telemetry/session/suspended.ts";

/** One conversation: a handle that may end in another callback than it began in. */
export type Session = SessionHandle<Instruments> & Instruments;

/** A turn of the agent. */
export type AgentTurn = EquippedAgentTurn<Instruments>;

/** A turn of the user. */
export type UserTurn = EquippedUserTurn<Instruments>;

/** A bracket around one product operation. */
export type Node = NodeHandle & Instruments;

/** Opens a session on what is instrumented. */
export function openSession(
  instrumentation: Instrumentation,
  wrapped: Wrapped,
  options: SessionOptions,
): Session {
  checkSession(options);
  const { propagator, scope } = instrumentation;
  const equip = equipper(instrumentation, wrapped);
  const parent = options.parent && contextFrom(propagator, options.parent);
  return equip(startSession(scope, { ...options, parent }, equip));
}

/**
 * Goes on with a session that was suspended. With a text that cannot be read it starts afresh, and tells why.
 *
 * @param options of the session that is started then
 * @throws {TypeError} when an option has the wrong shape, whether it is needed or not
 */
export function reopenSession(
  instrumentation: Instrumentation,
  wrapped: Wrapped,
  text: string,
  options?: Partial<SessionOptions>,
): Session {
  const fresh = optionsAfresh(options);
  const { scope, onTrouble } = instrumentation;
  const before = shield("read", onTrouble, () => readSession(text));
  if (before === undefined) return openSession(instrumentation, wrapped, fresh);
  const equip = equipper(instrumentation, wrapped);
  return equip(startSession(scope, { ...before, parent: undefined }, equip, before));
}

/**
 * The options of a session that starts where one cannot be gone on with.
 *
 * @throws {TypeError} when an option has the wrong shape: what would be wrong on a bad day is told on a good one
 */
export function optionsAfresh(options: Partial<SessionOptions> = {}): SessionOptions {
  const fresh = { ...options, id: options.id ?? crypto.randomUUID() };
  checkSession(fresh);
  return fresh;
}

function equipper(instrumentation: Instrumentation, wrapped: Wrapped): Equip<Instruments> {
  const { scope } = instrumentation;
  return (handle) =>
    equipWith(
      handle,
      () => instrumentsOf({ ...instrumentation, scope: { ...scope, home: handle.context } }, wrapped),
    );
}

/**
 * Checks the options of a session.
 *
 * @throws {TypeError} when one has the wrong shape
 */
export function checkSession({ id, name, attributes, parent, turnDetection }: SessionOptions): void {
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
  if (parent !== undefined && (typeof parent !== "object" || parent === null)) {
    faulty("parent must be a context or an object with its traceparent", parent);
  }
  if (turnDetection !== undefined && turnDetection !== "provider" && turnDetection !== "caller") {
    faulty('turnDetection must be "provider" or "caller"', turnDetection);
  }
}
