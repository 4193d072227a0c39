/**
 * What records content, as the rest of telemetry sees it: nothing of how it is done is in a bundle that does not ask
 * for it.
 *
 * @module
 */

import type { Attributes } from "@opentelemetry/api";
import type { AskedSink, ContentSink, Prompt, TextPart, ToolCallPart } from "../../types.ts";

/** Gives what records content, told of trouble by way of `onTrouble`; nothing where nothing may leave. */
export type RecordContent = (onTrouble: (error: unknown) => void) => ContentRecorder | undefined;

/** Records content as far as it may leave. */
export interface ContentRecorder {
  /** The words of an attempt; on a connection with what was asked before. */
  attempt(before?: AskedBefore): AttemptWords;
  /** What is asked on a connection; nothing where that may not leave. */
  connection(): ConnectionWords | undefined;
  /** The words of all attempts of a node or a turn. */
  operation(): OperationWords;
  /** What the span of a tool says of its arguments. */
  toolArguments(value: unknown): Attributes;
  /** What the span of a tool says of what it gave. */
  toolResult(value: unknown): Attributes;
  /** What the span of a user's turn says of what was heard in it. */
  heard(text: string | undefined): Attributes;
}

/** What is asked on a connection. */
export interface ConnectionWords extends AskedSink {
  /** An attempt begins: gives what it is asked. `turn` is the one of the user that was heard last. */
  take(turn: HeardWords | undefined): AskedBefore;
}

/** What was heard of a turn of the user. */
export interface HeardWords {
  /** Whether it is over. */
  readonly committed: boolean;
  /** Its words. */
  readonly transcription: { readonly text: string | undefined };
}

/** What an attempt is asked, as far as it was known when it began. */
export interface AskedBefore extends Prompt {
  /** The turn of the user that it answers: words of it may come while it does. */
  readonly turn: HeardWords | undefined;
  /** Whether something had to be left out for want of room. */
  readonly truncated: boolean;
}

/** What was asked, as far as it may leave. */
export interface AskedContent extends Prompt {
  /** Whether something had to be left out for want of room. */
  readonly truncated: boolean;
}

/** What was answered, as far as it may leave. */
export interface AnsweredContent {
  /** The parts of each answer that was given. */
  readonly choices: readonly (readonly (TextPart | ToolCallPart)[])[];
  /** Text that was spoken. */
  readonly speech: string | undefined;
  /** Text that was recognized. */
  readonly transcript: string | undefined;
  /** Whether something had to be left out for want of room. */
  readonly truncated: boolean;
}

/** The words of an attempt. */
export interface AttemptWords extends ContentSink {
  /** What was asked. */
  readonly asked: AskedContent | undefined;
  /** What was answered; to be asked for when no more comes. */
  readonly answered: AnsweredContent;
  /** What its span says. */
  attributes(finishReasons?: readonly string[]): Attributes;
}

/** The words of all attempts of a node or a turn. */
export interface OperationWords {
  /** An attempt ended. */
  add(words: AttemptWords): void;
  /** What was asked last, as LiveKit's chat context. */
  askedAttributes(): Attributes;
  /** What came of it; of a turn also what the user was heard to say before. */
  answeredAttributes(heard?: string): Attributes;
}
