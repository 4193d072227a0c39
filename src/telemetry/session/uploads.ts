/**
 * Speech that is uploaded to be recognized: each upload is the recognition of one turn of the user.
 *
 * @module
 */

import type { Attempt } from "../attempt/attempt.ts";
import type { EndedAttempt } from "../attempt/attempt_state.ts";
import type { UserTurn } from "../turn/user_turn.ts";
import type { UserTurns } from "../turn/user_turns.ts";

/** The uploads of one session. */
export class Uploads {
  readonly #turns = new WeakMap<Attempt["start"], UserTurn>();

  /** An attempt began: what is uploaded while the user speaks, or just after, is of that turn. */
  opened({ start }: Attempt, { pending }: UserTurns): void {
    const isUpload = start.operation === "stt" && start.method !== undefined;
    if (isUpload && pending !== undefined) this.#turns.set(start, pending);
  }

  /** An attempt ended. */
  ended({ start, state: { facts, failure, requestIds }, content }: EndedAttempt): void {
    const turn = this.#turns.get(start);
    if (turn === undefined || turn.ended) return;
    const { providerName } = start;
    turn.heardBy({
      recognizer: () => ({ providerName, model: facts.requestModel }),
      connectionIds: () => [],
    });
    for (const { id, kind } of requestIds) turn.noteRequestId(id, kind);
    const text = content?.answered.transcript;
    if (failure === undefined) turn.transcript({ text, final: true, language: facts.language });
  }
}
