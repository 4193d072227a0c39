/**
 * What is known of an attempt: before it is made, and when it ends.
 *
 * @module
 */

import type { Facts, Failure, Operation, OutputKind } from "../../types.ts";
import type { AskedBefore, AttemptWords } from "../content/content_recorder.ts";
import type { Resumed } from "./reconnects.ts";
import type { RequestIds } from "./request_ids.ts";
import type { Target } from "./target.ts";
import type { Clock } from "../clock.ts";
import type { ClockSource, SpeechTime } from "../turn/turn_clock.ts";

/** How an attempt ended. */
export type Outcome = "success" | "error" | "cancelled" | "abandoned";

/** What an attempt is of. */
export interface AttemptOrigin {
  /** What it does. */
  readonly operation: Operation;
  /** The provider, as `gen_ai.provider.name` has it. */
  readonly providerName: string;
  /** HTTP method, of a call over HTTP. */
  readonly method?: string | undefined;
  /** Where it goes, of a call over a network that we see. */
  readonly target?: Target | undefined;
}

/** What else there is to know of it when it begins. */
export interface AttemptStart {
  /** When it began, if not now: milliseconds since the Unix epoch. */
  readonly startedAt?: number | undefined;
  /** What told that: the clock of its connection. */
  readonly clock?: Clock | undefined;
  /** When the user whom it answers stopped speaking, and how that is known. */
  readonly speechEnd?: SpeechTime | undefined;
  /** What it is asked, as far as that was said on its connection and may leave. */
  readonly asked?: AskedBefore | undefined;
  /** Asked at its end: when the user began to speak whose first words were recognized, and how that is known. */
  readonly speechStart?: (() => SpeechTime | undefined) | undefined;
  /** Called just before it ends, whoever ends it: the last moment to add to it. */
  readonly ending?: (() => void) | undefined;
}

/** Seconds from the request to the first output of each kind that there was. */
export type FirstOutputSeconds = Readonly<Partial<Record<OutputKind, number>>>;

/** The earliest first output. */
export function earliest(first: FirstOutputSeconds): number | undefined {
  const seconds = Object.values(first);
  return seconds.length > 0 ? Math.min(...seconds) : undefined;
}

/** The earliest first output that is more than reasoning. */
export function earliestAnswer({ reasoning: _, ...answer }: FirstOutputSeconds): number | undefined {
  return earliest(answer);
}

/** What is known of an attempt when it ends. */
export interface AttemptState {
  /** Provider-known ids in order of first sight, with their kinds. */
  readonly requestIds: RequestIds;
  /** What was learned. */
  readonly facts: Facts;
  /** Seconds from the request to the first output of each kind. */
  readonly firstOutputSeconds: FirstOutputSeconds;
  /** HTTP status, once there was one. */
  readonly status: number | undefined;
  /** Why it failed, if it did. */
  readonly failure: Failure | undefined;
  /** Frames not understood or beyond the bound. */
  readonly unreadFrames: number;
  /** How it ended. */
  readonly outcome: Outcome;
  /** The socket it was on, if it was on one. */
  readonly connection: ConnectionUse | undefined;
  /** What came before it in its node. */
  readonly retry: Retry | undefined;
  /** Seconds from the end of the user's speech to the first audio, and how that end is known. */
  readonly firstAudio: FirstAudio | undefined;
  /** Seconds from the start of speech to its first transcript, of recognition, and how that start is known. */
  readonly firstTranscript: FirstTranscript | undefined;
}

/** How long the user waited for the first audio of a response. */
export interface FirstAudio {
  /** From the end of speech, where it is known; else from the beginning of the response. */
  readonly seconds: number;
  /** How that moment is known. */
  readonly source: ClockSource | "response";
}

/** How long the first words waited for their transcript. */
export interface FirstTranscript {
  /** From the start of speech, where it is known; else from the first audio that was sent, be it silence. */
  readonly seconds: number;
  /** How that moment is known. */
  readonly source: ClockSource | "audio";
}

/** How an attempt uses a socket. */
export interface ConnectionUse {
  /** Whether an earlier attempt was on it. */
  readonly reused: boolean;
  /** Seconds from its making to its opening; of its first attempt. */
  acquireSeconds: number | undefined;
  /** Seconds that it had been open when the attempt began. */
  readonly ageSeconds: number | undefined;
  /** The code with which it closed on the attempt. */
  closeCode?: number;
  /** What came before it, of a connection that is one attempt. */
  readonly resumed?: Resumed | undefined;
}

/** An attempt that ended. Times are milliseconds since the Unix epoch. */
export interface EndedAttempt {
  /** What it is of. */
  readonly start: AttemptOrigin;
  /** What is known now. */
  readonly state: AttemptState;
  /** When it began. */
  readonly startedAt: number;
  /** When it ended. */
  readonly endedAt: number;
  /** Its words, where those are wanted. */
  readonly content?: AttemptWords | undefined;
  /** The node in which it is a try: its span's id. */
  readonly operationId?: string | undefined;
  /** The turn of the agent to which it belongs: its own id. */
  readonly speechId?: string | undefined;
}

/** What was used, by an attempt or beside one. */
export interface Used {
  /** Whose it is. */
  readonly start: AttemptOrigin;
  /** What is known of it. */
  readonly state: Pick<AttemptState, "facts" | "failure" | "outcome">;
}

/**
 * Seconds from the request to the first piece of a streamed answer. Recognition over a socket answers no request: it
 * waits for something to hear.
 */
export function firstChunk({ operation }: AttemptOrigin, state: AttemptState): number | undefined {
  const listens = operation === "stt" && state.connection !== undefined;
  return state.facts.streamed && !listens ? earliest(state.firstOutputSeconds) : undefined;
}

/** What is known of the tries before an attempt. */
export interface Retry {
  /** Tries that failed just before it. */
  readonly count: number;
  /** Seconds from the end of the last of them to its beginning. */
  readonly delaySeconds: number;
  /** Why the last of them failed. */
  readonly reason: string;
}
