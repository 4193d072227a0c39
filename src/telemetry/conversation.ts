/**
 * Who speaks: the turns of the user and of the agent in one session.
 *
 * @module
 */

import type { Attributes, Context } from "@opentelemetry/api";
import type { Operation } from "../types.ts";
import { AgentTurn } from "./agent_turn.ts";
import type { AgentTurnKind } from "./agent_turn_handle.ts";
import type { Node } from "./node.ts";
import type { AttemptScope } from "./scope.ts";
import type { SuspendedTurn } from "./suspended.ts";
import type { UserTurn } from "./user_turn.ts";
import { type TurnDetection, UserTurns } from "./user_turns.ts";

/** Told of the decisive moments of a conversation. */
export interface ConversationListener {
  /** The user's turn is over, and nobody answers yet. */
  ready(turn: UserTurn): void;
  /** All that belongs to the end of the user's turn is known. */
  answered(turn: UserTurn, by: AgentTurn | undefined): void;
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
  #current: AgentTurn | undefined;
  #node: Node | undefined;

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
      ready: (turn) => listener.ready(turn),
      ended: (turn) => this.#isAnswered(turn) ? undefined : this.#answer(turn, undefined),
    }, { detection });
  }

  /** The turn of the agent that is under way. */
  get agentTurn(): AgentTurn | undefined {
    return this.#current?.ended ? undefined : this.#current;
  }

  /** Begins a turn of the agent. A turn of the user in which something was said is over with it. */
  begin(options: AgentTurnOptions = {}): AgentTurn {
    const speaking = this.userTurns.speaking;
    if (speaking?.transcribed && options.kind !== "say") speaking.commitNow();
    const { last } = this.userTurns;
    const asked = last?.committed && !this.#isAnswered(last) ? last : undefined;
    const { id = randomId(), kind = asked ? "reply" : "say", attributes } = options;
    const userTurn = kind === "say" ? undefined : asked;
    if (userTurn) this.#answered.add(userTurn);
    const turn = new AgentTurn(this.#scope, this.#context(), {
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
    this.#current?.end();
    this.#current = turn;
    this.#open.add(turn);
    if (this.#open.size > MAX_AGENT_TURNS) this.#open.values().next().value!.close();
    return turn;
  }

  /** Where an attempt belongs that nobody placed. */
  placeOf(operation: Operation): Context {
    if (operation === "stt") return this.userTurns.speaking?.context ?? this.#context();
    if (operation === "realtime") return this.#realtime().context;
    const node = this.#node?.takes(operation) ? this.#node : undefined;
    return this.agentTurn?.placeOf(operation) ?? node?.context ?? this.#context();
  }

  /** A node was opened outside a turn. */
  nodeOpened(node: Node): void {
    this.#node = node;
  }

  /** It ended. */
  nodeEnded(node: Node): void {
    if (this.#node === node) this.#node = undefined;
  }

  /** Ends all but the turn of the user that can go on elsewhere, and gives that. One that was answered has ended. */
  suspend(): SuspendedTurn | undefined {
    for (const turn of this.#open) turn.close();
    const { last } = this.userTurns;
    if (last !== undefined && this.#isAnswered(last)) last.settle();
    return this.userTurns.suspend();
  }

  /** Ends all. */
  end(): void {
    for (const turn of this.#open) turn.close();
    this.userTurns.end();
  }

  /** A response opens a turn, but one that goes on after tools were called. */
  #realtime(): AgentTurn {
    const current = this.agentTurn;
    if (current?.awaitsTools) return current;
    const last = this.userTurns.last;
    // whoever is answered has finished
    if (last !== undefined && !last.ended && (last.heard || last.marks.startedAt !== undefined)) {
      last.commit();
    }
    return this.begin({ kind: "realtime" });
  }

  #isAnswered(turn: UserTurn): boolean {
    return this.#answered.has(turn);
  }

  #answer(turn: UserTurn, by: AgentTurn | undefined): void {
    this.#answered.add(turn);
    if (turn.outcome === "committed") this.#listener.answered(turn, by);
  }
}

/** A random id, in LiveKit's form. */
function randomId(): string {
  return `speech_${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
}
