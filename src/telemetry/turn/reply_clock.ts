/**
 * The clock of the agent's turn: what the user waited for, as parts without gaps. Pure; times are milliseconds since
 * the Unix epoch, figures seconds. What cannot be known is absent.
 *
 * @module
 */

/** Times of a turn of the agent, in the order in which they usually come. */
export interface ReplyMarks {
  /** The user stopped speaking. */
  readonly speechEndedAt?: number | undefined;
  /** The user's last final transcript came. */
  readonly finalAt?: number | undefined;
  /** It was decided that the user's turn is over. */
  readonly committedAt?: number | undefined;
  /** The model was asked. */
  readonly askedAt?: number | undefined;
  /** It gave its first text or tool call. */
  readonly answeredAt?: number | undefined;
  /** The first text went to be spoken. */
  readonly spokenAt?: number | undefined;
  /** The first audio came. */
  readonly audioAt?: number | undefined;
  /** The agent could be heard, as the caller says. */
  readonly audibleAt?: number | undefined;
}

/** A part of what the user waited for. */
export type ReplyPart =
  | "transcription"
  | "endOfTurn"
  | "reply"
  | "llmTtft"
  | "speechWait"
  | "ttsTtfb"
  | "playback";

/** The parts in their order, and the mark that each ends with. */
export const REPLY_PARTS: readonly (readonly [ReplyPart, keyof ReplyMarks])[] = [
  ["transcription", "finalAt"],
  ["endOfTurn", "committedAt"],
  ["reply", "askedAt"],
  ["llmTtft", "answeredAt"],
  ["speechWait", "spokenAt"],
  ["ttsTtfb", "audioAt"],
  ["playback", "audibleAt"],
];

/** What the times come to. */
export interface ReplyLatency {
  /** End of the user's speech → the agent's. */
  readonly endToEnd: number;
  /** What its end is: that the agent could be heard, or that the first audio came. */
  readonly source: "playback" | "first_audio";
  /** Its parts. They follow each other, and add up to it; one whose end is not known is in the next. */
  readonly parts: Readonly<Partial<Record<ReplyPart, number>>>;
}

/** What the user waited for; `undefined` where its beginning or its end is not known. */
export function replyLatency(marks: ReplyMarks): ReplyLatency | undefined {
  const { speechEndedAt: from, audibleAt, audioAt } = marks;
  const to = audibleAt ?? audioAt;
  if (from === undefined || to === undefined || to < from) return undefined;
  const parts: Partial<Record<ReplyPart, number>> = {};
  let before = from;
  for (const [part, mark] of REPLY_PARTS) {
    const at = marks[mark];
    if (at === undefined) continue;
    // what was early, such as speech that began before the decision, took no time
    const end = Math.min(Math.max(at, before), to);
    parts[part] = (end - before) / 1000;
    before = end;
  }
  return {
    endToEnd: (to - from) / 1000,
    source: audibleAt === undefined ? "first_audio" : "playback",
    parts,
  };
}
