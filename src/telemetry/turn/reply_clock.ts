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
  /** What it had tools do before anything was spoken, round by round. */
  readonly rounds?: readonly ToolRound[] | undefined;
  /** The first text went to be spoken. */
  readonly spokenAt?: number | undefined;
  /** The first audio came. */
  readonly audioAt?: number | undefined;
  /** The agent could be heard, as the caller says. */
  readonly audibleAt?: number | undefined;
}

/** Times of one round of tools: what the model called ran, and the model was asked again. */
export interface ToolRound {
  /** The first of its tools began. */
  readonly ranAt?: number | undefined;
  /** The model was asked again. */
  readonly askedAt?: number | undefined;
  /** It gave its first text or tool call. */
  readonly answeredAt?: number | undefined;
}

/** A part of what the user waited for. */
export type ReplyPart =
  | "transcription"
  | "endOfTurn"
  | "reply"
  | "llmTtft"
  | "toolCall"
  | "tools"
  | "llmFollowUp"
  | "speechWait"
  | "ttsTtfb"
  | "playback";

/** The parts in their order; those of tools come once in each round. */
export const REPLY_PARTS: readonly ReplyPart[] = [
  "transcription",
  "endOfTurn",
  "reply",
  "llmTtft",
  "toolCall",
  "tools",
  "llmFollowUp",
  "speechWait",
  "ttsTtfb",
  "playback",
];

/** What the times come to. */
export interface ReplyLatency {
  /** End of the user's speech → the agent's. */
  readonly endToEnd: number;
  /** What its end is: that the agent could be heard, or that the first audio came. */
  readonly source: "playback" | "first_audio";
  /**
   * Its parts. They follow each other, and add up to it; one whose end is not known is in the next. Those of several
   * rounds of tools are added up.
   */
  readonly parts: Readonly<Partial<Record<ReplyPart, number>>>;
}

/** What the user waited for; `undefined` where its beginning or its end is not known. */
export function replyLatency(marks: ReplyMarks): ReplyLatency | undefined {
  const { speechEndedAt: from, audibleAt, audioAt } = marks;
  const to = audibleAt ?? audioAt;
  if (from === undefined || to === undefined || to < from) return undefined;
  const parts: Partial<Record<ReplyPart, number>> = {};
  let before = from;
  for (const [part, at] of ends(marks)) {
    if (at === undefined) continue;
    // what was early, such as speech that began before the decision, took no time
    const end = Math.min(Math.max(at, before), to);
    parts[part] = (parts[part] ?? 0) + (end - before) / 1000;
    before = end;
  }
  return {
    endToEnd: (to - from) / 1000,
    source: audibleAt === undefined ? "first_audio" : "playback",
    parts,
  };
}

/** The parts with their ends, as they follow each other. */
function ends(marks: ReplyMarks): readonly (readonly [ReplyPart, number | undefined])[] {
  const { rounds = [] } = marks;
  return [
    ["transcription", marks.finalAt],
    ["endOfTurn", marks.committedAt],
    ["reply", marks.askedAt],
    ["llmTtft", marks.answeredAt],
    ...rounds.flatMap(({ ranAt, askedAt, answeredAt }) =>
      [["toolCall", ranAt], ["tools", askedAt], ["llmFollowUp", answeredAt]] as const
    ),
    ["speechWait", marks.spokenAt],
    ["ttsTtfb", marks.audioAt],
    ["playback", marks.audibleAt],
  ];
}
