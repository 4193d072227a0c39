/**
 * Whose work a turn is.
 *
 * @module
 */

import type { Attempt } from "../attempt/attempt.ts";

/** Whose recognition a turn of the user was heard by; of a turn of the agent, whose model answered or spoke. */
export interface Recognizer {
  /** The provider, as `gen_ai.provider.name` has it. */
  readonly providerName: string;
  /** The model that was asked for. */
  readonly model?: string | undefined;
}

/** What a turn of the user is heard by. */
export interface Recognition {
  /** Whose it is. */
  recognizer(): Recognizer;
  /** Ids of its connection. */
  connectionIds(): Iterable<string>;
}

/** Who was asked by an attempt. */
export function askedOf(attempt: Attempt | undefined): Recognizer | undefined {
  return attempt && { providerName: attempt.start.providerName, model: attempt.requestModel };
}
