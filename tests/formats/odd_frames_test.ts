/** Frames whose fields are not what they should be throw nothing, whatever the format. */

import assert from "node:assert/strict";
import { createSocketMatcher } from "../../src/match.ts";
import { providers } from "../../src/providers/mod.ts";
import { seededRandom } from "../support/cuts.ts";
import { type FixtureFrame, frameData, type SocketFixture, socketFixtures } from "../support/fixtures.ts";
import { recordSinks } from "../support/recording_sinks.ts";

const match = createSocketMatcher(providers);

const ODD: readonly unknown[] = [null, 0, -1, 1e300, "", "0", "{}", [], [null], {}, true, "\u0000"];

/** The value with some of its fields replaced. */
function spoil(value: unknown, random: () => number): unknown {
  if (random() < 0.15) return ODD[Math.floor(random() * ODD.length)];
  if (Array.isArray(value)) return value.map((item) => spoil(item, random));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, spoil(item, random)]));
}

function spoiled(
  frame: Exclude<FixtureFrame, { closed: number }>,
  random: () => number,
): string | Uint8Array {
  const data = frameData(frame);
  if (typeof data === "string") {
    // those of Azure have a header above their JSON
    return data.replace(/\{.*\}$/s, (json) => JSON.stringify(spoil(JSON.parse(json), random)));
  }
  const bytes = data.slice();
  if (bytes.length > 0 && random() < 0.5) bytes[Math.floor(random() * bytes.length)] = 0x5b;
  return bytes;
}

function play({ socket, frames }: SocketFixture, random: () => number): void {
  const url = new URL(socket.url);
  const reader = match(url)!.route.format.open(
    { url, headers: new Headers(socket.headers) },
    recordSinks().sinks,
  );
  for (const frame of frames) {
    if ("closed" in frame) reader.closed?.(frame.closed);
    else if ("sent" in frame) reader.sent(spoiled(frame, random));
    else reader.received(spoiled(frame, random));
  }
}

Deno.test("no format of a socket throws when frames are odd", () => {
  const wrong: string[] = [];
  for (const fixture of socketFixtures) {
    for (let seed = 1; seed <= 100; seed++) {
      try {
        play(fixture, seededRandom(seed));
      } catch (error) {
        wrong.push(`${fixture.provider}/${fixture.case}, seed ${seed}: ${(error as Error).message}`);
        break;
      }
    }
  }
  assert.deepEqual(wrong, []);
});
