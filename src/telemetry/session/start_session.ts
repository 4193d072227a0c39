/**
 * The handle of a session.
 *
 * @module
 */

import type { AgentTurn } from "../turn/agent_turn.ts";
import { type Brackets, bracketsOf, type Equip } from "../turn/brackets.ts";
import type { Context } from "@opentelemetry/api";
import { groupOf } from "../group.ts";
import { Node } from "../turn/node.ts";
import { disposable } from "../disposable.ts";
import { Listeners } from "./listeners.ts";
import type { AttemptScope } from "../scope.ts";
import { Session, type SessionStart } from "./session.ts";
import type { EquippedAgentTurn, SessionEvents, SessionHandle } from "./session_handle.ts";
import { countersOf, type SessionCounters } from "./session_counters.ts";
import type { SuspendedSession } from "./suspended.ts";
import { handleOf } from "../turn/user_turn_handle.ts";

/** Starts a session, whose handles are equipped with what the caller has for them. */
export function startSession<E>(
  scope: AttemptScope,
  options: SessionStart,
  equip: Equip<E>,
  before?: SuspendedSession,
): SessionHandle<E> {
  const listeners = new Listeners<SessionEvents<E>>((error) => scope.onTrouble(error, "record"));
  const session = new Session(scope, options, {
    ready: () => listeners.has("turn") ? void answer() : undefined,
    measured: (event) => void listeners.tell("metrics", event),
    attempted: (record) => void listeners.tell("attempt", record),
  }, before);

  async function answer(): Promise<void> {
    const turn = session.conversation.begin();
    // whoever listens to the same socket hears the frame first, with the words that are to be answered
    await undefined;
    if (session.ended) return;
    await listeners.tell("turn", equipTurn(turn));
    turn.end();
  }

  function equipTurn(turn: AgentTurn): EquippedAgentTurn<E> {
    const brackets = bracketsOf(scope, turn.context, equip);
    return equip(disposable(Object.assign(turn, brackets), () => turn.end()));
  }

  return Object.assign(
    {
      id: session.id,
      context: session.context,
      run: <T>(fn: () => T): T => session.run(fn),
      on: listeners.on.bind(listeners) as SessionHandle<E>["on"],
      userTurn: () => equip(handleOf(session.userTurns.spoken())),
      agentTurn: (turnOptions) =>
        equipTurn(session.conversation.begin(turnOptions, operationIn(scope.activeContext(), session))),
      attempts: () => session.attempts(),
      summary: () => session.summary(),
      suspend: () => session.suspend(),
      end: (end) => session.end(end),
      // a view of telemetry replaces `end`, to send then
      [Symbol.dispose](): void {
        (this as unknown as Pick<SessionHandle<E>, "end">).end();
      },
    } satisfies Omit<SessionHandle<E>, keyof Brackets<E> | keyof SessionCounters>,
    bracketsOf(scope, session.context, equip),
    countersOf(scope.meters, session.labels),
  );
}

/** What is active, if that is bounded work right in the session which is still going on. */
function operationIn(active: Context, session: Session): Context | undefined {
  const group = groupOf(active);
  const isOperation = group instanceof Node && group.kind === "operation" && group.outer === session;
  return isOperation && !group.ended ? active : undefined;
}
