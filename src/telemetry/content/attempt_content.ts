/**
 * The words of one attempt.
 *
 * @module
 */

import type { Attributes } from "@opentelemetry/api";
import type { Message, MessagePart, Prompt, TextPart, ToolCallPart, ToolCallPiece } from "../../types.ts";
import type { Room } from "../room.ts";
import { Allowance, roomBefore } from "./allowance.ts";
import { contentAttributes } from "./content_attributes.ts";
import type { ContentKind, ContentPolicy } from "./content_policy.ts";
import type { AnsweredContent, AskedBefore, AskedContent, AttemptWords } from "./content_recorder.ts";
import { KeptMessages } from "./kept_messages.ts";

/** Reads what is asked; `undefined` where nothing is. */
export type ReadPrompt = (asked: unknown) => Prompt | undefined;

/** Answers, and parts of one, beyond this are not kept. */
const MAX_PARTS = 256;

type Growing = { -readonly [Key in keyof TextPart]: TextPart[Key] } | GrowingCall;

interface GrowingCall {
  readonly type: "tool_call";
  readonly key: string;
  readonly name: string;
  id?: string | undefined;
  arguments: string;
}

/** Takes the words of an attempt, and keeps of them what may leave. */
export class AttemptContent implements AttemptWords {
  readonly #policy: ContentPolicy;
  readonly #readPrompt: ReadPrompt;
  readonly #room: Room;
  readonly #choices: Growing[][] = [];
  readonly #before: AskedBefore | undefined;
  #meanwhile: KeptMessages | undefined;
  #asked: AskedContent | undefined;
  #speech = "";
  #transcript = "";
  #count = 0;
  #answered: AnsweredContent | undefined;

  /** Content as far as the policy allows it, and what was asked before. */
  constructor(policy: ContentPolicy, readPrompt: ReadPrompt, before?: AskedBefore) {
    this.#policy = policy;
    this.#readPrompt = readPrompt;
    this.#before = before;
    this.#room = roomBefore(policy);
  }

  /** Of what was asked before, some may come until the end. */
  get asked(): AskedContent | undefined {
    return this.#asked ??= this.#before && this.#limitBefore(this.#before);
  }

  prompt(asked: unknown): void {
    const prompt = this.#policy.prompts ? this.#readPrompt(asked) : undefined;
    if (prompt !== undefined) this.#asked = limitPrompt(prompt, this.#policy);
  }

