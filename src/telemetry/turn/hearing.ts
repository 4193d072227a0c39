/**
 * What a connection hears: the audio that is sent on it, and the turns that the provider tells of.
 *
 * @module
 */

import type { Attributes } from "@opentelemetry/api";
import type { EndOfTurn, RequestIdKind, SpeechMoment, Transcript, TurnSink } from "../../types.ts";
import { AudioClock } from "./audio_clock.ts";
import type { Clock } from "../clock.ts";
import type { Recognition } from "./recognizer.ts";
import type { SpeechTime } from "./turn_clock.ts";
import type { UserTurn } from "./user_turn.ts";
import type { UserTurns } from "./user_turns.ts";

/** A connection on which turns are heard. */
export interface HearingConnection extends Recognition {
  /** Takes what one turn on the connection came to, and when it was over. */
  record(attributes: Attributes, at: number | undefined): void;
}

/** Turns that a provider names: this many at once can wait for their last word, the oldest is taken as over. */
const MAX_NAMED = 4;

/** The hearing of one connection. */
export class Hearing {
  readonly #turns: UserTurns;
  readonly #clock: Clock;
  readonly #connection: HearingConnection;
  readonly #audio = new AudioClock();
  /** The turns that the provider names, where it names any. */
  #named: Map<string, UserTurn> | undefined;
  /** Turns that are not recorded yet: seldom more than one. */
  #unrecorded: readonly UserTurn[] = [];
  /** The turn that was heard last. */
  #current: UserTurn | undefined;

  /** The turn of the first transcript, where nobody heard anything of it before; `null` where somebody had. */
  #first: UserTurn | null | undefined;

  /** A hearing that has heard nothing. Its turns are kept among `turns`: the session's, or its own. */
  constructor(turns: UserTurns, clock: Clock, connection: HearingConnection) {
    this.#turns = turns;
    this.#clock = clock;
    this.#connection = connection;
  }

  /** Seconds of audio that were sent. */
  get sentSeconds(): number {
    return this.#audio.seconds;
  }

  /** The turn that was heard last. */
  get lastTurn(): UserTurn | undefined {
    return this.#current;
  }

  /** When the speech began whose transcript came first. */
  get speechStart(): SpeechTime | undefined {
    return this.#first?.speechStart;
  }

  /** Whether a turn is open in which something was said, and not yet recognized for good. */
  get pending(): boolean {
    const turn = this.#current;
    return turn !== undefined && !turn.ended && turn.heard && !turn.transcribed;
  }

  /** So much more audio was sent. */
  audioSent(seconds: number): void {
    if (seconds > 0) this.#audio.sent(seconds, this.#clock.now());
  }

  /** The sink of a turn. */
  turn(key: string | undefined): TurnSink {
    // where the caller decides, a turn may be of many of the provider's
    const unnamed = key === undefined || this.#turns.detection === "caller";
    return new HeardTurn(
      (isLate) => unnamed ? this.#spoken(isLate) : this.#byName(key),
      this.#turns,
      this.#clock,
      this.#audio,
      this,
    );
  }

  /** Text of a turn is about to be noted. */
  transcribed(turn: UserTurn): void {
    if (this.#first === undefined) this.#first = turn.heard ? null : turn;
  }

  /** A turn is over: gives account of it. */
  over(turn: UserTurn): void {
    this.#record(turn);
  }

  /** The connection is gone: nothing more is heard. */
  close(): void {
    for (const turn of [...this.#named?.values() ?? [], this.#current]) if (turn?.committed) turn.settle();
    if (this.#turns.ofConnection) this.#turns.end();
    this.record();
  }

  /** Gives account of each turn that was heard, as far as it is known. */
  record(): void {
    for (const turn of this.#unrecorded) this.#record(turn);
  }

  /** The turn that is spoken; where a sign is of what was said already, the one before. */
  #spoken(isLate: Lateness): UserTurn {
    const turns = this.#turns;
    // one that the caller told of may be over before anything of it is heard
    for (const last of [this.#current, turns.last]) {
      if (last !== undefined && !last.ended && (!last.committed || isLate(last))) return this.#take(last);
    }
    return this.#take(turns.spoken());
  }

  #byName(key: string): UserTurn {
    const named = this.#named ??= new Map();
    const known = named.get(key);
    if (known !== undefined) return known;
    const taken = new Set(named.values());
    const spoken = this.#turns.spoken();
    const turn = this.#take(taken.has(spoken) ? this.#turns.another() : spoken);
    named.set(key, turn);
    if (named.size > MAX_NAMED) {
      const [oldest, before] = named.entries().next().value!;
      if (before.committed) before.settle();
      named.delete(oldest);
    }
    return turn;
  }

  #take(turn: UserTurn): UserTurn {
    if (this.#current !== turn) {
      for (const before of this.#unrecorded) if (before.ended) this.#record(before);
      this.#current = turn;
      if (!this.#unrecorded.includes(turn)) this.#unrecorded = this.#unrecorded.concat(turn);
      turn.heardBy(this.#connection);
    }
    return turn;
  }

  #record(turn: UserTurn): void {
    if (!this.#unrecorded.includes(turn)) return;
    this.#unrecorded = this.#unrecorded.filter((other) => other !== turn);
    this.#connection.record(turn.attributes(), turn.marks.committedAt);
  }
}

/** Tells whether a sign is of a turn that is over. */
type Lateness = (before: UserTurn) => boolean;

/** Told of a turn. */
interface HeardTurnListener {
  /** Text of it is about to be noted. */
  transcribed(turn: UserTurn): void;
  /** It is over. */
  over(turn: UserTurn): void;
}

const always: Lateness = () => true;
const never: Lateness = () => false;

/** One turn, told with moments of audio, kept with times. */
class HeardTurn implements TurnSink {
  readonly #turn: (late: Lateness) => UserTurn;
  readonly #turns: UserTurns;
  readonly #clock: Clock;
  readonly #audio: AudioClock;
  readonly #listener: HeardTurnListener;

  constructor(
    turn: (late: Lateness) => UserTurn,
    turns: UserTurns,
    clock: Clock,
    audio: AudioClock,
    listener: HeardTurnListener,
  ) {
    this.#turn = turn;
    this.#turns = turns;
    this.#clock = clock;
    this.#audio = audio;
    this.#listener = listener;
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
    this.#listener.transcribed(turn);
    turn.transcript(transcript);
  }

  endOfTurn(judgement: EndOfTurn): void {
    this.#turn(always).judged(judgement, "stt");
  }

  commit(): void {
    const turn = this.#turn(always);
    if (this.#turns.detection === "provider") turn.commit();
  }

  settle(): void {
    const turn = this.#turn(always);
    if (!turn.committed) return; // whoever decides has not yet
    turn.settle();
    this.#listener.over(turn);
  }

  clear(): void {
    const turn = this.#turn(always);
    turn.clear();
    this.#listener.over(turn);
  }

  #timeOf(audioSeconds: number | undefined): number {
    const time = audioSeconds === undefined ? undefined : this.#audio.timeOf(audioSeconds);
    return time ?? this.#clock.now();
  }
}
