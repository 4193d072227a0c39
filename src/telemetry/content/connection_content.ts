/**
 * What is asked on a connection, from one attempt to the next.
 *
 * @module
 */

import type { Message, SinglePrompt, StandingPrompt, TextPart } from "../../types.ts";
import { roomBefore } from "./allowance.ts";
import type { ReadPrompt } from "./attempt_content.ts";
import type { ContentPolicy } from "./content_policy.ts";
import type { AskedBefore, ConnectionWords, HeardWords } from "./content_recorder.ts";
import { cutTexts, KeptMessages } from "./kept_messages.ts";

/** Instructions and tools, as far as they are said. */
interface Standing {
  readonly instructions?: readonly TextPart[];
  readonly tools?: readonly string[];
}

/** What one attempt alone is asked. */
interface Single extends Standing {
  readonly messages: KeptMessages | undefined;
}

/** Keeps what stands, and what was said since the last attempt began. */
export class ConnectionContent implements ConnectionWords {
  readonly #policy: ContentPolicy;
  readonly #readPrompt: ReadPrompt;
  #standing: Standing = {};
  #single: Single | undefined;
  #waiting: KeptMessages;
  #keeps = false;
  /** The turn of the user that was answered last. */
  #answered: HeardWords | undefined;

  /** Nothing asked yet. */
  constructor(policy: ContentPolicy, readPrompt: ReadPrompt) {
    this.#policy = policy;
    this.#readPrompt = readPrompt;
    this.#waiting = new KeptMessages(policy);
  }

  configure(prompt: StandingPrompt): void {
    this.#standing = { ...this.#standing, ...this.#readStanding(prompt) };
  }

  override({ messages, ...standing }: SinglePrompt): void {
    const instead = isSaid(messages) ? new KeptMessages(this.#policy) : undefined;
    instead?.add(this.#readMessages(messages));
    this.#single = { ...this.#readStanding(standing), messages: instead };
  }

  add(messages: unknown): void {
    this.#waiting.add(this.#readMessages(messages));
  }

  keep(): void {
    this.#keeps = true;
  }

  take(turn: HeardWords | undefined): AskedBefore {
    const { messages: instead, ...single } = this.#single ?? {};
    const { instructions = [], tools = [] } = { ...this.#standing, ...single };
    const { all, truncated } = instead ?? this.#waiting;
    const answered = instead === undefined && turn !== this.#answered && turn?.committed ? turn : undefined;
    if (instead === undefined && !this.#keeps) {
      this.#waiting = new KeptMessages(this.#policy);
      this.#answered = answered ?? this.#answered;
    }
    this.#single = undefined;
    this.#keeps = false;
    const heard = this.#policy.transcripts ? answered : undefined;
    return { instructions, tools, messages: [...all], turn: heard, truncated };
  }

  #readMessages(messages: unknown): readonly Message[] {
    return this.#readPrompt({ messages })?.messages ?? [];
  }

  /** What is not said is left out, so that what was said before stays. */
  #readStanding({ instructions, tools }: StandingPrompt): Standing {
    const room = roomBefore(this.#policy);
    const read = this.#readPrompt({ instructions, tools });
    return {
      ...isSaid(instructions) && { instructions: cutTexts(read?.instructions ?? [], room) },
      ...isSaid(tools) && { tools: read?.tools.filter((name) => room.take(name) === name) ?? [] },
    };
  }
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null;
}
