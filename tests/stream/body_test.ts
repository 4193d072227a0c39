import assert from "node:assert/strict";
import { once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { isStreamed, tapBody } from "../../src/stream/body.ts";
import type { BodyObserver } from "../../src/stream/tee.ts";

/** An observer that is a list. */
function record(): { readonly seen: unknown[]; readonly observer: BodyObserver } {
  const seen: unknown[] = [];
  return {
    seen,
    observer: {
      chunk: (bytes) => void seen.push(new TextDecoder().decode(bytes)),
      end: () => void seen.push("end"),
      cancel: () => void seen.push("cancel"),
      error: (reason) => void seen.push(["error", Object(reason).code ?? Object(reason).message]),
    },
  };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

Deno.test("tapBody() leaves a stream of Node the same object, at rest until somebody reads it", async () => {
  const { seen, observer } = record();
  let reads = 0;
  const source = new Readable({
    highWaterMark: 1,
    read() {
      this.push(reads++ < 3 ? bytes(String(reads)) : null);
    },
  });
  assert.equal(tapBody(source, observer), source);
  await turn();
  assert.equal(reads, 0);
  assert.equal(source.readableFlowing, null);
  const came: string[] = [];
  for await (const piece of source) {
    came.push(new TextDecoder().decode(piece));
    assert.equal(seen.at(-1), came.at(-1), "what was read was seen, and no more");
  }
  assert.deepEqual(seen, ["1", "2", "3", "end"]);
  await turn();
  assert.deepEqual(seen, ["1", "2", "3", "end"], "its close is no other end");
});

Deno.test("tapBody() sees what a pipe carries, before its target does", async () => {
  const { seen, observer } = record();
  const source = new PassThrough();
  const target = new PassThrough();
  const order: string[] = [];
  target.on("data", (piece) => order.push(`${seen.length} ${new TextDecoder().decode(piece)}`));
  (tapBody(source, observer) as PassThrough).pipe(target);
  source.write(bytes("a"));
  await turn();
  source.end(bytes("b"));
  await once(target, "end");
  assert.deepEqual(order, ["1 a", "2 b"]);
  assert.deepEqual(seen, ["a", "b", "end"]);
});

Deno.test("tapBody() tells of a cancel in the same task, and of an error by identity", async () => {
  const { seen, observer } = record();
  const cancelled = new PassThrough();
  tapBody(cancelled, observer);
  cancelled.write(bytes("a"));
  cancelled.read();
  cancelled.destroy();
  assert.deepEqual(seen, ["a", "cancel"]);
  await once(cancelled, "close");
  assert.deepEqual(seen, ["a", "cancel"]);

  const failure = new Error("mine");
  const failed = new PassThrough();
  const told: unknown[] = [];
  tapBody(failed, { ...record().observer, error: (reason) => void told.push(reason) });
  failed.on("error", (reason) => told.push(reason));
  failed.destroy(failure);
  await new Promise<void>((resolve) => failed.on("close", resolve));
  assert.deepEqual(told, [failure, failure]);
});

Deno.test("tapBody() tells that a stream of Node was closed before its end", async () => {
  const { seen, observer } = record();
  const source = Object.assign(new PassThrough(), { session: { destroyed: false } });
  tapBody(source, observer);
  source.session.destroyed = true; // a lost connection destroys its streams without an error
  source.destroy();
  await once(source, "close");
  assert.deepEqual(seen, [["error", "ERR_STREAM_PREMATURE_CLOSE"]]);
});

Deno.test("tapBody() waits for an end that is on its way when the connection is gone", async () => {
  const { seen, observer } = record();
  const source = Object.assign(new PassThrough(), { session: { destroyed: false } });
  tapBody(source, observer);
  source.end(bytes("a"));
  source.read();
  source.read(); // all is read: the end follows in the next tick
  source.session.destroyed = true;
  source.destroy();
  await once(source, "close");
  assert.deepEqual(seen, ["a", "end"]);
});

Deno.test("tapBody() reads an iterable when its reader does, and passes on return and errors", async () => {
  const { seen, observer } = record();
  const log: string[] = [];
  async function* source() {
    try {
      log.push("1");
      yield bytes("a");
      log.push("2");
      yield bytes("b");
    } finally {
      log.push("closed");
    }
  }
  const tapped = tapBody(source(), observer) as AsyncIterable<Uint8Array>;
  assert.deepEqual(log, []);
  for await (const _ of tapped) break;
  assert.deepEqual(log, ["1", "closed"]);
  assert.deepEqual(seen, ["a", "cancel"]);

  const failure = new Error("mine");
  const failing = record();
  async function* broken() {
    yield bytes("a");
    throw failure;
  }
  await assert.rejects(async () => {
    for await (const _ of tapBody(broken(), failing.observer) as AsyncIterable<unknown>);
  }, (error) => error === failure);
  assert.deepEqual(failing.seen, ["a", ["error", "mine"]]);
});

Deno.test("tapBody() tells of an abort in its dispatch, whatever the body, and once", () => {
  for (
    const body of [
      new PassThrough(),
      (async function* () {
        yield bytes("a");
      })(),
    ]
  ) {
    const { seen, observer } = record();
    const controller = new AbortController();
    tapBody(body, observer, controller.signal);
    controller.abort(new Error("enough"));
    assert.deepEqual(seen, [["error", "enough"]]);
    if (body instanceof PassThrough) body.destroy();
    assert.equal(seen.length, 1);
  }
});

Deno.test("tapBody() tees a stream of the web platform, and takes what is there at once", async () => {
  const streamed = record();
  const stream = tapBody(new Blob(["abc"]).stream(), streamed.observer) as ReadableStream<Uint8Array>;
  assert.deepEqual(streamed.seen, []);
  assert.equal(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).text(), "abc");
  assert.deepEqual(streamed.seen, ["abc", "end"]);

  const whole = record();
  const body = bytes("abc");
  assert.equal(tapBody(body, whole.observer), body);
  assert.deepEqual(whole.seen, ["abc", "end"]);
});

Deno.test("isStreamed() tells streams from what is there at once", () => {
  for (const body of [new PassThrough(), new Blob(["a"]).stream(), (async function* () {})()]) {
    assert.equal(isStreamed(body), true);
  }
  for (const body of ["text", bytes("a"), undefined, null, new Blob(["a"])]) {
    assert.equal(isStreamed(body), false);
  }
});
