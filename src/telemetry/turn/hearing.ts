/**
 * What a connection hears: the audio that is sent on it, and the turns that the provider tells of.
 *
 * @module
 */

import type { Attributes } from "@opentelemetry/api";
import type { EndOfTurn, RequestIdKind, SpeechMoment, Transcript, TurnSink } from "../../types.ts";
import { AudioClock } from "./audio_clock.ts";
import type { Clock } from "../clock.ts";
import type { Recognizer } from "./recognizer.ts";
import type { UserTurn } from "./user_turn.ts";
import type { UserTurns } from "./user_turns.ts";

/** What the hearing of a connection is made of. */
export interface HearingOptions {
  /** Where its turns are kept: the session's, or its own. */
  readonly turns: UserTurns;
  /** Tells the time. */
  readonly clock: Clock;
  /** Whose recognition it is. */
  readonly recognizer: () => Recognizer;
  /** Ids of the connection. */
  readonly connectionIds: () => Iterable<string>;
  /** Takes what one turn on the connection came to, and when it was over. */
  readonly record: (attributes: Attributes, at: number | undefined) => void;
}

/** Turns that a provider names: this many at once can wait for their last word, the oldest is taken as over. */
const MAX_NAMED = 4;

/** The hearing of one connection. */
export class Hearing {
  readonly #options: HearingOptions;
  readonly #audio = new AudioClock();
  readonly #named = new Map<string, UserTurn>();
  /** Turns that are not recorded yet. */
  readonly #unrecorded = new Set<UserTurn>();
  /** The turn that was heard last. */
  #current: UserTurn | undefined;

  /** A hearing that has heard nothing. */
  constructor(options: HearingOptions) {
    this.#options = options;
  }

  /** Seconds of audio that were sent. */
  get sentSeconds(): number {
    return this.#audio.seconds;
  }

  /** The turn that was heard last. */
  get lastTurn(): UserTurn | undefined {
    return this.#current;
  }

  /** Whether a turn is open in which something was said, and not yet recognized for good. */
  get pending(): boolean {
    const turn = this.#current;
    return turn !== undefined && !turn.ended && turn.heard && !turn.transcribed;
  }

  /** So much more audio was sent. */
  audioSent(seconds: number): void {
    if (seconds > 0) this.#audio.sent(seconds, this.#options.clock.now());
  }

  /** The sink of a turn. */
  turn(key: string | undefined): TurnSink {
    // where the caller decides, a turn may be of many of the provider's
    const unnamed = key === undefined || this.#options.turns.detection === "caller";
    return new HeardTurn(
      (isLate) => unnamed ? this.#spoken(isLate) : this.#byName(key),
      this.#audio,
      this.#options,
      (turn) => this.#record(turn),
    );
  }

  /** The connection is gone: nothing more is heard. */
  close(): void {
    const { turns } = this.#options;
    for (const turn of [...this.#named.values(), this.#current]) if (turn?.committed) turn.settle();
    if (turns.ofConnection) turns.end();
    this.record();
  }

  /** Gives account of each turn that was heard, as far as it is known. */
  record(): void {
    for (const turn of this.#unrecorded) this.#record(turn);
  }

  /** The turn that is spoken; where a sign is of what was said already, the one before. */
  #spoken(isLate: Lateness): UserTurn {
    const { turns } = this.#options;
    // one that the caller told of may be over before anything of it is heard
    for (const last of [this.#current, turns.last]) {
      if (last !== undefined && !last.ended && (!last.committed || isLate(last))) return this.#take(last);
    }
    return this.#take(turns.spoken());
  }

  #byName(key: string): UserTurn {
    const known = this.#named.get(key);
    if (known !== undefined) return known;
    const taken = new Set(this.#named.values());
    const spoken = this.#options.turns.spoken();
    const turn = this.#take(taken.has(spoken) ? this.#options.turns.another() : spoken);
    this.#named.set(key, turn);
    if (this.#named.size > MAX_NAMED) {
      const [oldest, { committed }] = this.#named.entries().next().value!;
      if (committed) this.#named.get(oldest)!.settle();
      this.#named.delete(oldest);
    }
    return turn;
  }

  #take(turn: UserTurn): UserTurn {
    if (this.#current !== turn) {
      for (const before of this.#unrecorded) if (before.ended) this.#record(before);
      this.#current = turn;
      this.#unrecorded.add(turn);
      turn.heardBy(this.#options.recognizer, this.#options.connectionIds);
    }
    return turn;
  }

  #record(turn: UserTurn): void {
    if (this.#unrecorded.delete(turn)) this.#options.record(turn.attributes(), turn.marks.committedAt);
  }
}

/** Tells whether a sign is of a turn that is over. */
type Lateness = (before: UserTurn) => boolean;

const always: Lateness = () => true;
const never: Lateness = () => false;

/** One turn, told with moments of audio, kept with times. */
class HeardTurn implements TurnSink {
  readonly #turn: (late: Lateness) => UserTurn;
  readonly #audio: AudioClock;
  readonly #options: HearingOptions;
  readonly #over: (turn: UserTurn) => void;

  constructor(
    turn: (late: Lateness) => UserTurn,
    audio: AudioClock,
    options: HearingOptions,
    over: (turn: UserTurn) => void,
  ) {
    this.#turn = turn;
    this.#audio = audio;
    this.#options = options;
    this.#over = over;
  }

  noteRequestId(id: string, kind: RequestIdKind = "request"): void {
    this.#turn(always).noteRequestId(id, kind);
  }

  speechStarted(at?: SpeechMoment): void {
    this.#turn(never).started(this.#timeOf(at?.audioSeconds), "provider");
  }

  speechStopped(at?: SpeechMoment): void {
    this.#turn(always).stopped(this.#timeOf(at?.audioSeconds), "provider");
  }

  transcript(transcript: Transcript): void {
    const { final, startSeconds, endSeconds } = transcript;
    const start = startSeconds === undefined ? undefined : this.#audio.timeOf(startSeconds);
    const end = endSeconds === undefined ? undefined : this.#audio.timeOf(endSeconds);
    const turn = this.#turn(({ transcribed, marks: { committedAt } }) =>
      final && (end === undefined || committedAt === undefined ? !transcribed : end <= committedAt)
    );
    if (start !== undefined) turn.started(start, "words");
    if (end !== undefined) turn.stopped(end, "words");
    turn.transcript(transcript);
  }

  endOfTurn(judgement: EndOfTurn): void {
    this.#turn(always).judged(judgement, "stt");
  }

  commit(): void {
    const turn = this.#turn(always);
    if (this.#options.turns.detection === "provider") turn.commit();
  }

  settle(): void {
    const turn = this.#turn(always);
    if (!turn.committed) return; // whoever decides has not yet
    turn.settle();
    this.#over(turn);
  }

  clear(): void {
    const turn = this.#turn(always);
    turn.clear();
    this.#over(turn);
  }

  #timeOf(audioSeconds: number | undefined): number {
    const time = audioSeconds === undefined ? undefined : this.#audio.timeOf(audioSeconds);
    return time ?? this.#options.clock.now();
  }
}
