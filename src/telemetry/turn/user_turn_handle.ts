/**
 * A turn of the user, as a caller tells of it: with a voice activity detection of its own, or a recognition that
 * passes neither `fetch` nor `WebSocket`.
 *
 * @module
 */

import { type Context, context } from "@opentelemetry/api";
import type { EndOfTurn, RequestIdKind, Transcript } from "../../types.ts";
import { type PastMoment, timeOf } from "../clock.ts";
import type { UserTurn } from "./user_turn.ts";

/** One turn of the user. */
export interface UserTurnHandle {
  /** The context of its span: parent of what belongs to it. */
  readonly context: Context;
  /** Runs `fn` in its context, where the runtime carries contexts. */
  run<T>(fn: () => T): T;
  /** Speech began, by your voice activity detection: now or so many seconds ago. */
  speechStarted(at?: PastMoment): void;
  /** Speech stopped, by your voice activity detection: now or so many seconds ago. */
  speechStopped(at?: PastMoment): void;
  /** Text was recognized by something that is not observed. */
  transcript(transcript: Transcript): void;
  /** Notes an id that the provider of the recognition knows. */
  noteRequestId(id: string, kind?: RequestIdKind): void;
  /** Whether the user has finished was judged; `seconds` is how long that took. Leaves an `eou_detection`. */
  endOfTurn(judgement: EndOfTurn & { readonly seconds?: number | undefined }): void;
  /** The turn is over: the agent answers. */
  commit(): void;
  /** The turn is dropped. Its ids stay. */
  clear(): void;
}

/** A handle on a turn. */
export function handleOf(turn: UserTurn): UserTurnHandle {
  return {
    get context() {
      return turn.context;
    },
    run: (fn) => context.with(turn.context, fn),
    speechStarted: (at) => turn.started(timeOf(turn.clock, at), "vad"),
    speechStopped: (at) => turn.stopped(timeOf(turn.clock, at), "vad"),
    transcript: (transcript) => turn.transcript(transcript),
    noteRequestId: (id, kind = "request") => turn.noteRequestId(id, kind),
    endOfTurn: ({ seconds, ...judgement }) => turn.judged(judgement, "vad", seconds),
    commit: () => turn.commitNow(),
    clear: () => turn.clear(),
  };
}
