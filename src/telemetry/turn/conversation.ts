/**
 * Who speaks: the turns of the user and of the agent in one session.
 *
 * @module
 */

import type { Attributes, Context } from "@opentelemetry/api";
import type { Operation } from "../../types.ts";
import { AgentTurn } from "./agent_turn.ts";
import type { AgentTurnKind } from "./agent_turn_handle.ts";
import type { AttemptScope } from "../scope.ts";
import type { SuspendedTurn } from "../session/suspended.ts";
import type { UserTurn } from "./user_turn.ts";
import { type TurnDetection, UserTurns } from "./user_turns.ts";

/** Told of the decisive moments of a conversation. */
export interface ConversationListener {
  /** The user's turn is over, and nobody answers yet. */
  ready(turn: UserTurn): void;
  /** All that belongs to the end of the user's turn is known. */
  answered(turn: UserTurn, by: AgentTurn | undefined): void;
  /** A turn of the user that was committed ended. */
  heard(turn: UserTurn): void;
  /** A turn of the agent ended. */
  ended(turn: AgentTurn): void;
}

/** What is known of a turn of the agent. */
export interface AgentTurnOptions {
  /**
   * Its own id: `lk.speech_id`.
   *
   * @default a random one
   */
  readonly id?: string | undefined;
  /**
   * Why the agent speaks: it answers the user, or says something of its own.
   *
   * @default "reply" after a turn of the user that nobody answered, else "say"
   */
  readonly kind?: AgentTurnKind | undefined;
  /** Attributes of its span. */
  readonly attributes?: Attributes | undefined;
}

/** Turns that wait for their end at once; the oldest is ended for the newest. */
const MAX_AGENT_TURNS = 16;

/** The turns of one session. */
export class Conversation {
  /** The turns of its user. */
  readonly userTurns: UserTurns;
  readonly #scope: AttemptScope;
  readonly #context: () => Context;
  readonly #listener: ConversationListener;
  readonly #open = new Set<AgentTurn>();
  readonly #answered = new WeakSet<UserTurn>();
  /** The last turn of the user that ended, as long as nobody answers it. */
  #unanswered: UserTurn | undefined;
  #current: AgentTurn | undefined;
  #over = false;

  /** Turns below `context`. */
  constructor(
    scope: AttemptScope,
    context: () => Context,
    detection: TurnDetection | undefined,
    listener: ConversationListener,
  ) {
    this.#scope = scope;
    this.#context = context;
    this.#listener = listener;
    this.userTurns = new UserTurns(scope, context, {
      ready: (turn) => this.#isAnswered(turn) ? undefined : listener.ready(turn),
      ended: (turn) => {
        if (turn.outcome === "committed") listener.heard(turn);
        if (!this.#isAnswered(turn)) this.#leave(turn);
      },
    }, { detection });
  }

  /** The turn of the agent that is under way. */
  get agentTurn(): AgentTurn | undefined {
    return this.#current?.ended ? undefined : this.#current;
  }

  /**
   * Begins a turn of the agent. A turn of the user in which something was said is over with it. After the end it is
   * one that has ended, too.
   *
   * @param parent the context of the work in which it is begun, if that is none of the session's own
   */
  begin(options: AgentTurnOptions = {}, parent = this.#context()): AgentTurn {
    const { last } = this.userTurns;
    const isOver = last?.committed || last?.transcribed || options.kind === "realtime" && hasBegun(last);
    const asked = last && isOver && isAnswerable(last) && !this.#isAnswered(last) ? last : undefined;
    const { id = randomId(), kind = asked ? "reply" : "say", attributes } = options;
    const userTurn = kind === "say" ? undefined : asked;
    if (userTurn) {
      this.#answered.add(userTurn);
      if (this.#unanswered === userTurn) this.#unanswered = undefined;
      // whoever is answered has finished
      userTurn.commitNow();
    }
    const turn = new AgentTurn(this.#scope, parent, {
      id,
      kind,
      userTurn,
      attributes,
      answered: (by) => userTurn && this.#listener.answered(userTurn, by),
      ended: (ended) => {
        this.#open.delete(ended);
        this.#listener.ended(ended);
      },
    });
    // what was answered before is over when its last attempt is
    this.#current?.pass();
    this.#current = turn;
    this.#open.add(turn);
    if (this.#open.size > MAX_AGENT_TURNS) this.#open.values().next().value!.close();
    if (this.#over) turn.close();
    return turn;
  }

  /** Where an attempt belongs that nobody placed. */
  placeOf(operation: Operation): Context | undefined {
    if (this.#over) return undefined;
    if (operation === "stt") return this.userTurns.pending?.context;
    if (operation === "realtime") return this.#realtime().context;
    return this.agentTurn?.placeOf(operation);
  }

  /** Goes on with a turn of the user that nobody answered. */
  resume(before: SuspendedTurn): void {
    const turn = this.userTurns.resume(before);
    if (turn.ended) this.#unanswered = turn;
  }

  /** Ends all but the turn of the user that can go on elsewhere, and gives that. One that was answered has ended. */
  suspend(): SuspendedTurn | undefined {
    this.#over = true;
    for (const turn of this.#open) turn.close();
    const { last } = this.userTurns;
    const answered = last !== undefined && this.#isAnswered(last);
    if (answered) last.settle();
    const suspended = this.userTurns.suspend();
    return answered ? undefined : suspended;
  }

  /** Ends all. */
  end(): void {
    this.#over = true;
    for (const turn of this.#open) turn.close();
    this.userTurns.end();
    this.#leave(undefined);
  }

  /** A response opens a turn, but one that goes on after tools were called. */
  #realtime(): AgentTurn {
    const current = this.agentTurn;
    const last = this.userTurns.last;
    const isAsked = last !== undefined && last.committed && !this.#isAnswered(last);
    if (current?.takesResponses || current?.awaitsTools && !isAsked) return current;
    return this.begin({ kind: "realtime" });
  }

  #isAnswered(turn: UserTurn): boolean {
    return this.#answered.has(turn);
  }

  /** Keeps a turn for whoever answers it; that of the one before is all that will be known. */
  #leave(turn: UserTurn | undefined): void {
    const before = this.#unanswered;
    this.#unanswered = turn;
    if (before?.outcome === "committed") this.#listener.answered(before, undefined);
  }
}

function hasBegun(turn: UserTurn | undefined): boolean {
  return turn !== undefined && (turn.heard || turn.marks.startedAt !== undefined);
}

/** Whether a turn can be answered: none that was dropped, or ended although nobody finished it. */
function isAnswerable({ outcome }: UserTurn): boolean {
  return outcome === undefined || outcome === "committed";
}

/** A random id, in LiveKit's form. */
function randomId(): string {
  return `speech_${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
}
