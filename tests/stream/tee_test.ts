import assert from "node:assert/strict";
import { type BodyObserver, teeBody } from "../../src/stream/tee.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const bytes = (text: string): Bytes => new TextEncoder().encode(text);
const text = (chunk: Uint8Array): string => new TextDecoder().decode(chunk);

/** An observer that is a list, and shares it with whoever reads. */
function listObserver(log: string[] = []): BodyObserver & { readonly log: string[] } {
  return {
    log,
    chunk: (chunk) => void log.push(`seen ${text(chunk)}`),
    end: () => void log.push("end"),
    cancel: (reason) => void log.push(`cancel ${reason}`),
    error: (reason) => void log.push(`error ${reason}`),
  };
}

/** A source that counts pulls and hands out `chunks`. */
function countedSource(chunks: readonly string[], type?: "bytes") {
  const counts = { pulls: 0, cancelled: undefined as unknown };
  let next = 0;
  const stream = new ReadableStream({
    ...type && { type },
    pull(controller: ReadableStreamController<Bytes>) {
      counts.pulls++;
      if (next < chunks.length) controller.enqueue(bytes(chunks[next++]!));
      else {
        controller.close();
        if ("byobRequest" in controller) controller.byobRequest?.respond(0);
      }
    },
    cancel(reason: unknown) {
      counts.cancelled = reason;
    },
  } as UnderlyingByteSource, { highWaterMark: 0 }) as ReadableStream<Bytes>;
  return { stream, counts };
}

for (const type of ["bytes", undefined] as const) {
  const kind = type === "bytes" ? "byte source" : "default source";

  Deno.test(`teeBody() shows each chunk to the observer before the reader has it (${kind})`, async () => {
    const observer = listObserver();
    for await (const chunk of teeBody(countedSource(["a", "b"], type).stream, observer)) {
      observer.log.push(`read ${text(chunk)}`);
    }
    observer.log.push("done");
    assert.deepEqual(observer.log, ["seen a", "read a", "seen b", "read b", "end", "done"]);
  });

  Deno.test(`teeBody() pulls only when pulled (${kind})`, async () => {
    const { stream, counts } = countedSource(["a", "b", "c"], type);
    const reader = teeBody(stream, listObserver()).getReader();
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(counts.pulls, 0);
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(counts.pulls, 1);
    await reader.cancel();
  });

  Deno.test(`teeBody() forwards a cancel in the same task (${kind})`, async () => {
    const { stream, counts } = countedSource(["a", "b"], type);
    const observer = listObserver();
    const reader = teeBody(stream, observer).getReader();
    await reader.read();
    const cancelled = reader.cancel("enough");
    assert.equal(counts.cancelled, "enough");
    assert.deepEqual(observer.log, ["seen a", "cancel enough"]);
    await cancelled;
    assert.deepEqual(await reader.read(), { done: true, value: undefined });
    assert.deepEqual(observer.log, ["seen a", "cancel enough"]);
  });

  Deno.test(`teeBody() forwards a cancel while a read waits, and observes nothing after it (${kind})`, async () => {
    let late: ReadableStreamController<Bytes>;
    const stream = new ReadableStream({
      ...type && { type },
      start: (controller: ReadableStreamController<Bytes>) => void (late = controller),
    } as UnderlyingByteSource, { highWaterMark: 0 }) as ReadableStream<Bytes>;
    const observer = listObserver();
    const reader = teeBody(stream, observer).getReader();
    const waiting = reader.read();
    await reader.cancel("now");
    assert.deepEqual(await waiting, { done: true, value: undefined });
    assert.throws(() => late.enqueue(bytes("too late")));
    assert.deepEqual(observer.log, ["cancel now"]);
  });

  Deno.test(`teeBody() passes an error on by identity (${kind})`, async () => {
    const reason = new Error("reset");
    const stream = new ReadableStream({
      ...type && { type },
      pull: () => Promise.reject(reason),
    } as UnderlyingByteSource, { highWaterMark: 0 }) as ReadableStream<Bytes>;
    const observer = listObserver();
    const reader = teeBody(stream, observer).getReader();
    await assert.rejects(reader.read(), (error) => error === reason);
    await assert.rejects(reader.closed, (error) => error === reason);
    assert.deepEqual(observer.log, ["error Error: reset"]);
  });

  Deno.test(`teeBody() tells an idle reader of an error at once (${kind})`, async () => {
    const reason = new Error("reset");
    let controller: ReadableStreamController<Bytes>;
    const stream = new ReadableStream({
      ...type && { type },
      start: (own: ReadableStreamController<Bytes>) => void (controller = own),
    } as UnderlyingByteSource, { highWaterMark: 0 }) as ReadableStream<Bytes>;
    const observer = listObserver();
    const reader = teeBody(stream, observer).getReader();
    controller!.error(reason);
    await assert.rejects(reader.closed, (error) => error === reason);
    assert.deepEqual(observer.log, ["error Error: reset"]);
  });

  Deno.test(`teeBody() hands on what was queued when the source closes (${kind})`, async () => {
    const stream = new ReadableStream({
      ...type && { type },
      start(controller: ReadableStreamController<Bytes>) {
        controller.enqueue(bytes("a"));
        controller.enqueue(bytes("b"));
        controller.close();
      },
    } as UnderlyingByteSource) as ReadableStream<Bytes>;
    const observer = listObserver();
    for await (const chunk of teeBody(stream, observer)) observer.log.push(`read ${text(chunk)}`);
    assert.deepEqual(observer.log, ["seen a", "read a", "seen b", "read b", "end"]);
  });
}

