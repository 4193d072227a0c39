/**
 * What the responses on a connection of a realtime model answer: what was asked, and what the user said.
 *
 * @module
 */

import type { ConnectionWords } from "../content/content_recorder.ts";
import type { AttemptScope } from "../scope.ts";
import { speechEndOf } from "../turn/turn_clock.ts";
import type { UserTurn } from "../turn/user_turn.ts";
import type { AttemptStart } from "./attempt_state.ts";

/** The answers on one connection. */
export class Answers {
  /** Takes what is asked; absent where that may not leave. */
  readonly asked: ConnectionWords | undefined;
  /** The turn whose end was answered last. */
  #answered: UserTurn | undefined;

  /** Nothing answered yet. */
  constructor({ content }: AttemptScope) {
    this.asked = content?.connection();
  }

  /** A response begins, after that turn of the user: of several responses to one only the first answers its end. */
  begin(
    last: UserTurn | undefined,
    heard: UserTurn | undefined,
  ): Pick<AttemptStart, "speechEnd" | "asked"> {
    const speechEnd = last && last !== this.#answered ? speechEndOf(last.figures) : undefined;
    if (speechEnd !== undefined) this.#answered = last;
    return { speechEnd, asked: this.asked?.take(heard) };
  }
}
