/**
 * Sockets through telemetry's `WebSocketStream`, each beside a plain one. The URLs of an emulator that plays the toy
 * and of a server that reads nothing are the arguments; what was seen is printed.
 */

import assert from "node:assert/strict";
import { instrumentWebSocketStream, type StreamSocket, type StreamSocketConnection } from "@teespan/teespan";
import { startKept } from "../support/memory_exporter.ts";
import { toyProvider } from "../support/toy_socket.ts";

const [base, deaf] = Deno.args as [string, string];
const url = `${base}/v1/speak`;
const telemetry = startKept({
  providers: [toyProvider(undefined, ...[base, deaf].map((url) => new URL(url).host))],
});
const { WebSocketStream } = telemetry;
assert.ok(WebSocketStream);
const both = [globalThis.WebSocketStream, WebSocketStream];

const unhandled: Promise<unknown>[] = [];
addEventListener("unhandledrejection", (event) => {
  if (event.reason.name !== "WebSocketError") return;
  event.preventDefault();
  unhandled.push(event.promise);
});

/** What ended since the last time, and whether anything is open. */
let told = 0;
async function spans(): Promise<unknown[]> {
  await telemetry.flush();
  const fresh = telemetry.spans.slice(told).map(({ attributes }) => attributes);
  told = telemetry.spans.length;
  return fresh;
}

const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

function ended(): number {
  return telemetry.stats().endedAttempts;
}

async function speak({ readable, writable }: StreamSocketConnection, context: string): Promise<unknown[]> {
  const writer = writable.getWriter();
  const reader = readable.getReader();
  const messages: unknown[] = [];
  await writer.write(JSON.stringify({ context, text: "Hello" }));
  for (let done = false; !done;) {
    const { value } = await reader.read();
    messages.push(value instanceof Uint8Array ? [value.length, value.constructor.name] : value);
    done = typeof value === "string" && JSON.parse(value).done === true;
  }
  writer.releaseLock();
  reader.releaseLock();
  return messages;
}

const seen: Record<string, unknown> = {};

// a subclass, used like the plain one
assert.equal(WebSocketStream.name, "WebSocketStream");
assert.equal(WebSocketStream.length, globalThis.WebSocketStream.length);
for (const fault of ["x", "nope://x", `${url}#x`]) {
  const thrown = both.map((Class) => {
    try {
      return new Class(fault);
    } catch (error) {
      return [(error as Error).name, (error as Error).message];
    }
  });
  assert.deepEqual(thrown[1], thrown[0]);
}

// contexts, one after another, then closed by the caller
{
  const outcomes: unknown[] = [];
  for (const Class of both) {
    const socket = new Class(url, { protocols: ["one"], headers: { "x-own": "1" } }) as StreamSocket;
    assert.ok(socket instanceof globalThis.WebSocketStream);
    const connection = await socket.opened;
    assert.equal(await socket.opened, connection);
    const messages = [await speak(connection, "a")];
    if (Class === WebSocketStream) assert.equal(ended(), 1);
    messages.push(await speak(connection, "b"));
    if (Class === WebSocketStream) assert.equal(ended(), 2);
    socket.close({ closeCode: 4001, reason: "bye" });
    const closed = await socket.closed;
    const { protocol, extensions } = connection;
    outcomes.push([Object.keys(connection), protocol, extensions, socket.url, messages, closed]);
  }
  assert.deepEqual(outcomes[1], outcomes[0]);
  seen.contexts = await spans();
}

// the caller closes, cancels or aborts in the middle; or the provider closes
const endings: Record<string, (socket: StreamSocket, open: StreamSocketConnection) => Promise<unknown>> = {
  close: (socket) => Promise.resolve(socket.close()),
  cancel: (_, { readable }) => readable.cancel("enough"),
  "writer close": (_, { writable }) => writable.close(),
  abort: (_, { writable }) => writable.abort("enough"),
  "by the provider": async (_, { writable }) => {
    const writer = writable.getWriter();
    await writer.write(JSON.stringify({ context: "close 1011" }));
    await writer.closed;
    await assert.rejects(writer.write("late"), TypeError);
    await assert.rejects(writer.close(), TypeError);
  },
};
for (const [name, end] of Object.entries(endings)) {
  const outcomes: unknown[] = [];
  for (const Class of both) {
    const before = ended();
    const socket = new Class(url) as StreamSocket;
    const open = await socket.opened;
    const writer = open.writable.getWriter();
    await writer.write(JSON.stringify({ context: "silent" }));
    writer.releaseLock();
    const reader = name === "cancel" ? undefined : open.readable.getReader();
    const read = reader?.read().then(({ done }) => {
      assert.equal(ended() > before, Class === WebSocketStream, `${name}: done`);
      return done;
    });
    const closed = socket.closed.then((info) => {
      assert.equal(ended() > before, Class === WebSocketStream, `${name}: closed`);
      return info;
    });
    const result = await end(socket, open);
    outcomes.push([result, await closed, await read, await reader?.closed]);
  }
  assert.deepEqual(outcomes[1], outcomes[0], name);
  seen[name] = await spans();
}

