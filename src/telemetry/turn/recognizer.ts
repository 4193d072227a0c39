/**
 * Whose work a turn is.
 *
 * @module
 */

/** Whose recognition a turn of the user was heard by; of a turn of the agent, whose model answered or spoke. */
export interface Recognizer {
  /** The provider, as `gen_ai.provider.name` has it. */
  readonly providerName: string;
  /** The model that was asked for. */
  readonly model?: string | undefined;
}
