/** Whatever goes through a request handler of AWS, both ways: the very pieces pass, and each attempt ends once. */

import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import fc from "fast-check";
import { httpFixtures, socketFixtures } from "../support/fixtures.ts";
import { said, type Talk } from "./frames.ts";
import { type Change, change, changed } from "./odd.ts";
import { check } from "./runs.ts";
import { startWorld, type World } from "./world.ts";

/** Streams that go both ways, and what was written down of them. */
const TWO_WAY = socketFixtures.flatMap(({ socket: { url } }, fixture) =>
  /amazonaws\.com/.test(url) && /^https/.test(url) ? [{ fixture, url: new URL(url) }] : []
);

/** Calls that are asked once. */
const ONE_WAY = httpFixtures.filter(({ request: { url } }) => /amazonaws\.com/.test(url));

type Shape = "iterable" | "node" | "web";

interface Case {
  readonly door: number;
  readonly twoWay: boolean;
  readonly frames: number;
  readonly pieces: readonly { readonly changes: readonly Change[]; readonly other: boolean }[];
  readonly asked: Shape;
  readonly answered: Shape | "bytes";
  readonly status: number;
  readonly session: boolean;
  /** How many pieces the handler takes before it answers. */
  readonly early: number;
  readonly after: number;
  readonly end: "read" | "read" | "leaves" | "breaks" | "aborts" | "rejects" | "throws" | "sender breaks";
}

const shape = fc.constantFrom<Shape>("iterable", "node", "web");

const cases: fc.Arbitrary<Case> = fc.record({
  door: fc.nat(),
  twoWay: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  frames: fc.nat(12),
  pieces: fc.array(
    fc.record({
      changes: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, {
        weight: 1,
        arbitrary: fc.array(change, { maxLength: 2 }),
      }),
      other: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, {
        weight: 1,
        arbitrary: fc.constant(true),
      }),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  asked: shape,
  answered: fc.oneof({ weight: 3, arbitrary: shape }, {
    weight: 1,
    arbitrary: fc.constant("bytes" as const),
  }),
  status: fc.constantFrom(200, 200, 200, 400, 403, 429, 500),
  session: fc.boolean(),
  early: fc.nat(3),
  after: fc.nat(8),
  end: fc.constantFrom(
    "read",
    "read",
    "leaves",
    "breaks",
    "aborts",
    "rejects",
    "throws",
    "sender breaks",
  ),
});

const reason = new Error("the case's own");

/** The pieces as a body of that shape; fails at its end if it is to. */
function bodyOf(pieces: readonly Uint8Array[], shape: Shape, fails: boolean): unknown {
  async function* iterate(): AsyncGenerator<Uint8Array> {
    yield* pieces;
    if (fails) throw reason;
  }
  if (shape === "iterable") return iterate();
  if (shape === "node") {
    const stream = new PassThrough({ highWaterMark: 1 << 24 });
    stream.on("error", () => {});
    for (const piece of pieces) stream.write(piece);
    if (fails) setTimeout(() => stream.destroy(reason), 1);
    else stream.end();
    return stream;
  }
  const iterator = iterate();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  }, { highWaterMark: 0 });
}

/** Reads a body, up to so many pieces. */
async function take(body: unknown, most = Infinity, got: Uint8Array[] = []): Promise<Uint8Array[]> {
  if (body instanceof Uint8Array) return [body];
  if (most === 0) return got;
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    got.push(piece);
    if (got.length >= most) break;
  }
  return got;
}

const start = (): World => startWorld({});
let world = start();

