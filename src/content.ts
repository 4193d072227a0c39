/**
 * What was asked and answered, in words: messages and their parts, as the JSON schemas of the GenAI conventions have
 * them. Put together only where somebody wants it.
 *
 * @see {@link https://github.com/open-telemetry/semantic-conventions/blob/v1.41.0/docs/gen-ai/gen-ai-input-messages.json}
 * @see {@link https://github.com/open-telemetry/semantic-conventions/blob/v1.41.0/docs/gen-ai/gen-ai-output-messages.json}
 * @module
 */

/** Words of some kind. */
export interface TextPart {
  /** Whose words they are: `reasoning` is work that the user does not hear or see. */
  readonly type: "text" | "reasoning" | "refusal";
  /** The words. */
  readonly content: string;
}

/** A tool that the model wants called. */
export interface ToolCallPart {
  /** As it says. */
  readonly type: "tool_call";
  /** The model's id of the call. */
  readonly id?: string | undefined;
  /** The tool. */
  readonly name: string;
  /** Its arguments, JSON as a rule. */
  readonly arguments?: string | undefined;
}

/** What a tool came to. */
export interface ToolCallResponsePart {
  /** As it says. */
  readonly type: "tool_call_response";
  /** The model's id of the call. */
  readonly id?: string | undefined;
  /** What it gave. */
  readonly response?: string | undefined;
}

/** Pictures, sound, files. They are never taken along: their place is marked. */
export interface MediaPart {
  /** As it says. */
  readonly type: "blob";
  /** `image`, `audio`, `video`, `document`. */
  readonly modality: string;
  /** Always empty. */
  readonly content: "";
}

/** A part of a message. */
export type MessagePart = TextPart | ToolCallPart | ToolCallResponsePart | MediaPart;

/** A message. */
export interface Message {
  /** Whose: `system`, `user`, `assistant`, `tool`, or the provider's own word. */
  readonly role: string;
  /** What it is made of. */
  readonly parts: readonly MessagePart[];
}

/** What a model is asked. */
export interface Prompt {
  /** Instructions that stand apart from the messages. */
  readonly instructions: readonly TextPart[];
  /** The conversation so far, oldest first. */
  readonly messages: readonly Message[];
  /** Names of the tools that it may call. */
  readonly tools: readonly string[];
}

/** A tool call, or a piece of one. */
export interface ToolCallPiece {
  /** Tells calls of one answer apart: an index, an item's id. */
  readonly key: string;
  /** The model's id of the call, once it is known. */
  readonly id?: string | undefined;
  /** The tool, once it is known. */
  readonly name?: string | undefined;
  /** More of its arguments, as JSON text; or all of them, as an object. */
  readonly arguments?: string | object | null | undefined;
}

/** What takes the words of one attempt. */
export interface ContentSink {
  /** What the model is asked: the JSON of the request, in whichever of the usual dialects, or a {@linkcode Prompt}. */
  prompt(asked: unknown): void;
  /** Messages that came while it answers, and that it goes on with. Of an attempt on a connection. */
  ask(messages: unknown): void;
  /** More text that is to be spoken. */
  speech(text: string): void;
  /** More of what was recognized. */
  transcript(text: string): void;
  /** More of the answer; where several are given, of which. */
  output(type: TextPart["type"], text: string, choice?: number): void;
  /** A tool that the model wants called, or more of its arguments. */
  toolCall(piece: ToolCallPiece): void;
}

/** What stands for all attempts, in whichever of the usual dialects. What is `undefined` stays as it was. */
export interface StandingPrompt {
  /** Instructions that stand apart from the messages. */
  readonly instructions?: unknown;
  /** The tools that may be called. */
  readonly tools?: unknown;
}

/** What one attempt alone is asked, over what stands. */
export interface SinglePrompt extends StandingPrompt {
  /** All messages that it is asked; those that wait go on waiting for the one after it. */
  readonly messages?: unknown;
}

/** What takes what is asked on a connection, before the attempts begin that answer it. */
export interface AskedSink {
  /** What every attempt is asked that begins from now on. */
  configure(prompt: StandingPrompt): void;
  /** What the next attempt alone is asked. */
  override(prompt: SinglePrompt): void;
  /** Messages that the next attempt answers. */
  add(messages: unknown): void;
  /** The next attempt will not have answered them: the one after it is asked them, too. */
  keep(): void;
}
