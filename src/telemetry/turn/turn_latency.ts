/**
 * The figures of one turn, and what many of them come to. Seconds; what is not known is absent.
 *
 * @module
 */

import type { AgentTurnKind } from "./agent_turn_handle.ts";
import { type ReplyLatency, replyLatency, type ReplyMarks } from "./reply_clock.ts";
import type { UserTurn } from "./user_turn.ts";

/** The figures of one turn of the agent. */
export interface TurnLatency {
  /** The turn's own id: `lk.speech_id`. */
  readonly speechId: string;
  /** Why the agent spoke. */
  readonly kind: AgentTurnKind;
  /** Whether it was interrupted. */
  readonly interrupted: boolean;
  /** End of the user's speech → last final transcript. */
  readonly transcriptionDelay?: number | undefined;
  /** End of the user's speech → decision that the turn is over. */
  readonly endOfTurnDelay?: number | undefined;
  /** Time in the application's hook. */
  readonly userTurnCompletedDelay?: number | undefined;
  /** LLM asked → first text or tool call. */
  readonly llmTtft?: number | undefined;
  /** First text sent to be spoken → first audio. */
  readonly ttsTtfb?: number | undefined;
  /** End of the user's speech → the agent's. */
  readonly endToEnd?: number | undefined;
  /** What the end of {@linkcode endToEnd} is. */
  readonly endToEndSource?: ReplyLatency["source"] | undefined;
  /** Its parts, which add up to it. */
  readonly parts?: ReplyLatency["parts"] | undefined;
}

/** Many figures of a kind. */
export interface Distribution {
  /** How many. */
  readonly count: number;
  /** Half of them are at most this. */
  readonly p50: number;
  /** 95 % of them are at most this. */
  readonly p95: number;
  /** The largest. */
  readonly max: number;
}

/** What the turns of a session come to. */
export interface LatencySummary {
  /** The newest turns, oldest first. */
  readonly turns: readonly TurnLatency[];
  /** End of speech → decision that the turn is over. */
  readonly endOfTurn?: Distribution | undefined;
  /** LLM asked → first text or tool call. */
  readonly llmTtft?: Distribution | undefined;
  /** First text sent to be spoken → first audio. */
  readonly ttsTtfb?: Distribution | undefined;
  /** End of the user's speech → the agent's. */
  readonly endToEnd?: Distribution | undefined;
  /** The sum of end of turn, LLM and TTS, of turns that have all three. */
  readonly conversation?: Distribution | undefined;
}

/** What is known of a turn of the agent beside the user's. */
export interface TurnTimes {
  /** Its times. */
  readonly marks: ReplyMarks;
  /** When the speech was asked for whose audio came first. */
  readonly speechAskedAt: number | undefined;
  /** Whether it was interrupted. */
  readonly interrupted: boolean;
  /** Time in the application's hook, in seconds. */
  readonly userTurnCompletedDelay: number | undefined;
}

/** The figures of a turn of the agent that answers that turn of the user, or none. */
export function turnLatency(
  speechId: string,
  kind: AgentTurnKind,
  userTurn: UserTurn | undefined,
  { marks, speechAskedAt, interrupted, userTurnCompletedDelay }: TurnTimes,
): TurnLatency {
  const figures = userTurn?.figures;
  const { finalAt, committedAt } = userTurn?.marks ?? {};
  const reply = replyLatency({ speechEndedAt: figures?.speechEndedAt, finalAt, committedAt, ...marks });
  return {
    speechId,
    kind,
    interrupted,
    transcriptionDelay: figures?.transcriptionDelay,
    endOfTurnDelay: figures?.endOfTurnDelay,
    userTurnCompletedDelay,
    llmTtft: seconds(marks.askedAt, marks.answeredAt),
    ttsTtfb: seconds(speechAskedAt, marks.audioAt),
    endToEnd: reply?.endToEnd,
    endToEndSource: reply?.source,
    parts: reply?.parts,
  };
}

/** From one to the other; nothing where what came was not of what was asked for. */
function seconds(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined || to < from ? undefined : (to - from) / 1000;
}

/** Turns beyond this are forgotten, the oldest first. */
const MAX_TURNS = 256;

/** Keeps the figures of turns. */
export class LatencyLog {
  readonly #turns: TurnLatency[] = [];

  /** A log that begins with those turns. */
  constructor(turns: readonly TurnLatency[] = []) {
    this.#turns.push(...turns);
  }

  /** Adds the figures of a turn. */
  add(turn: TurnLatency): void {
    if (this.#turns.length === MAX_TURNS) this.#turns.shift();
    this.#turns.push(Object.freeze(turn));
  }

  /** What they come to. */
  summary(): LatencySummary {
    const turns = [...this.#turns];
    const figures = (figure: (turn: TurnLatency) => number | undefined): Distribution | undefined =>
      distributionOf(turns.map(figure).filter((value) => value !== undefined));
    return {
      turns,
      endOfTurn: figures(({ endOfTurnDelay }) => endOfTurnDelay),
      llmTtft: figures(({ llmTtft }) => llmTtft),
      ttsTtfb: figures(({ ttsTtfb }) => ttsTtfb),
      endToEnd: figures(({ endToEnd }) => endToEnd),
      conversation: figures(({ endOfTurnDelay, llmTtft, ttsTtfb }) =>
        endOfTurnDelay === undefined || llmTtft === undefined || ttsTtfb === undefined
          ? undefined
          : endOfTurnDelay + llmTtft + ttsTtfb
      ),
    };
  }
}

/** What figures come to; `undefined` where there are none. Percentiles by the nearest rank. */
export function distributionOf(figures: readonly number[]): Distribution | undefined {
  if (figures.length === 0) return undefined;
  const sorted = figures.toSorted((a, b) => a - b);
  const rank = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1]!;
  return { count: sorted.length, p50: rank(0.5), p95: rank(0.95), max: sorted.at(-1)! };
}
