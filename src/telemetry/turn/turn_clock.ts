/**
 * The turn clock: from times to what people wait for. Pure; times are milliseconds since the Unix epoch, figures
 * seconds. What cannot be known is absent.
 *
 * @module
 */

/**
 * How a moment of speech is known: from the caller's voice activity detection, from a signal of the provider, or from
 * the times of recognized words. In this order they are believed.
 */
export type ClockSource = "vad" | "provider" | "words";

/** A moment of speech, in milliseconds since the Unix epoch, and how it is known. */
export interface SpeechTime {
  readonly at: number;
  readonly source: ClockSource;
}

const SOURCES: readonly ClockSource[] = ["vad", "provider", "words"];

/** Times of a turn of the user. */
export interface UserTurnMarks {
  /** Speech began. */
  readonly startedAt?: number | undefined;
  /** Speech stopped, as each source has it. */
  readonly stops: Readonly<Partial<Record<ClockSource, number>>>;
  /** The first text was recognized. */
  readonly firstTranscriptAt?: number | undefined;
  /** The last text that will not change came. */
  readonly finalAt?: number | undefined;
  /** It was decided that the turn is over. */
  readonly committedAt?: number | undefined;
}

/** What the times of a turn of the user come to. */
export interface UserTurnFigures {
  /** When speech stopped, in milliseconds since the Unix epoch. */
  readonly speechEndedAt: number | undefined;
  /** How that is known. */
  readonly source: ClockSource | undefined;
  /** Start of speech → first text. */
  readonly firstTranscriptDelay: number | undefined;
  /** End of speech → last final text; 0 where that came first. */
  readonly transcriptionDelay: number | undefined;
  /** End of speech → decision; 0 where that came first. */
  readonly endOfTurnDelay: number | undefined;
}

/** The moment as the source has it that is believed most. */
export function believed(times: UserTurnMarks["stops"]): SpeechTime | undefined {
  const source = SOURCES.find((one) => times[one] !== undefined);
  return source && { at: times[source]!, source };
}

/** When speech ended, and how that is known. */
export function speechEndOf({ speechEndedAt: at, source }: UserTurnFigures): SpeechTime | undefined {
  return at === undefined || source === undefined ? undefined : { at, source };
}

/** Figures of a turn of the user. */
export function userTurnFigures(marks: UserTurnMarks): UserTurnFigures {
  const { startedAt, stops, firstTranscriptAt, finalAt, committedAt } = marks;
  // an end before the start is that of an earlier turn
  const source = SOURCES.find((one) => stops[one] !== undefined && stops[one] >= (startedAt ?? -Infinity));
  const speechEndedAt = source && stops[source];
  return {
    speechEndedAt,
    source,
    firstTranscriptDelay: between(startedAt, firstTranscriptAt),
    transcriptionDelay: between(speechEndedAt, finalAt),
    endOfTurnDelay: between(speechEndedAt, committedAt),
  };
}

/**
 * When a turn began whose first sign came at `createdAt` and which ended at `endedAt`: no later than either. A sign that
 * comes late may tell of audio that was sent after the decision.
 */
export function turnBegan(marks: UserTurnMarks, createdAt: number, endedAt: number): number {
  const { speechEndedAt = Infinity } = userTurnFigures(marks);
  return Math.min(marks.startedAt ?? Math.min(createdAt, speechEndedAt), endedAt);
}

/** Seconds from one time to another; 0 where the second came first. */
function between(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : Math.max(to - from, 0) / 1000;
}
