/** The provider's side of speech, as fixtures or scenarios have it. */

import type { EmulatedConnection } from "../../src/testing/mod.ts";
import { type FixtureFrame, type FrameContent, socketFixtures } from "../support/fixtures.ts";

/** Waits for the caller's next frame. */
export const NEXT: FixtureFrame = { sent: "" };

/** Sends an object. */
export function say(json: unknown): FixtureFrame {
  return { received: { json } };
}

/** Silence of so many bytes, as base64. */
export function silence(byteCount: number): string {
  return btoa("\0".repeat(byteCount));
}

/** Sends silence of so many bytes. */
export function saySilence(byteCount: number): FixtureFrame {
  return { received: { base64: silence(byteCount) } };
}

/** Plays frames: waits where the caller sends, and sends where it receives. */
export function playing(...frames: readonly FixtureFrame[]) {
  return async (connection: EmulatedConnection): Promise<void> => {
    for (const frame of frames) {
      if ("sent" in frame) await connection.next();
      else if ("received" in frame) await connection.send(contentOf(frame.received));
      else connection.close(frame.closed, "bye");
    }
  };
}

/** Plays the frames of a fixture. */
export function playingFixture(provider: string, name: string) {
  return playing(...fixtureFrames(provider, name));
}

/** The frames of a fixture. */
export function fixtureFrames(provider: string, name: string): readonly FixtureFrame[] {
  const found = socketFixtures.find((one) => one.provider === provider && one.case === name);
  if (found === undefined) throw new Error(`There is no fixture ${provider}/${name}`);
  return found.frames;
}

function contentOf(content: FrameContent): string | Uint8Array | object {
  if (typeof content === "string") return content;
  if ("base64" in content) return Uint8Array.from(atob(content.base64), (char) => char.charCodeAt(0));
  return content.json as object;
}
