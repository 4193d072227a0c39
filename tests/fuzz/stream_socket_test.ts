/** Whatever goes over a `WebSocketStream`: the caller has the very messages, each attempt ends once, all promises settle. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { StreamSocketConnection } from "../../mod.ts";
import { FakeStream } from "../support/fake_stream.ts";
import { socketFixtures } from "../support/fixtures.ts";
import { doors, said, type Talk, talk } from "./frames.ts";
import { check } from "./runs.ts";
import { startWorld, type World } from "./world.ts";

type Message = string | Uint8Array<ArrayBuffer>;

interface Case {
  readonly talk: Talk;
  readonly door: number | null;
  readonly opens: boolean;
  readonly session: boolean;
  /** Whether the caller looks at `closed`. */
  readonly looks: boolean;
  /** Messages after which something happens to the socket. */
  readonly after: number;
  readonly end:
    | "closes"
    | "breaks"
    | "caller closes"
    | "caller cancels"
    | "caller aborts"
    | "writer closes"
    | "session";
  readonly code: number | undefined;
  /** Whether the caller reads on to the end. */
  readonly reads: boolean;
}

const cases: fc.Arbitrary<Case> = fc.record({
  talk,
  door: fc.option(fc.nat(doors.length - 1), { freq: 3 }),
  opens: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  session: fc.boolean(),
  looks: fc.boolean(),
  after: fc.nat(40),
  end: fc.constantFrom(
    "closes",
    "closes",
    "breaks",
    "caller closes",
    "caller cancels",
    "caller aborts",
    "writer closes",
    "session",
  ),
  code: fc.constantFrom(undefined, 1000, 1005, 1006, 1011, 4000),
  reads: fc.boolean(),
});

/** As the platform has it: what the caller does closes the socket, and the close takes the streams with it. */
class Platform extends FakeStream {
  #over = false;

  override accept(): void {
    super.accept(4);
    // the platform marks it as handled once the socket is open
    this.close_.promise.catch(() => {});
  }

  /** The socket is closed, or broke with that error. */
  shut(code: number | undefined, error?: Error): void {
    if (this.#over) return;
    this.#over = true;
    if (error === undefined) {
      this.close_.resolve({ ...code !== undefined && { closeCode: code }, reason: "" });
      attempt(() => this.messages.close());
      attempt(() => this.target.error(new TypeError("closed")));
      return;
    }
    this.close_.reject(error);
    attempt(() => this.messages.error(error));
    attempt(() => this.target.error(error));
  }
}

/** A stream that is over already says so. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // as said
  }
}

const start = (): World => startWorld({ WebSocketStream: Platform });
let world = start();

/** Rejections that nobody took, of the case that is played. */
let unhandled: unknown[] = [];

async function play(one: Case): Promise<void> {
  const { telemetry } = world;
  const session = one.session || one.end === "session" ? telemetry.startSession({ id: "s" }) : undefined;
  const url = one.door === null ? socketFixtures[one.talk.fixture]!.socket.url : doors[one.door]!.url;
  const socket = new (session ?? telemetry).WebSocketStream!(url);
  const fake = FakeStream.last as Platform;
  const broken = new Error("the platform's own");
  const closed = one.looks ? socket.closed.then(() => undefined, (error: unknown) => error) : undefined;
  if (!one.opens) {
    fake.close_.promise.catch(() => {});
    fake.open.reject(broken);
    fake.close_.reject(broken);
    await assert.rejects(socket.opened, (error) => error === broken);
    if (closed !== undefined) assert.equal(await closed, broken);
    session?.end();
    await world.settled();
    return;
  }
  fake.accept();
  const { readable, writable } = await socket.opened;
  await talkOver(one, fake, { readable, writable }, broken);
  if (one.end === "caller closes") socket.close();
  if (one.end === "session") session!.end();
  fake.shut(one.code, one.end === "breaks" ? broken : undefined);
  if (closed !== undefined) assert.equal(await closed, one.end === "breaks" ? broken : undefined);
  await new Promise((resolve) => setTimeout(resolve, 0)); // for whoever is told later, such as a blob's reader
  session?.end();
  await world.settled();
  assert.deepEqual(unhandled, []);
}

/** Says what is said, up to the end that the caller makes; reads what comes. */
async function talkOver(
  one: Case,
  fake: Platform,
  { readable, writable }: Pick<StreamSocketConnection, "readable" | "writable">,
  broken: Error,
): Promise<void> {
  const reader = readable.getReader();
  const writer = writable.getWriter();
  writer.closed.catch(() => {});
  reader.closed.catch(() => {});
  const came: unknown[] = [];
  const went: unknown[] = [];
  const writes: Promise<unknown>[] = [];
  const got: unknown[] = [];
  let count = 0;
  for (const item of said(one.talk)) {
    if (count++ >= one.after) break;
    if (item === undefined) await new Promise((resolve) => setTimeout(resolve, 0));
    else if (item.sent) {
      went.push(item.data);
      writes.push(writer.write(item.data as Message));
    } else {
      came.push(item.data);
      fake.messages.enqueue(item.data as Message);
      if (count % 3 > 0) got.push((await reader.read()).value);
    }
  }
  await Promise.all(writes);
  assert.ok(fake.written.length === went.length && fake.written.every((data, i) => data === went[i]), "went");
  if (one.end === "caller cancels") await reader.cancel("enough");
  if (one.end === "caller aborts") await writer.abort("enough");
  if (one.end === "writer closes") await writer.close();
  if (one.reads && one.end === "closes") {
    fake.shut(one.code);
    for (let next = await reader.read(); !next.done; next = await reader.read()) got.push(next.value);
    assert.equal(got.length, came.length, "all that came");
  }
  if (one.reads && one.end === "breaks") {
    fake.shut(one.code, broken);
    await assert.rejects(
      (async () => {
        while (!(await reader.read()).done);
      })(),
      (error) => error === broken,
    );
  }
  assert.ok(got.every((data, i) => data === came[i]), "the very messages, in order");
}

Deno.test("whatever goes over a stream socket, the caller has the very messages, and each attempt ends once", async () => {
  const keep = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    unhandled.push(event.reason);
  };
  addEventListener("unhandledrejection", keep);
  try {
    await check(1000, cases, async (one) => {
      unhandled = [];
      try {
        await play(one);
      } catch (error) {
        world = start(); // what is left open must not fail the next, smaller case
        throw error;
      }
    });
  } finally {
    removeEventListener("unhandledrejection", keep);
  }
});
