/**
 * What a format tells a sink, told once: streams repeat themselves in every chunk.
 *
 * @module
 */

import type { Facts, Failure, OutputKind, RequestIdKind, Sink } from "./types.ts";

/** Choices, calls and ids beyond this are not listed. */
const MAX_LISTED = 128;

const NONE: readonly never[] = [];

/** What else is known of a call of a tool. */
export interface ToolCallDetails {
  /**
   * Tells calls apart where pieces of them do not have the id: an index.
   *
   * @default the id
   */
  readonly key?: string | undefined;
  /** More of its arguments, as text; or all of them, as an object. */
  readonly arguments?: unknown;
}

/** A sink's front that passes on what is new, and knows whether anything was. */
export class Notes {
  readonly #sink: Sink;
  #facts: Facts = {};
  // copied when they grow, which is seldom: many answers are open at once that have none yet
  #ids: readonly string[] = NONE;
  #outputs: readonly OutputKind[] = NONE;
  #finishReasons: readonly (string | undefined)[] = NONE;
  #toolCallIds: readonly string[] = NONE;
  #toolCalls: readonly string[] = NONE;
  #failed = false;
  #news = false;

  /** Notes for `sink`. */
  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** Whether anything was new since the last time this was asked. */
  takeNews(): boolean {
    const news = this.#news;
    this.#news = false;
    return news;
  }

  /** Whether a failure was noted. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Whether a finish reason was noted. */
  get finished(): boolean {
    return this.#finishReasons.length > 0;
  }

  /** An id that the provider knows. */
  id(id: string | undefined, kind: RequestIdKind): void {
    if (id === undefined || this.#ids.includes(id)) return;
    this.#news = true;
    if (this.#ids.length < MAX_LISTED) this.#ids = this.#ids.concat(id);
    this.#sink.noteRequestId(id, kind);
  }

  /** Facts; those that are known already stay unsaid. */
  facts(facts: Facts): void {
    const changed = Object.entries(facts).filter(([name, value]) =>
      value !== undefined && this.#facts[name as keyof Facts] !== value
    );
    if (changed.length === 0) return;
    this.#news = true;
    const news: Facts = Object.fromEntries(changed);
    this.#facts = { ...this.#facts, ...news };
    this.#sink.note(news);
  }

  /** A piece of output; where it is words, with them. */
  output(kind: OutputKind, text?: string, choice?: number): void {
    if (text && kind !== "tool" && kind !== "audio") this.#sink.content?.output(kind, text, choice);
    if (this.#outputs.includes(kind)) return;
    this.#news = true;
    this.#outputs = this.#outputs.concat(kind);
    this.#sink.output(kind);
  }

  /** Text that was recognized; nothing where there is none. */
  transcript(text: string | undefined): void {
    if (text === undefined) return;
    this.#sink.content?.transcript(text);
    this.output("text");
  }

  /** Why a choice ended. */
  finish(reason: string | undefined, choice = 0): void {
    if (reason === undefined || choice >= MAX_LISTED || this.#finishReasons[choice] === reason) return;
    const reasons = [...this.#finishReasons];
    reasons[choice] = reason;
    this.#finishReasons = reasons;
    this.facts({ finishReasons: reasons.filter((known) => known !== undefined) });
  }

  /**
   * A tool that the model wants called; a call whose id is known is the same one again.
   *
   * @returns the key by which more of it can be told
   */
  toolCall(name: string | undefined, id?: string, details: ToolCallDetails = {}): string {
    const { key = id ?? `${name} ${this.#toolCalls.length}`, arguments: given } = details;
    this.output("tool");
    this.#sink.content?.toolCall({
      key,
      id,
      name,
      arguments: typeof given === "string" || typeof given === "object" ? given : undefined,
    });
    if (name === undefined || (id !== undefined && this.#toolCallIds.includes(id))) return key;
    if (this.#toolCalls.length === MAX_LISTED) return key;
    if (id !== undefined) this.#toolCallIds = this.#toolCallIds.concat(id);
    this.#toolCalls = this.#toolCalls.concat(name);
    this.facts({ toolCalls: this.#toolCalls });
    return key;
  }

  /** More of the arguments of a tool call; of which one, its key says. */
  toolArguments(key: string, text: string): void {
    this.output("tool");
    this.#sink.content?.toolCall({ key, arguments: text });
  }

  /** An error that the provider reported. */
  fail(failure: Failure): void {
    this.#news = true;
    this.#failed = true;
    this.#sink.fail(failure);
  }

  /** The provider's own end signal. */
  complete(): void {
    this.#news = true;
    this.#sink.complete();
  }

  /** Something that was not understood. */
  unread(): void {
    this.#news = true;
    this.#sink.unread();
  }
}
