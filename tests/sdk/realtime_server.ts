/** The provider's side of a conversation, for SDKs that decide themselves what they send besides. */

import type { EmulatedConnection } from "../../src/testing/mod.ts";
import { type FrameContent, frameData, socketFixtures } from "../support/fixtures.ts";

/** What is said once the caller sent so many frames that fit. */
export interface Step {
  /** A part of the frames that are waited for: the word of their type, or a key. */
  readonly after?: string;
  /** @default 1 */
  readonly count?: number;
  readonly say: readonly (string | Uint8Array | object)[];
  /** The close, after it was said. */
  readonly close?: number;
}

/** Plays the steps, and listens to the end. */
export function conversing(...steps: readonly Step[]) {
  return async (connection: EmulatedConnection): Promise<void> => {
    for (const { after, count = 1, say, close } of steps) {
      for (let seen = 0; after !== undefined && seen < count;) {
        const frame = await connection.next();
        if (frame === undefined) return;
        if (typeof frame === "string" && frame.includes(`"${after}"`)) seen++;
      }
      for (const frame of say) await connection.send(frame);
      if (close !== undefined) connection.close(close, "bye");
    }
    while (await connection.next() !== undefined);
  };
}

/** The steps of a fixture: what is received after each frame that is sent, or after none. */
export function stepsOf(provider: string, name: string): Step[] {
  const { frames } = socketFixtures.find((one) => one.provider === provider && one.case === name)!;
  const steps: { after?: string; say: (string | Uint8Array | object)[] }[] = [];
  for (const frame of frames) {
    if ("sent" in frame) steps.push({ after: kindOf(frame.sent), say: [] });
    else if ("received" in frame) {
      if (steps.length === 0) steps.push({ say: [] });
      steps.at(-1)!.say.push(frameData(frame));
    }
  }
  return steps;
}

/** The type of a frame, or its only key. */
function kindOf(sent: FrameContent): string {
  const json = typeof sent === "object" && "json" in sent ? sent.json as Record<string, unknown> : {};
  return typeof json.type === "string" ? json.type : Object.keys(json)[0]!;
}
