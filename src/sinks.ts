/**
 * What takes the facts that formats learn: of one attempt, of one turn of the user, of one connection.
 *
 * @module
 */

import type { AskedSink, ContentSink } from "./content.ts";
import type { Facts, Failure, OutputKind, RequestIdKind } from "./facts.ts";

/** What takes the facts of one attempt. Telemetry implements it with a span, a test with a list. */
export interface Sink {
  /** Notes an id that the provider knows: it made it, or it was sent it. Empty and repeated ids are ignored. */
  noteRequestId(id: string, kind?: RequestIdKind): void;
  /** Notes a piece of output. The first one of a kind gives the time to first output. */
  output(kind: OutputKind): void;
  /** Notes facts; later ones replace earlier ones. */
  note(facts: Facts): void;
  /** Notes an error that the provider reported, in an error body or inside a stream that began well. */
  fail(failure: Failure): void;
  /** So many more characters were sent to be spoken. */
  addCharacters(characters: number): void;
  /** So much more audio came or was sent, in seconds. */
  addAudio(seconds: number): void;
  /** The provider's own end signal was read: nothing that matters comes after it. Ends the attempt. */
  complete(): void;
  /** The caller asked the provider to stop. Ends the attempt, marked. */
  cancel(): void;
  /** A frame was not understood, or was larger than the bound. */
  unread(): void;
  /** So many more bytes of a frame larger than the bound were passed over. */
  passOver(bytes: number): void;
  /** Takes what was said in words. Absent where nobody wants it, which is the rule: then nothing is put together. */
  readonly content?: ContentSink | undefined;
}

/** A moment of the user's speech, as far as a provider says it. */
export interface SpeechMoment {
  /**
   * Where it is in the audio that was sent on the connection, in seconds from its beginning.
   *
   * @default the moment is now
   */
  readonly audioSeconds?: number | undefined;
}

/** A piece of text that was recognized. */
export interface Transcript {
  /** The text. Kept only where somebody wants it. */
  readonly text?: string | undefined;
  /**
   * What the text is, beside what was recognized for good before: a segment of its own, tokens that bring their blanks
   * with them, or all of the turn so far.
   *
   * @default "segment"
   */
  readonly extent?: "segment" | "tokens" | "turn" | undefined;
  /** Whether it will not change any more. */
  readonly final: boolean;
  /** How sure the provider is, 0 to 1. */
  readonly confidence?: number | undefined;
  /** The language that was heard, as the provider names it. */
  readonly language?: string | undefined;
  /** Where its first word begins in the audio that was sent, in seconds. */
  readonly startSeconds?: number | undefined;
  /** Where its last word ends in the audio that was sent, in seconds. */
  readonly endSeconds?: number | undefined;
}

/** The provider's judgement on whether the user has finished. */
export interface EndOfTurn {
  /** How probable it is that the turn is over, 0 to 1. */
  readonly probability?: number | undefined;
  /** Whether it is an early guess, that may be taken back. */
  readonly eager?: boolean | undefined;
}

/** What takes what is heard of one turn of the user. */
export interface TurnSink {
  /** Notes an id of this turn that the provider knows. Where a turn has none, those of its connection are its ids. */
  noteRequestId(id: string, kind?: RequestIdKind): void;
  /** The user began to speak. */
  speechStarted(at?: SpeechMoment): void;
  /** The user stopped speaking, perhaps only for a while. */
  speechStopped(at?: SpeechMoment): void;
  /** Text that says something was recognized. */
  transcript(transcript: Transcript): void;
  /** The provider judged whether the user has finished. */
  endOfTurn(judgement: EndOfTurn): void;
  /** The provider ends the turn: what is spoken from now on is another one. Its last transcript may still come. */
  commit(): void;
  /** Nothing more will be said about the turn. */
  settle(): void;
  /** The turn was dropped: noise, or what the caller cleared. */
  clear(): void;
}

/** Gives a socket format the sinks of the attempts on its connection. */
export interface SocketSinks {
  /** The sink of one context, segment or task: a new one, or the one that is open under that key. */
  begin(key: string): Sink;
  /** The sink that is open under that key. */
  find(key: string): Sink | undefined;
  /** All that are open, oldest first. */
  all(): readonly Sink[];
  /** Notes an id of the connection: it belongs to all attempts on it, those open and those to come. */
  noteConnectionId(id: string, kind?: RequestIdKind): void;
  /** The sink of the attempt that is the whole connection: it began with the making of the socket. */
  whole(): Sink;
  /**
   * The sink of a turn of the user. With a key, such as an item's id, the very turn that the provider means by it;
   * without one the turn that is being spoken, or, for what comes late, the one before.
   */
  turn(key?: string): TurnSink;
  /** So much more audio was sent to be heard, in seconds. */
  audioSent(seconds: number): void;
  /** The provider reported an error of the connection: all that is open on it fails, or an attempt that carries it. */
  fail(failure: Failure): void;
  /** Notes the model that is asked for on the connection, so that what is heard before a response has it, too. */
  noteModel(model: string | undefined): void;
  /** A model beside that of the connection transcribed what the user said, and used that much for it. */
  transcriptionUsed(facts: Facts): void;
  /** The provider bills the time of the connection. */
  billedByTime(): void;
  /**
   * Takes what is asked before an attempt begins. Absent where nobody wants it, which is the rule: then nothing of it
   * is looked at.
   */
  readonly asked?: AskedSink | undefined;
}
