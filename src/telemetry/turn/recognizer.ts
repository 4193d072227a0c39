/**
 * Who hears the user.
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