  ask(messages: unknown): void {
    if (this.#before === undefined) return;
    this.#meanwhile ??= new KeptMessages(this.#policy);
    this.#meanwhile.add(this.#readPrompt({ messages })?.messages ?? []);
  }

  speech(text: string): void {
    if (this.#policy.prompts) this.#speech += this.#room.take(text);
  }

  transcript(text: string): void {
    if (this.#policy.transcripts) this.#transcript += this.#room.take(text);
  }

  output(type: TextPart["type"], text: string, choice = 0): void {
    if (!this.#policy.prompts) return;
    const parts = this.#partsOf(choice);
    const last = parts?.at(-1);
    if (last?.type === type) last.content += this.#room.take(text);
    else if (parts !== undefined) this.#add(parts, { type, content: this.#room.take(text) });
  }

  toolCall({ key, id, name, arguments: given }: ToolCallPiece): void {
    if (!this.#policy.prompts && !this.#policy.toolArguments) return;
    const parts = this.#partsOf(0)!;
    let call = parts.find((part): part is GrowingCall =>
      part.type === "tool_call" && (part.key === key || id !== undefined && part.id === id)
    );
    if (call === undefined) {
      if (name === undefined) return; // of a tool that the provider runs itself
      call = { type: "tool_call", key, name, arguments: "" };
      this.#add(parts, call);
    }
    call.id ??= id;
    if (!this.#policy.toolArguments) return;
    if (typeof given === "string") call.arguments += this.#room.take(given);
    // an object is all of them; an empty one often stands where they are still to come
    else if (call.arguments === "" && Object.keys(given ?? {}).length > 0) {
      call.arguments = this.#room.take(JSON.stringify(given));
    }
  }

  attributes(finishReasons?: readonly string[]): Attributes {
    const { choices, ...answered } = this.answered;
    // calls without messages around them would look like all that was said
    return contentAttributes(
      this.asked,
      { ...answered, choices: this.#policy.prompts ? choices : [] },
      finishReasons,
    );
  }

  get answered(): AnsweredContent {
    return this.#answered ??= this.#limitAnswer();
  }

  #limitBefore({ messages, turn, truncated, ...standing }: AskedBefore): AskedContent {
    const heard = turn?.transcription.text;
    const spoken: Message[] = heard === undefined
      ? []
      : [{ role: "user", parts: [{ type: "text", content: heard }] }];
    const all = [...messages, ...spoken, ...this.#meanwhile?.all ?? []];
    const limited = limitPrompt({ ...standing, messages: all }, this.#policy, spoken[0]);
    return { ...limited, truncated: limited.truncated || truncated || this.#meanwhile?.truncated === true };
  }

  #partsOf(choice: number): Growing[] | undefined {
    return choice < MAX_PARTS ? this.#choices[choice] ??= [] : undefined;
  }

  #add(parts: Growing[], part: Growing): void {
    if (this.#count++ < MAX_PARTS) parts.push(part);
  }

  #limitAnswer(): AnsweredContent {
    const allowance = new Allowance(this.#policy);
    const limit = (text: string, kind: ContentKind): string | undefined =>
      text === "" ? undefined : new Allowance(this.#policy).take(text.trim(), kind);
    const choices = Array.from(
      this.#choices,
      (parts = []) =>
        parts.map((part) => limitPart(part, allowance, "output", true)).filter((part) => part !== undefined),
    );
    return {
      choices: choices as (TextPart | ToolCallPart)[][],
      speech: limit(this.#speech, "speech"),
      transcript: limit(this.#transcript, "transcript"),
      truncated: allowance.exceeded || this.#room.exceeded || this.#count > MAX_PARTS ||
        Math.max(this.#speech.length, this.#transcript.length) > this.#policy.maxLength,
    };
  }
}

/** The newest messages are kept: what was asked just now matters most. `heard` is one that was recognized. */
function limitPrompt(
  { instructions, messages, tools }: Prompt,
  policy: ContentPolicy,
  heard?: Message,
): AskedContent {
  const forInstructions = new Allowance(policy);
  const forMessages = new Allowance(policy);
  const newestFirst: Message[] = [];
  for (let i = messages.length - 1; i >= 0 && !forMessages.exceeded; i--) {
    const { role, parts } = messages[i]!;
    const kind = messages[i] === heard ? "transcript" : "input";
    const kept = parts.map((part) => limitPart(part, forMessages, kind, policy.toolArguments))
      .filter((part) => part !== undefined);
    if (kept.length > 0) newestFirst.push({ role, parts: kept });
  }
  return {
    instructions: instructions.map((part) => limitPart(part, forInstructions, "instructions", false))
      .filter((part) => part !== undefined) as TextPart[],
    messages: newestFirst.reverse(),
    tools,
    truncated: forInstructions.exceeded || forMessages.exceeded,
  };
}

/** What may leave of a part; nothing where that is nothing. */
function limitPart(
  part: MessagePart,
  allowance: Allowance,
  kind: ContentKind,
  withTools: boolean,
): MessagePart | undefined {
  const limit = (text: string | undefined, kind: ContentKind): string | undefined =>
    withTools && text ? allowance.take(text, kind) : undefined;
  switch (part.type) {
    case "tool_call": {
      const { type, id, name } = part;
      return { type, id, name, arguments: limit(part.arguments, "tool_arguments") };
    }
    case "tool_call_response":
      return { ...part, response: limit(part.response, "tool_result") };
    case "blob":
      return part;
    default: {
      const content = allowance.take(part.content, kind);
      return content === undefined ? undefined : { type: part.type, content };
    }
  }
}
