/** The caller's side of a fixture, by whatever SDK: sends where the caller sends, waits for what comes in between. */

import type { FixtureFrame, FrameContent } from "../support/fixtures.ts";
import type { Inbox } from "./listen.ts";

/** How an SDK sends what the caller of a fixture sends. */
export interface Caller {
  /** Bytes: audio. */
  audio(bytes: Uint8Array<ArrayBuffer>): unknown;
  /** An object. */
  message?(json: Record<string, unknown>): unknown;
  /** Text that is no object. */
  text?(text: string): unknown;
}

/** What of that an SDK does by itself, or keeps to itself. */
export interface Habits {
  /** Frames that it sends by itself. */
  readonly sendsItself?: (content: FrameContent) => boolean;
  /** Frames that it tells nobody of. */
  readonly keepsToItself?: (content: FrameContent) => boolean;
}

const never = (): boolean => false;

/** Plays the caller's side to the last frame that is sent or told of. */
export async function converse(
  frames: readonly FixtureFrame[],
  inbox: Inbox,
  caller: Caller,
  { sendsItself = never, keepsToItself = never }: Habits = {},
): Promise<void> {
  let told = 0;
  for (const frame of frames) {
    if ("closed" in frame) return;
    if ("received" in frame) {
      if (!keepsToItself(frame.received)) await inbox.has(++told);
    } else if (!sendsItself(frame.sent)) {
      await send(caller, frame.sent);
    }
  }
}

async function send(caller: Caller, content: FrameContent): Promise<void> {
  if (typeof content === "string") await caller.text!(content);
  else if ("json" in content) await caller.message!(content.json as Record<string, unknown>);
  else await caller.audio(Uint8Array.fromBase64("base64" in content ? content.base64! : ""));
}
