/**
 * What a turn of the agent offers, beside its brackets.
 *
 * @module
 */

import type { Context } from "@opentelemetry/api";
import type { PastMoment } from "../clock.ts";

/** Why the agent speaks: it answers, it says something of its own, or a realtime model answers. */
export type AgentTurnKind = "reply" | "say" | "realtime";

/** One turn of the agent, without its brackets. */
export interface AgentTurnHandle extends Disposable {
  /** Its own id: `lk.speech_id`. */
  readonly id: string;
  /** The context of its span: parent of what belongs to it. */
  readonly context: Context;
  /**
   * What the user said in the turn that it answers, as far as it was recognized on what is observed. For you alone: it
   * is recorded only where `content.transcripts` says so.
   */
  readonly userTranscript: string | undefined;
  /** Runs `fn` in its context, where the runtime carries contexts. */
  run<T>(fn: () => T): T;
  /** Runs what the application does between the user's turn and the agent's; its time is a figure of the turn. */
  userTurnCompleted<T>(fn: () => T | Promise<T>): Promise<T>;
  /** The agent can be heard, as of now or of so many seconds ago. */
  agentStartedSpeaking(at?: PastMoment): void;
  /** The agent can be heard no more. */
  agentStoppedSpeaking(at?: PastMoment): void;
  /** The user spoke into it, or the application stopped it: marks the turn, and stops nothing by itself. */
  interrupt(source?: "user_turn" | "programmatic"): void;
  /** Ends the turn, when the last that was begun in it has ended. A second call does nothing. */
  end(): void;
}
