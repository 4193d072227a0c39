/** The class of the `ws` package, which the SDKs of most speech providers use. */

import assert from "node:assert/strict";
// @ts-types="@types/ws"
import { WebSocket as PackagedWebSocket } from "ws";
import { startSocketEmulator } from "../../src/testing/mod.ts";
import { type KeptSpan, startKept } from "../support/memory_exporter.ts";
import { AUDIO_BYTES_PER_SECOND, endingOf, speak, toyProvider } from "../support/toy_socket.ts";

type Options = Partial<Parameters<typeof startSocketEmulator>[0]>;
type PackagedClass = typeof PackagedWebSocket;

interface Setup {
  readonly url: string;
  readonly WebSocket: PackagedClass;
  spans(): Promise<readonly KeptSpan[]>;
}

async function withPackage(options: Options, test: (setup: Setup) => Promise<void>): Promise<void> {
  await using emulator = await startSocketEmulator({ serve: speak, ...options });
  const { host } = new URL(emulator.url);
  const telemetry = startKept({
    WebSocket: PackagedWebSocket as never,
    providers: [toyProvider(undefined, host)],
  });
  await test({
    url: `${emulator.url}/v1/speak?key=canary`,
    WebSocket: telemetry.WebSocket as unknown as PackagedClass,
    async spans() {
      await telemetry.flush();
      return telemetry.spans;
    },
  });
  assert.equal(telemetry.stats().openAttempts, 0);
  await telemetry.shutdown();
}

const heard = (socket: PackagedWebSocket, type: string): Promise<unknown[]> =>
  new Promise((resolve) => socket.once(type, (...all: unknown[]) => resolve(all)));

const said = (socket: PackagedWebSocket): Promise<void> =>
  new Promise((resolve) =>
    socket.on("message", (data, isBinary) => !isBinary && String(data).includes("done") && resolve())
  );

Deno.test("ws: a socket is the package's own, emitter and constants", () =>
  withPackage({}, async ({ WebSocket, url }) => {
    const socket = new WebSocket(url, ["one"], { headers: { "x-mine": "1" } });
    assert.ok(socket instanceof PackagedWebSocket);
    assert.equal(WebSocket.OPEN, PackagedWebSocket.OPEN);
    const plain = new PackagedWebSocket(url);
    assert.equal(plain.listenerCount("error"), 0);
    assert.equal(socket.listenerCount("error"), 0); // or errors that nobody hears would go unheard
    assert.equal(socket.listenerCount("unexpected-response"), 0);
    assert.equal(socket.listenerCount("upgrade"), 0);
    await Promise.all([heard(socket, "open"), heard(plain, "open")]);
    assert.equal(socket.protocol, "one");
    assert.equal(socket.emit, PackagedWebSocket.prototype.emit);
    assert.deepEqual(Object.keys(socket), Object.keys(plain));
    const closed = Promise.all([heard(socket, "close"), heard(plain, "close")]);
    socket.close();
    plain.close();
    await closed;
  }));

Deno.test("ws: ids come from the handshake, audio from buffers of each binary type", () =>
  withPackage({ handshake: () => ({ headers: { "X-Request-Id": "req_shake" } }) }, async (setup) => {
    for (const binaryType of ["nodebuffer", "arraybuffer"] as const) {
      const socket = new setup.WebSocket(setup.url);
      socket.binaryType = binaryType;
      await heard(socket, "open");
      const done = said(socket);
      socket.send('{"context":"a","text":"Hello"}', () => {});
      await done;
      const closed = heard(socket, "close");
      socket.close(1000, "enough");
      await closed;
    }
    const spans = await setup.spans();
    assert.equal(spans.length, 2);
    for (const { attributes } of spans) {
      assert.deepEqual(attributes["lk.provider_request_ids"], ["req_shake", "req_a"]);
      assert.equal(attributes["teespan.audio.duration"], 500 / AUDIO_BYTES_PER_SECOND);
      assert.equal(attributes["teespan.characters"], 5);
      assert.match(String(attributes["url.full"]), /\?key=REDACTED$/);
    }
  }));

