/** Whatever goes over a socket, for whatever format: the caller has the very frames, and each attempt ends once. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { WebSocketClass } from "../../src/instrument/websocket.ts";
import { FakeWebSocket } from "../support/fake_websocket.ts";
import { frameData, socketFixtures } from "../support/fixtures.ts";
import { type As, as, changedFrame, type Content, doors, inKind } from "./frames.ts";
import { type Change, change } from "./odd.ts";
import { check } from "./runs.ts";
import { startWorld, type World } from "./world.ts";

type Step =
  /** The next frame that was written down, changed or as another kind of frame. */
  | { readonly do: "frame"; readonly changes: readonly Change[]; readonly as: As; readonly turned: boolean }
  /** One from anywhere. */
  | { readonly do: "other"; readonly fixture: number; readonly frame: number; readonly as: As }
  | { readonly do: "skip" }
  | { readonly do: "again" }
  | { readonly do: "noise"; readonly content: string; readonly sent: boolean; readonly as: As }
  | { readonly do: "open" | "fault" | "hangUp" | "wait" | "endSession" | "endSession" }
  | { readonly do: "shut"; readonly code: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.record({
      do: fc.constant("frame" as const),
      changes: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(change, { minLength: 1, maxLength: 2 }) },
      ),
      as,
      turned: fc.oneof({ weight: 15, arbitrary: fc.constant(false) }, {
        weight: 1,
        arbitrary: fc.constant(true),
      }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("other" as const), fixture: fc.nat(), frame: fc.nat(), as }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("skip" as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("again" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("noise" as const),
      content: fc.oneof(
        fc.string({ unit: "binary" }),
        fc.json(),
        fc.constantFrom("", "{", "null", "[[[[", '{"type":{}}'),
      ),
      sent: fc.boolean(),
      as,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("open", "wait") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("fault", "hangUp", "endSession") }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("shut" as const),
      code: fc.constantFrom(0, 1000, 1001, 1005, 1006, 1008, 1011, 3000, 4001, 4999),
    }),
  },
);

interface Case {
  readonly fixture: number;
  readonly door: number | null;
  readonly opened: boolean;
  readonly steps: readonly Step[];
  readonly session: boolean;
  readonly handedOver: boolean;
  readonly end: "shut" | "session";
}

const cases: fc.Arbitrary<Case> = fc.record({
  fixture: fc.nat(socketFixtures.length - 1),
  door: fc.option(fc.nat(doors.length - 1), { freq: 3 }),
  opened: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  steps: fc.array(step, { maxLength: 60, size: "max" }),
  session: fc.boolean(),
  handedOver: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, {
    weight: 1,
    arbitrary: fc.constant(true),
  }),
  end: fc.constantFrom("shut", "session"),
});

/** A socket that says what it took. */
class Taking extends FakeWebSocket {
  readonly taken: unknown[] = [];
  override send(data: unknown): void {
    this.taken.push(data);
  }
}

const start = (): World => startWorld({ WebSocket: Taking as unknown as WebSocketClass });
let world = start();

async function play(
  { fixture, door, opened, steps, session: inSession, handedOver, end }: Case,
): Promise<void> {
  const { socket: { url, headers }, frames } = socketFixtures[fixture]!;
  const { telemetry } = world;
  const session = inSession || end === "session" ? telemetry.startSession({ id: "s" }) : undefined;
  const from = session ?? telemetry;
  const address = door === null ? url : doors[door]!.url;
  const socket =
    (handedOver
      ? from.observeSocket(new Taking(address), { url: address })
      : new from.WebSocket(address, { headers } as unknown as string[])) as unknown as Taking;

  const heard: unknown[] = [];
  const told: unknown[] = [];
  const sent: unknown[] = [];
  let blobs = false;
  let openAtClose = 0;
  let isOpen = opened;
  /** Nothing goes over a socket whose handshake failed. */
  let refused = false;
  let shut = false;
  /** Whether the session ended before its socket. */
  let late = false;
  socket.addEventListener("message", (event) => heard.push((event as MessageEvent).data));
  socket.addEventListener("close", () => {
    if (!blobs) openAtClose = Math.max(openAtClose, telemetry.stats().openAttempts);
  });
  const send = (data: unknown): void => {
    if (refused) return;
    blobs ||= data instanceof Blob;
    sent.push(data);
    socket.send(data);
  };
  const receive = (data: unknown): void => {
    if (refused) return;
    blobs ||= data instanceof Blob;
    told.push(data);
    socket.receive(data);
  };

  if (opened) socket.open();
  const written = frames.filter((frame): frame is Content => !("closed" in frame));
  let at = 0;
  for (const one of steps) {
    if (one.do === "frame" || one.do === "again") {
      const frame = written[one.do === "again" ? Math.max(at - 1, 0) : at++];
      if (frame === undefined) continue;
      const content = frameData(frame);
      const data = one.do === "again" ? content : inKind(changedFrame(content, one.changes), one.as);
      if ("sent" in frame !== (one.do === "frame" && one.turned)) send(data);
      else receive(data);
    } else if (one.do === "other") {
      const others = socketFixtures[one.fixture % socketFixtures.length]!.frames;
      const frame = others[one.frame % others.length]!;
      if ("closed" in frame) continue;
      if ("sent" in frame) send(inKind(frameData(frame), one.as));
      else receive(inKind(frameData(frame), one.as));
    } else if (one.do === "noise") {
      (one.sent ? send : receive)(inKind(one.content, one.as));
    } else if (one.do === "skip") at++;
    else if (one.do === "open") {
      if (refused) continue;
      isOpen = true;
      socket.open();
    } else if (one.do === "fault") {
      refused ||= !isOpen;
      socket.dispatchEvent(new ErrorEvent("error", { message: "status code: 401" }));
    } else if (one.do === "hangUp") socket.close();
    else if (one.do === "wait") await new Promise((resolve) => setTimeout(resolve, 0));
    else if (one.do === "endSession") {
      late ||= session !== undefined;
      session?.end();
    } else if (one.do === "shut") {
      shut = true;
      socket.readyState = 3;
      socket.shut(one.code);
    }
  }
  if (end === "session") session!.end();
  late ||= end === "session" && blobs; // those are still being read
  if ((end === "shut" || late) && !shut) {
    socket.readyState = 3;
    socket.shut(1000);
  }
  // frames that are blobs are read a little later, and the close behind them
  if (blobs) await new Promise((resolve) => setTimeout(resolve, 1));
  session?.end();
  assert.ok(heard.length === told.length && heard.every((data, i) => data === told[i]), "frames that came");
  assert.ok(
    socket.taken.length === sent.length && socket.taken.every((data, i) => data === sent[i]),
    "frames that went",
  );
  assert.equal(openAtClose, 0, "ended before the caller knew");
  await world.settled();
}

Deno.test("whatever goes over a socket, the caller has the very frames, and each attempt ends once", () =>
  check(1500, cases, async (one) => {
    try {
      await play(one);
    } catch (error) {
      world = start(); // what is left open must not fail the next, smaller case
      throw error;
    }
  }));
