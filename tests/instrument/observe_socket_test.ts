import assert from "node:assert/strict";
// @ts-types="@types/ws"
import { WebSocket as PackagedWebSocket } from "ws";
import { observeSocket } from "../../src/core.ts";
import {
  closeSocket,
  endingOf,
  nextEvent,
  say,
  TOY_URL,
  toyProvider,
  withToy,
} from "../support/toy_socket.ts";

Deno.test("observeSocket() reads a socket that is open already, and gives it back", () =>
  withToy({}, async ({ native, telemetry, spans }) => {
    const socket = new native(TOY_URL);
    await nextEvent(socket, "open");
    await say(socket, "before", "Hi");
    const keys = Object.keys(socket);
    assert.equal(telemetry.observeSocket(socket), socket);
    assert.deepEqual(Object.keys(socket), keys);
    await say(socket, "a", "Hello");
    await say(socket, "b", "Hi");
    await closeSocket(socket);
    const [first, second, ...others] = await spans();
    assert.equal(others.length, 0);
    assert.deepEqual(first!.attributes["lk.provider_request_ids"], ["req_a"]);
    assert.equal(first!.attributes["teespan.characters"], 5);
    assert.deepEqual(endingOf(first!), ["success", undefined, undefined]);
    for (const { attributes } of [first!, second!]) {
      // whoever made it may know; we do not
      assert.equal(attributes["teespan.connection.acquire_time"], undefined);
      assert.equal(attributes["teespan.connection.age"], undefined);
    }
    assert.deepEqual([first, second].map((span) => span!.attributes["teespan.connection.reused"]), [
      false,
      true,
    ]);
  }));

Deno.test("observeSocket() takes a socket that is still connecting, and the headers of its handshake", () =>
  withToy({ serve: (connection) => connection.stall() }, async ({ native, telemetry, spans }) => {
    const socket = new native("ws://proxy.example/tunnel");
    telemetry.observeSocket(socket, { url: TOY_URL, headers: new Headers({ "X-Request-Id": "req_shake" }) });
    await nextEvent(socket, "open");
    socket.send('{"context":"a","text":"Hi"}');
    await closeSocket(socket);
    const [span] = await spans();
    assert.deepEqual(endingOf(span!), ["cancelled", undefined, 1005]);
    assert.deepEqual(span!.attributes["lk.provider_request_ids"], ["req_shake"]);
    assert.equal(span!.attributes["server.address"], "api.toy.example");
    assert.equal(span!.attributes["teespan.connection.acquire_time"], undefined);
  }));

Deno.test("observeSocket() sees a socket fail to open", () =>
  withToy({ handshake: () => ({ status: 503 }) }, async ({ native, telemetry, spans }) => {
    const socket = telemetry.observeSocket(new native(TOY_URL));
    await nextEvent(socket, "close");
    assert.deepEqual((await spans()).map(endingOf), [["error", "503", undefined]]);
  }));

for (
  const [runtime, message, type] of [
    ["Deno", "NetworkError: failed to connect to WebSocket: Invalid status code: 401", "401"],
    ["Bun", "WebSocket connection to 'ws://a:4001/' failed: Expected 101 status code: 429", "429"],
    ["Workers", "expected server to reply with HTTP status code 101 …, but received 503 instead.", "503"],
    ["Node", "", "connect_failed"],
  ] as const
) {
  Deno.test(`observeSocket() finds the status of a refusal in the words of ${runtime}`, () =>
    withToy({}, async ({ telemetry, spans }) => {
      const socket = Object.assign(new EventTarget(), { readyState: 0 });
      telemetry.observeSocket(socket, { url: TOY_URL });
      socket.dispatchEvent(new ErrorEvent("error", { message }));
      socket.dispatchEvent(new CloseEvent("close", { code: 1006 }));
      assert.deepEqual((await spans()).map(endingOf), [["error", type, undefined]]);
    }));
}