async function play(one: Case): Promise<void> {
  const door = TWO_WAY[one.door % TWO_WAY.length]!;
  const single = ONE_WAY[one.door % ONE_WAY.length]!;
  const url = one.twoWay ? door.url : new URL(single.request.url);
  const { sent, received } = one.twoWay ? framesOf(one, door.fixture) : {
    sent: [],
    received: [single.body.slice()].map((piece) => changed(piece, one.pieces[0]!.changes)),
  };
  const session = one.session ? world.telemetry.startSession({ id: "s" }) : undefined;
  const abort = new AbortController();
  const passed: Uint8Array[] = [];
  let request: { body?: unknown } = {};
  let sending: Promise<unknown> = Promise.resolve();
  const answer = {
    response: {
      statusCode: one.status,
      headers: { "X-Amzn-RequestId": "req-1", "content-type": "application/vnd.amazon.eventstream" },
      body: one.answered === "bytes"
        ? received[0] ?? new Uint8Array()
        : bodyOf(received, one.answered, one.end === "breaks"),
    },
  };
  const given = answer.response.body;
  const handler = {
    handle(asked: { body?: unknown }): Promise<typeof answer> {
      request = asked;
      if (one.end === "throws") throw reason;
      return (async () => {
        if (one.end === "rejects") throw reason;
        if (one.twoWay) sending = take(asked.body, Infinity, passed).catch((error) => error);
        for (let turns = 0; turns < one.early; turns++) await Promise.resolve();
        return answer;
      })();
    },
  };
  const wrapped = (session ?? world.telemetry).requestHandler(handler);
  const asked = {
    method: "POST",
    protocol: "https:",
    hostname: url.hostname,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { host: url.hostname },
    body: one.twoWay
      ? bodyOf(sent, one.asked, one.end === "sender breaks")
      : JSON.stringify(single.request.body),
  };
  const handle = wrapped.handle as (request: unknown, options: unknown) => Promise<typeof answer>;
  let failed: unknown;
  let got: Uint8Array[] = [];
  try {
    const result = await handle(asked, { abortSignal: abort.signal });
    assert.equal(result, answer);
    if (one.answered === "node" || one.answered === "bytes") assert.equal(result.response.body, given);
    const most = one.end === "leaves" || one.end === "aborts" ? one.after : Infinity;
    await take(result.response.body, most, got);
    if (one.answered === "bytes") got = [result.response.body as Uint8Array];
  } catch (error) {
    failed = error;
  }
  assert.equal(request, asked, "the very request");
  const fails = one.end === "rejects" || one.end === "throws" ||
    one.end === "breaks" && one.answered !== "bytes";
  assert.equal(failed, fails ? reason : undefined);
  if (one.end === "leaves" || one.end === "aborts") abort.abort(reason);
  const broken = await sending;
  if (one.twoWay && one.end === "sender breaks") assert.equal(broken, reason);
  assert.ok(passed.every((piece, i) => isSame(piece, sent[i], one.asked)), "what went");
  assert.ok(got.every((piece, i) => isSame(piece, received[i], one.answered)), "what came");
  if (one.end === "read") {
    assert.equal(passed.length, sent.length);
    assert.equal(got.length, one.answered === "bytes" ? 1 : received.length);
  }
  await new Promise((resolve) => setTimeout(resolve, 2)); // for closes that streams of Node tell later
  session?.end();
  await world.settled();
}

/** Streams of Node may copy, all others hand over the very piece. */
function isSame(piece: Uint8Array, other: Uint8Array | undefined, shape: Shape | "bytes"): boolean {
  if (shape !== "node") return piece === other || shape === "bytes" && piece.length === 0;
  return other !== undefined && piece.length === other.length && piece.every((byte, i) => byte === other[i]);
}

function framesOf(
  { pieces, frames }: Case,
  fixture: number,
): { sent: Uint8Array[]; received: Uint8Array[] } {
  const steps: Talk["steps"] = pieces.flatMap(({ changes, other }) =>
    Array.from({ length: 1 + frames % 3 }, () => ({
      do: "frame" as const,
      changes,
      as: "bytes" as const,
      turned: other,
    }))
  );
  const sent: Uint8Array[] = [];
  const received: Uint8Array[] = [];
  for (const item of said({ fixture, steps })) {
    const piece = item!.data as Uint8Array;
    if (piece.length > 0) (item!.sent ? sent : received).push(piece); // Node passes over what is empty
  }
  return { sent, received };
}

Deno.test("there are fixtures of both kinds", () => {
  assert.ok(TWO_WAY.length > 1 && ONE_WAY.length > 1, `${TWO_WAY.length} and ${ONE_WAY.length}`);
});

Deno.test("whatever goes through a handler of AWS, the very pieces pass, and each attempt ends once", () =>
  check(1000, cases, async (one) => {
    try {
      await play(one);
    } catch (error) {
      world = start(); // what is left open must not fail the next, smaller case
      throw error;
    }
  }));
