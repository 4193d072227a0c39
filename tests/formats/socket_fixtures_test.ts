import assert from "node:assert/strict";
import { createSocketMatcher } from "../../src/match.ts";
import { providers } from "../../src/providers/mod.ts";
import type { SocketReader } from "../../src/types.ts";
import { seededRandom } from "../support/cuts.ts";
import { type FixtureFrame, frameData, type SocketFixture, socketFixtures } from "../support/fixtures.ts";
import { rounded, type SinkRecord } from "../support/recording_sink.ts";
import { recordSinks, roundedConnection } from "../support/recording_sinks.ts";

const match = createSocketMatcher(providers);

function open(fixture: SocketFixture) {
  const url = new URL(fixture.socket.url);
  const matched = match(url);
  assert.ok(matched, `${url} is not recognized`);
  assert.equal(matched.provider.name, fixture.provider);
  const { connection, sinks } = recordSinks();
  const headers = new Headers(fixture.socket.headers);
  return { connection, reader: matched.route.format.open({ url, headers }, sinks) };
}

function play(reader: SocketReader, frame: FixtureFrame): void {
  if ("closed" in frame) return reader.closed?.(frame.closed);
  const bytes = frameData(frame);
  if ("sent" in frame) reader.sent(bytes);
  else reader.received(bytes);
  if (bytes instanceof Uint8Array) bytes.fill(0x2a); // the caller may do so: nothing that was kept may point there
}

for (const fixture of socketFixtures) {
  Deno.test(`${fixture.provider}/${fixture.case} gives the facts of each attempt`, () => {
    const { connection, reader } = open(fixture);
    for (const frame of fixture.frames) play(reader, frame);
    assert.deepEqual(roundedConnection(connection, rounded), fixture.expected);
  });
}

/** Fixtures whose context has an id of its own in every frame: several can share a socket. */
const multiplexed = socketFixtures.filter(({ frames }) =>
  !frames.some((frame) => "closed" in frame) && JSON.stringify(frames).includes('"ctx-')
);

for (const fixture of multiplexed) {
  Deno.test(`${fixture.provider}/${fixture.case} keeps contexts apart that share a socket, in any order`, () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = seededRandom(seed);
      const copies = ["a", "b", "c", "d"].map((name) => renamed(fixture, name));
      const waiting = copies.map(({ frames }) => [...frames]);
      const { connection: { attempts }, reader } = open(fixture);
      while (waiting.some((frames) => frames.length > 0)) {
        const left = waiting.filter((frames) => frames.length > 0);
        play(reader, left[Math.floor(random() * left.length)]!.shift()!);
      }
      const byId = (list: readonly SinkRecord[]): SinkRecord[] =>
        list.toSorted((a, b) => String(a.requestIds) < String(b.requestIds) ? -1 : 1);
      assert.deepEqual(
        byId(attempts.map(rounded)),
        byId(copies.flatMap(({ expected }) => expected.attempts)),
        `seed ${seed}`,
      );
    }
  });
}

/** The fixture with context ids of its own. */
function renamed(fixture: SocketFixture, name: string): SocketFixture {
  return JSON.parse(JSON.stringify(fixture).replaceAll('"ctx-', `"ctx-${name}-`));
}