Deno.test("observeSocket() lets send and close throw and return as before", () =>
  withToy({}, async ({ native, telemetry, spans }) => {
    const socket = telemetry.observeSocket(new native(TOY_URL));
    assert.throws(() => socket.send('{"context":"a"}'), { name: "InvalidStateError" });
    assert.throws(() => socket.close(1), { name: "InvalidAccessError" });
    await nextEvent(socket, "open");
    assert.equal(socket.send('{"context":"a","text":"Hi"}'), undefined);
    await nextEvent(socket, "message");
    await closeSocket(socket);
    socket.send('{"context":"late"}');
    assert.equal((await spans()).length, 1);
  }));

Deno.test("observeSocket() takes sockets of the ws package", () =>
  withToy({}, async ({ emulator, telemetry, spans }) => {
    const socket = new PackagedWebSocket(`${emulator.url}/v1/speak`);
    assert.equal(telemetry.observeSocket(socket, { url: TOY_URL }), socket);
    await new Promise((resolve) => socket.on("open", resolve));
    await say(socket as unknown as WebSocket, "a", "Hi");
    const closed = new Promise((resolve) => socket.on("close", resolve));
    socket.terminate();
    await closed;
    const [span] = await spans();
    assert.deepEqual(endingOf(span!), ["success", undefined, undefined]);
    assert.equal(socket.emit, PackagedWebSocket.prototype.emit);
  }));

Deno.test("observeSocket() goes on when an SDK removes all listeners of a ws socket", () =>
  withToy({ serve: (connection) => connection.stall() }, async ({ emulator, telemetry, spans }) => {
    const socket = new PackagedWebSocket(`${emulator.url}/v1/speak`);
    telemetry.observeSocket(socket, { url: TOY_URL });
    await new Promise((resolve) => socket.on("open", resolve));
    let heard = 0;
    socket.on("close", () => heard++);
    socket.send('{"context":"a"}');
    socket.removeAllListeners("message");
    socket.removeAllListeners();
    const closed = new Promise((resolve) => socket.on("close", resolve));
    socket.close();
    await closed;
    const [span] = await spans();
    assert.equal(span!.attributes["teespan.outcome"], "cancelled");
    assert.equal(heard, 0);
  }));

Deno.test("observeSocket() counts no socket twice", () =>
  withToy({}, async ({ WebSocket, native, telemetry, spans }) => {
    for (const Class of [WebSocket, native]) {
      const socket = telemetry.observeSocket(telemetry.observeSocket(new Class(TOY_URL)));
      await nextEvent(socket, "open");
      await say(socket, "a", "Hi");
      await closeSocket(socket);
    }
    assert.equal((await spans()).length, 2);
  }));

Deno.test("observeSocket() leaves alone what goes elsewhere, has no URL or is no socket", () =>
  withToy({ telemetry: { onError() {} } }, async ({ native, telemetry, spans }) => {
    const socket = new native("ws://other.example/");
    const keys = Reflect.ownKeys(socket);
    for (const handover of [undefined, { url: "not a url" }, { url: "wss://api.toy.example/v2" }]) {
      assert.equal(telemetry.observeSocket(socket, handover), socket);
      assert.deepEqual(Reflect.ownKeys(socket), keys);
    }
    const frozen = Object.freeze(new EventTarget());
    assert.equal(telemetry.observeSocket(frozen, { url: TOY_URL }), frozen);
    assert.deepEqual(telemetry.observeSocket({} as WebSocket, { url: TOY_URL }), {});
    await nextEvent(socket, "open");
    await closeSocket(socket);
    assert.equal((await spans()).length, 0);
  }));

Deno.test("observeSocket() of core goes by its own options", () =>
  withToy({}, async ({ native, telemetry, spans }) => {
    const { tracerProvider, meterProvider } = telemetry;
    const socket = new native(TOY_URL);
    observeSocket(socket, { tracerProvider, meterProvider, providers: [toyProvider()] });
    await nextEvent(socket, "open");
    await say(socket, "a", "Hi");
    await closeSocket(socket);
    const [span] = await spans();
    assert.equal(span!.attributes["gen_ai.provider.name"], "toy");
    assert.throws(() => observeSocket(socket, { providers: {} as never }), TypeError);
    telemetry.spans.length = 0; // it is not one of telemetry's own attempts
  }));
