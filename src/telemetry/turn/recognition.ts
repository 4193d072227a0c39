/**
 * What the user's turns are heard by.
 *
 * @module
 */

/** Whose recognition a turn was heard by. */
export interface Recognizer {
  /** The provider, as `gen_ai.provider.name` has it. */
  readonly providerName: string;
  /** The model that was asked for. */
  readonly model?: string | undefined;
}

/** What a turn is heard by. */
export interface Recognition {
  /** Whose it is. */
  recognizer(): Recognizer;
  /** Ids of its connection. */
  connectionIds(): Iterable<string>;
}