Deno.test("teeBody() fails an idle reader in the dispatch of the abort, and lets go of the signal", async () => {
  const observer = listObserver();
  const controller = new AbortController();
  const reader = teeBody(countedSource(["a"], "bytes").stream, observer, controller.signal).getReader();
  await reader.read();
  controller.abort("now");
  assert.deepEqual(observer.log, ["seen a", "error now"]);
  await assert.rejects(reader.cancel("later"), (reason) => reason === "now");
  await assert.rejects(reader.closed, (reason) => reason === "now");
  assert.deepEqual(observer.log, ["seen a", "error now"]);
});

Deno.test("teeBody() can be read with a BYOB reader where the source could, to its end", async () => {
  const observer = listObserver();
  const reader = teeBody(countedSource(["hello", "!"], "bytes").stream, observer).getReader({ mode: "byob" });
  let whole = "";
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(3));
    if (value) whole += text(value);
    if (done) break;
  }
  assert.equal(whole, "hello!");
  assert.deepEqual(observer.log, ["seen hello", "seen !", "end"]);
});

Deno.test("teeBody() gives no BYOB reader where the source gave none", () => {
  const tee = teeBody(countedSource(["a"]).stream, listObserver());
  assert.throws(() => tee.getReader({ mode: "byob" }), TypeError);
});

Deno.test("teeBody() leaves a chunk alone that its source hands out twice", async () => {
  const chunk = bytes("same");
  let left = 2;
  const stream = new ReadableStream<Bytes>({
    pull: (controller) => left-- > 0 ? controller.enqueue(chunk) : controller.close(),
  });
  let whole = "";
  for await (const piece of teeBody(stream, listObserver())) whole += text(piece);
  assert.equal(whole, "samesame");
});

Deno.test("teeBody() passes on what is no bytes, unobserved", async () => {
  const observer = listObserver();
  const stream = ReadableStream.from(["text"]) as unknown as ReadableStream<Bytes>;
  const chunks: unknown[] = [];
  for await (const chunk of teeBody(stream, observer)) chunks.push(chunk);
  assert.deepEqual(chunks, ["text"]);
  assert.deepEqual(observer.log, ["end"]);
});

Deno.test("teeBody() refuses a body that is locked", () => {
  const { stream } = countedSource(["a"]);
  stream.getReader();
  assert.throws(() => teeBody(stream, listObserver()), TypeError);
});