const refusal: Options = {
  handshake: () => ({ status: 429, headers: { "x-request-id": "req_429" }, body: "slow down" }),
};

function assertRefused(spans: readonly KeptSpan[]): void {
  assert.deepEqual(spans.map(endingOf), [["error", "429", undefined]]);
  assert.equal(spans[0]!.attributes["http.response.status_code"], 429);
  assert.deepEqual(spans[0]!.attributes["lk.provider_request_ids"], ["req_429"]);
}

Deno.test("ws: a refused handshake leaves status and id, and fails as without us", () =>
  withPackage(refusal, async ({ WebSocket, url, spans }) => {
    const socket = new WebSocket(url);
    const closed = heard(socket, "close");
    const [error] = await heard(socket, "error");
    assert.equal((error as Error).message, "Unexpected server response: 429");
    await closed;
    assertRefused(await spans());
  }));

Deno.test("ws: a refused handshake is the caller's to read if it listens for that", () =>
  withPackage(refusal, async ({ WebSocket, url, spans }) => {
    const socket = new WebSocket(url);
    const [, response] = await heard(socket, "unexpected-response") as [unknown, AsyncIterable<Uint8Array>];
    assertRefused(await spans()); // it ended before the caller heard
    let body = "";
    for await (const piece of response) body += piece;
    assert.equal(body, "slow down");
    const failed = heard(socket, "error");
    const closed = heard(socket, "close");
    socket.terminate();
    await Promise.all([failed, closed]);
    assertRefused(await spans());
  }));

Deno.test("ws: a provider that cannot be reached leaves connect_failed", () =>
  withPackage({ handshake: () => Promise.reject(new Error("hangs up")) }, async (setup) => {
    const socket = new setup.WebSocket(setup.url);
    const closed = heard(socket, "close");
    await heard(socket, "error");
    await closed;
    assert.deepEqual((await setup.spans()).map(endingOf), [["error", "connect_failed", undefined]]);
  }));

for (const act of ["close", "terminate"] as const) {
  Deno.test(`ws: ${act} by the caller cancels what is open`, () =>
    withPackage({ serve: (connection) => connection.stall() }, async ({ WebSocket, url, spans }) => {
      const socket = new WebSocket(url);
      await heard(socket, "open");
      socket.send('{"context":"a","text":"Hello"}');
      const closed = heard(socket, "close");
      socket[act]();
      await closed;
      const code = act === "close" ? 1005 : 1006;
      assert.deepEqual((await spans()).map(endingOf), [["cancelled", undefined, code]]);
    }));
}

Deno.test("ws: a caller that closes after the provider did has not done it", () =>
  withPackage({
    async serve(connection) {
      await connection.next();
      connection.close(1011, "worn out");
    },
  }, async ({ WebSocket, url, spans }) => {
    const socket = new WebSocket(url);
    await heard(socket, "open");
    socket.send('{"context":"a","text":"Hello"}');
    const closed = heard(socket, "close");
    while (socket.readyState === WebSocket.OPEN) await new Promise((resolve) => setTimeout(resolve, 0));
    socket.close();
    socket.terminate();
    const [code] = await closed;
    assert.deepEqual((await spans()).map(endingOf), [["error", "close_1011", code]]);
  }));

Deno.test("ws: send throws what the package throws, and a frame it drops begins nothing", () =>
  withPackage({}, async ({ WebSocket, url, spans }) => {
    const socket = new WebSocket(url);
    assert.throws(() => socket.send("x"), /not open: readyState 0/);
    await heard(socket, "open");
    const closed = heard(socket, "close");
    socket.close();
    const dropped = await new Promise((resolve) => socket.send('{"context":"a"}', resolve));
    assert.match(String(dropped), /not open: readyState 2/);
    await closed;
    assert.deepEqual(await spans(), []);
  }));

Deno.test("ws: an error that nobody listens for is thrown, as without us", () =>
  withPackage({}, async ({ WebSocket, url }) => {
    const socket = new WebSocket(url);
    const error = new Error("nobody's");
    assert.throws(() => socket.emit("error", error), (thrown) => thrown === error);
    await heard(socket, "open");
    const closed = heard(socket, "close");
    socket.close();
    await closed;
  }));
