/**
 * What a session offers.
 *
 * @module
 */

import type { Attributes, Context } from "@opentelemetry/api";
import type { AgentTurnHandle } from "../turn/agent_turn_handle.ts";
import type { Brackets } from "../turn/brackets.ts";
import type { AgentTurnOptions } from "../turn/conversation.ts";
import type { AttemptRecord } from "./ledger.ts";
import type { MetricsEvent } from "../usage/metrics_events.ts";
import type { TraceCarrier } from "../propagation.ts";
import type { SessionCounters } from "./session_counters.ts";
import type { SessionSummary } from "./summary.ts";
import type { UserTurnHandle } from "../turn/user_turn_handle.ts";
import type { TurnDetection } from "../turn/user_turns.ts";

/** What a session is started with. */
export interface SessionOptions {
  /** Its id: `gen_ai.conversation.id`. */
  readonly id: string;
  /**
   * The name of its span, such as `voice.session`.
   *
   * @default "agent_session"
   */
  readonly name?: string | undefined;
  /** Attributes of its span. `tenant.id` is also put on its measurements. */
  readonly attributes?: Attributes | undefined;
  /**
   * The parent of its span: a context, or the `traceparent` of whoever asked for it, whose trace it joins. What is
   * malformed there is passed over, as the specification wants.
   *
   * @default the active context
   */
  readonly parent?: Context | TraceCarrier | undefined;
  /**
   * Who decides that a turn of the user is over: the provider, by its end of utterance or of turn, or you alone, by
   * `session.userTurn().commit()`.
   *
   * @default "provider"
   */
  readonly turnDetection?: TurnDetection | undefined;
}

/** How a session ended. */
export interface SessionEnd {
  /** A short word: `success`, `error` (which marks the span), … */
  readonly outcome?: string | undefined;
  /** Why the connection went: `client`, `timeout`, … */
  readonly disconnectReason?: string | undefined;
}

/** A turn of the agent, whose own instruments are `E`. */
export type EquippedAgentTurn<E> = AgentTurnHandle & Brackets<E> & E;

/** A turn of the user, whose own instruments are `E`. */
export type EquippedUserTurn<E> = UserTurnHandle & E;

/** What a session tells of. */
export interface SessionEvents<E> {
  /**
   * The user's turn is over and its transcript is there: this turn of the agent answers it. It ends when the listener,
   * and what was begun in it, have come to their end.
   *
   * It begins in the task of the frame, commit or upload that decided, and is told of in a microtask after that: on
   * servers when all listeners of the socket have seen the frame. Browsers run microtasks between listeners, and whoever
   * reads a stream gets what it reads in a later one: there the event may come first. When the session has ended by
   * then, nobody is told.
   */
  turn: EquippedAgentTurn<E>;
  /** An attempt ended, a connection was acquired, a turn of the user ended. */
  metrics: MetricsEvent;
  /** An attempt ended. */
  attempt: AttemptRecord;
}

/** One conversation. A handle: it may end in another callback than it began in. */
export interface SessionHandle<E = unknown> extends Brackets<E>, SessionCounters, Disposable {
  /** Its id. */
  readonly id: string;
  /** The context of its span: parent of all that is made in it. */
  readonly context: Context;
  /** Runs `fn` in its context, where the runtime carries contexts. */
  run<T>(fn: () => T): T;
  /** Tells `listener` of what happens; gives what stops that. What a listener throws harms nobody. */
  on<Name extends keyof SessionEvents<E>>(
    name: Name,
    listener: (event: SessionEvents<E>[Name]) => unknown,
  ): () => void;
  /** The turn of the user that is being spoken; begins one where none is. */
  userTurn(): EquippedUserTurn<E>;
  /**
   * Begins a turn of the agent: it answers the user's last turn, or says something of its own. Begun in an operation
   * of the session, it is a part of that.
   */
  agentTurn(options?: AgentTurnOptions): EquippedAgentTurn<E>;
  /** The attempts that have ended in it, oldest first; the newest 256. */
  attempts(): readonly AttemptRecord[];
  /** What it came to so far. */
  summary(): SessionSummary;
  /**
   * Gives it up in this isolate, to be gone on with by `resumeSession()` in another: the span, what was used, the
   * figures, and a turn of the user that nobody answered yet. What else is open in it ends.
   *
   * @returns a text of less than 2 KiB: it has room in the attachment of a hibernating socket
   */
  suspend(): string;
  /**
   * Ends it, and what is open in it as abandoned. A second call does nothing but give the summary again.
   *
   * @returns what it came to
   */
  end(end?: SessionEnd): SessionSummary;
}