// piped: one to a socket that the provider closed fails, as the standard says; Deno's own never notices
{
  const socket = new WebSocketStream(url);
  const { writable, readable } = await socket.opened;
  const reading = readable.pipeTo(new WritableStream());
  const source = new ReadableStream<string>({
    start: (controller) => controller.enqueue(JSON.stringify({ context: "close 1000" })),
  });
  await assert.rejects(source.pipeTo(writable), TypeError);
  await reading;
  seen.pipe = await spans();
}

// messages of the wrong kind are refused, and count as not sent
{
  const outcomes: unknown[] = [];
  for (const Class of both) {
    const socket = new Class(url) as StreamSocket;
    const { writable } = await socket.opened;
    const writer = writable.getWriter();
    const errors: unknown[] = [];
    const keep = (error: unknown): void => void errors.push(error);
    await writer.write(7 as never).catch(keep);
    await writer.closed.catch(keep);
    await writer.ready.catch(keep);
    assert.equal(new Set(errors).size, 1);
    outcomes.push(String(errors[0]));
    socket.close();
    await socket.closed;
  }
  assert.deepEqual(outcomes[1], outcomes[0]);
  assert.deepEqual(await spans(), []);
}

// a refused handshake, whoever looks at what
for (const looks of [["opened", "closed"], ["opened"], ["closed"], []] as const) {
  const outcomes: unknown[] = [];
  for (const Class of both) {
    unhandled.length = 0;
    const socket = new Class(`${url}?refuse`) as StreamSocket;
    const errors = looks.map((name) => socket[name].catch((error) => error));
    for (const error of errors) assert.equal(await error, await errors[0]);
    await pause(50);
    const [error] = await Promise.all(errors);
    outcomes.push([String(error), unhandled.length]);
  }
  assert.deepEqual(outcomes[1], outcomes[0], looks.join());
}
seen.refused = await spans();

// given up before it opened
{
  for (const Class of both) {
    const aborting = new AbortController();
    const reason = new Error("caller's");
    const socket = new Class(`${url}?slow`, { signal: aborting.signal }) as StreamSocket;
    aborting.abort(reason);
    const errors = await Promise.all(
      [socket.opened, socket.closed].map((promise) => promise.catch((e) => e)),
    );
    assert.deepEqual(errors.map((error) => error === reason), [true, true]);
    const early = new Class(`${url}?slow`) as StreamSocket;
    early.close();
    await assert.rejects(early.opened, { name: "WebSocketError" });
    await assert.rejects(early.closed, { name: "WebSocketError" });
  }
  assert.deepEqual(await spans(), []);
}

// broken
{
  const outcomes: unknown[] = [];
  for (const Class of both) {
    unhandled.length = 0;
    const socket = new Class(url) as StreamSocket;
    const { readable, writable } = await socket.opened;
    await writable.getWriter().write(JSON.stringify({ context: "reset" }));
    const reader = readable.getReader();
    const error = await reader.read().catch((error) => error);
    assert.equal(await reader.closed.catch((error) => error), error);
    await pause(50);
    outcomes.push([String(error), unhandled.length]);
    assert.equal(await socket.closed.catch((error) => error), error);
  }
  assert.deepEqual(outcomes[1], outcomes[0]);
  seen.broken = await spans();
}

// somewhere else
{
  const keys = [];
  for (const Class of both) {
    const socket = new Class(`${base}/elsewhere`) as StreamSocket;
    keys.push(Reflect.ownKeys(socket));
    await speak(await socket.opened, "a");
    socket.close();
    await socket.closed;
  }
  assert.deepEqual(keys[1], keys[0]);
  assert.deepEqual(await spans(), []);
}

// a peer that reads nothing: as much is taken, by the same marks
{
  const outcomes: unknown[] = [];
  for (const Class of both) {
    const socket = new Class(`${deaf}/v1/speak`) as StreamSocket;
    const { writable } = await socket.opened;
    const writer = writable.getWriter();
    const sizes: unknown[] = [writer.desiredSize];
    const big = new Uint8Array(8_000_000);
    let taken = 0;
    for (let writes = 0; writes < 4; writes++) {
      writer.write(big).then(() => taken++, () => {});
      sizes.push(writer.desiredSize);
      await pause(100);
    }
    const ready = await Promise.race([writer.ready.then(() => "ready"), pause(20)]);
    outcomes.push([sizes, taken, writer.desiredSize, ready]);
    socket.closed.catch(() => {});
    socket.close();
  }
  assert.deepEqual(outcomes[1], outcomes[0]);
  seen.stalled = outcomes[1];
}

// wrapped twice, and a session's own
{
  const outer = startKept({ WebSocketStream, providers: [toyProvider(undefined, new URL(base).host)] });
  const session = outer.startSession({ id: "s1" });
  const plain = instrumentWebSocketStream(undefined, { providers: [] });
  for (const Class of [outer.WebSocketStream, session.WebSocketStream, plain]) {
    const socket = new Class!(url);
    await speak(await socket.opened, "a");
    socket.close();
    await socket.closed;
  }
  session.end();
  await outer.flush();
  seen.parents = outer.spans.filter(({ name }) => name === "tts_request_run")
    .map(({ span }) => span.parentSpanContext !== undefined);
  await outer.shutdown();
  assert.deepEqual(await spans(), []);
}

await telemetry.shutdown();
console.log(JSON.stringify(seen));
Deno.exit(0);
