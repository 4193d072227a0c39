/**
 * The user's turns of one session, or of one connection outside a session.
 *
 * @module
 */

import type { Context } from "@opentelemetry/api";
import type { AttemptScope } from "../scope.ts";
import type { SuspendedTurn } from "../session/suspended.ts";
import { UserTurn, type UserTurnListener } from "./user_turn.ts";

/** Who decides that a turn is over: the provider, by its end of utterance or of turn, or the caller alone. */
export type TurnDetection = "provider" | "caller";

/** How turns are kept. */
export interface UserTurnsOptions {
  /**
   * Who decides that a turn is over.
   *
   * @default "provider"
   */
  readonly detection?: TurnDetection | undefined;
  /**
   * Whether they are those of a connection, and end with it.
   *
   * @default false
   */
  readonly ofConnection?: boolean | undefined;
}

/** The turns of a connection outside a session, below `parent`. */
export function turnsOfConnection(scope: AttemptScope, parent: () => Context): UserTurns {
  return new UserTurns(scope, parent, NOBODY, { ofConnection: true });
}

const NOBODY: UserTurnListener = { ready() {}, ended() {} };

/** Stands for all that is said when nobody keeps turns any more: no span comes of it. */
const OVER: SuspendedTurn = { marks: { stops: {} }, ids: [], confidences: { count: 0, sum: 0 }, ended: true };

/** Which turn is being spoken. */
export class UserTurns implements UserTurnListener {
  readonly #scope: AttemptScope;
  readonly #parent: () => Context;
  readonly #listener: UserTurnListener;
  /** Those that are open: seldom more than one. */
  #open: readonly UserTurn[] = [];
  #last: UserTurn | undefined;
  #over: UserTurn | undefined;

  /** Who decides that a turn is over. */
  readonly detection: TurnDetection;
  /** Whether they are those of a connection, and end with it. */
  readonly ofConnection: boolean;

  /** Turns below `parent`. */
  constructor(
    scope: AttemptScope,
    parent: () => Context,
    listener: UserTurnListener,
    { detection = "provider", ofConnection = false }: UserTurnsOptions = {},
  ) {
    this.detection = detection;
    this.ofConnection = ofConnection;
    this.#scope = scope;
    this.#parent = parent;
    this.#listener = listener;
  }

  /** One of them is over and its transcript is there. */
  ready(turn: UserTurn): void {
    this.#listener.ready(turn);
  }

  /** One of them ended. */
  ended(turn: UserTurn): void {
    this.#forget(turn);
    this.#listener.ended(turn);
  }

  /** The last that began. */
  get last(): UserTurn | undefined {
    return this.#last;
  }

  /** The one that is being spoken, if one is. */
  get speaking(): UserTurn | undefined {
    const last = this.#last;
    return last === undefined || last.committed || last.ended ? undefined : last;
  }

  /** The one that is being spoken, or was, but whose transcript is still to come. */
  get pending(): UserTurn | undefined {
    const last = this.#last;
    return this.speaking ?? (last?.ended || last?.transcribed ? undefined : last);
  }

  /** The one that is being spoken: one that is open, or another. */
  spoken(): UserTurn {
    return this.speaking ?? this.another();
  }

  /** One that goes on from elsewhere. */
  resume(before: SuspendedTurn): UserTurn {
    const turn = this.#last = new UserTurn(this.#scope, this.#parent, this, before);
    if (!turn.ended) this.#open = this.#open.concat(turn);
    return turn;
  }

  /** What of the last one can go on elsewhere. It is given up here, the others end. */
  suspend(): SuspendedTurn | undefined {
    const last = this.#last;
    const suspended = last?.suspend();
    if (last !== undefined && suspended !== undefined) this.#forget(last);
    this.end();
    return suspended;
  }

  /** Another one. What was decided before has had its last word. After the end it is one that has ended, too. */
  another(): UserTurn {
    if (this.#over !== undefined) return this.#over;
    const before = this.#last;
    this.#last = new UserTurn(this.#scope, this.#parent, this);
    this.#open = this.#open.concat(this.#last);
    if (before?.committed && before.transcribed) before.settle();
    return this.#last;
  }

  /** Ends all that are open, and begins no other. */
  end(): void {
    this.#over ??= new UserTurn(this.#scope, this.#parent, this, OVER);
    for (const turn of this.#open) turn.settle();
  }

  #forget(turn: UserTurn): void {
    this.#open = this.#open.filter((other) => other !== turn);
  }
}
