/** What goes over a socket becomes attempts, each ended once, with its own ids. */

import assert from "node:assert/strict";
import type { SocketFormat } from "../../src/types.ts";
import { startTelemetry, type WebSocketClass } from "../../mod.ts";
import { FakeWebSocket } from "../support/fake_websocket.ts";
import { failLater, keepSpans, type KeptSpan } from "../support/memory_exporter.ts";
import {
  AUDIO_BYTES_PER_SECOND,
  closeSocket,
  endingOf,
  message,
  nextEvent,
  say,
  TOY_URL,
  toyProvider,
  withToy,
} from "../support/toy_socket.ts";

const ids = ({ attributes }: KeptSpan): unknown => attributes["lk.provider_request_ids"];

/** A clock that stands still until it is moved. */
function handClock(): { now(): number; move(milliseconds: number): void } {
  let now = 1_790_000_000_000;
  return { now: () => now, move: (milliseconds) => void (now += milliseconds) };
}

Deno.test("contexts that speak at once each leave a span with their id, characters and audio", () =>
  withToy({
    async serve(connection) {
      const contexts: string[] = [];
      while (contexts.length < 3) contexts.push((await connection.nextJson() as { context: string }).context);
      for (const context of contexts) await connection.send({ context, id: `req_${context}` });
      for (const context of contexts) await connection.send({ context, audio: 16_000 });
      for (const context of contexts.toReversed()) {
        await connection.send({ context, id: `trace_${context}`, audio: 8_000, done: true });
      }
    },
  }, async ({ WebSocket, spans }) => {
    const socket = new WebSocket(TOY_URL);
    await nextEvent(socket, "open");
    await Promise.all(["a", "bb", "ccc"].map((context) => say(socket, context, context.repeat(10))));
    await closeSocket(socket);
    const all = await spans();
    assert.deepEqual(
      all.map(ids),
      ["ccc", "bb", "a"].map((context) => [`req_${context}`, `trace_${context}`]),
    );
    assert.deepEqual(all.map(({ attributes }) => attributes["teespan.characters"]), [30, 20, 10]);
    for (const span of all) {
      assert.equal(span.name, "tts_request_run");
      assert.equal(span.span.kind, 2);
      assert.equal(span.attributes["gen_ai.provider.name"], "toy");
      assert.equal(span.attributes["server.address"], "api.toy.example");
      assert.equal(
        span.attributes["url.full"],
        "wss://api.toy.example/v1/speak?model=toy-1&api_key=REDACTED",
      );
      assert.equal(span.attributes["teespan.audio.duration"], 24_000 / AUDIO_BYTES_PER_SECOND);
      assert.ok(Number(span.attributes["lk.response.ttfb"]) >= 0);
      assert.deepEqual(endingOf(span), ["success", undefined, undefined]);
      assert.equal(JSON.stringify(span.attributes).includes("canary"), false);
    }
  }));

for (const binaryType of ["arraybuffer", "blob"] as const) {
  Deno.test(`audio that comes as ${binaryType} is measured`, () =>
    withToy({}, async ({ WebSocket, spans }) => {
      const socket = new WebSocket(TOY_URL);
      socket.binaryType = binaryType;
      await nextEvent(socket, "open");
      await say(socket, "a", "0123456789");
      await closeSocket(socket);
      assert.equal((await spans())[0]!.attributes["teespan.audio.duration"], 1000 / AUDIO_BYTES_PER_SECOND);
    }));
}

Deno.test("a key that is used again after its end is a new attempt", () =>
  withToy({}, async ({ WebSocket, spans }) => {
    const socket = new WebSocket(TOY_URL);
    await nextEvent(socket, "open");
    await say(socket, "a", "one");
    await say(socket, "a", "three");
    await closeSocket(socket);
    assert.deepEqual((await spans()).map(({ attributes }) => attributes["teespan.characters"]), [3, 5]);
  }));

Deno.test("ids of the connection belong to all attempts on it, open and to come", () =>
  withToy({
    async serve(connection) {
      await connection.next();
      await connection.send({ connection: "conn_1" });
      await connection.send({ context: "a", id: "req_a", done: true });
      await connection.next();
      await connection.send({ context: "b", id: "req_b", done: true });
    },
  }, async ({ WebSocket, spans }) => {
    const socket = new WebSocket(TOY_URL);
    await nextEvent(socket, "open");
    await say(socket, "a", "Hi");
    await say(socket, "b", "Hi");
    await closeSocket(socket);
    assert.deepEqual((await spans()).map(ids), [["conn_1", "req_a"], ["conn_1", "req_b"]]);
  }));

Deno.test("the first attempt has the time to acquire the connection, later ones its age", () => {
  const clock = handClock();
  return withToy({
    telemetry: { clock },
    handshake() {
      clock.move(250);
      return {};
    },
  }, async ({ WebSocket, spans }) => {
    const socket = new WebSocket(TOY_URL);
    await nextEvent(socket, "open");
    clock.move(1000);
    await say(socket, "a", "Hi");
    clock.move(2000);
    await say(socket, "b", "Hi");
    await closeSocket(socket);
    const connection = (await spans()).map(({ attributes }) => [
      attributes["teespan.connection.acquire_time"],
      attributes["teespan.connection.reused"],
      attributes["teespan.connection.age"],
      attributes["teespan.connection.close_code"],
    ]);
    assert.deepEqual(connection, [[0.25, false, 1, undefined], [undefined, true, 3, undefined]]);
  });
});

Deno.test("an attempt that begins with the socket has the time to acquire the connection too", () => {
  const clock = handClock();
  const format: SocketFormat = {
    name: "listener",
    open(_request, sinks) {
      const sink = sinks.begin("whole");
      return { sent() {}, received: () => sink.complete() };
    },
  };
  return withToy({
    serve: (connection) => connection.send("done"),
    handshake() {
      clock.move(250);
      return {};
    },
    telemetry: { clock, providers: [toyProvider(format)] },
  }, async ({ WebSocket, spans }) => {
    const socket = new WebSocket(TOY_URL);
    await nextEvent(socket, "message");
    await closeSocket(socket);
    const [span] = await spans();
    assert.equal(span!.attributes["teespan.connection.acquire_time"], 0.25);
    assert.equal(span!.attributes["teespan.connection.reused"], false);
    assert.equal(span!.attributes["teespan.connection.age"], undefined);
    assert.deepEqual(span!.span.duration, [0, 250_000_000]);
  });
});

Deno.test("attempts hang under the span in which their socket was made", () =>
  withToy({}, async ({ WebSocket, telemetry, spans }) => {
    const socket = telemetry.tracer.startActiveSpan("maker", (maker) => {
      const socket = new WebSocket(TOY_URL);
      maker.end();
      return socket;
    });
    await telemetry.tracer.startActiveSpan("other", async (other) => {
      await nextEvent(socket, "open");
      await say(socket, "a", "Hi");
      other.end();
    });
    await say(socket, "b", "Hi");
    await closeSocket(socket);
    const all = await spans();
    const [maker] = all.filter(({ name }) => name === "maker");
    const attempts = all.filter(({ name }) => name === "tts_request_run");
    assert.equal(attempts.length, 2);
    for (const { span } of attempts) {
      assert.equal(span.parentSpanContext?.spanId, maker!.span.spanContext().spanId);
      assert.equal(span.spanContext().traceId, maker!.span.spanContext().traceId);
    }
  }));

Deno.test("what the client stops is cancelled, what the provider calls an error failed", () =>
  withToy({
    async serve(connection) {
      await connection.next();
      await connection.send({ context: "a", id: "req_a" });
      await connection.next();
      await connection.next();
      await connection.send({ context: "b", id: "req_b", error: "voice_not_found" });
    },
  }, async ({ WebSocket, spans }) => {
    const socket = new WebSocket(TOY_URL);
    await nextEvent(socket, "open");
    const id = message(socket, (message) => message.id === "req_a");
    socket.send('{"context":"a","text":"Hi"}');
    await id;
    socket.send('{"cancel":"a"}');
    assert.deepEqual((await spans()).map(endingOf), [["cancelled", undefined, undefined]]);
    const error = message(socket, (message) => message.error !== undefined);
    socket.send('{"context":"b","text":"Hi"}');
    await error;
    await closeSocket(socket);
    const all = await spans();
    assert.deepEqual(all.map(endingOf)[1], ["error", "voice_not_found", undefined]);
    assert.deepEqual(all.map(ids), [["req_a"], ["req_b"]]);
    assert.deepEqual(all[1]!.status, { code: 2, message: "voice_not_found" });
  }));

for (
  const [act, type, code] of [
    ["1000", "truncated", 1000],
    ["1001", "truncated", 1001],
    ["no code", "truncated", 1005],
    ["1008", "close_1008", 1008],
    ["1011", "close_1011", 1011],
    ["4001", "close_4001", 4001],
    ["reset", "close_1006", 1006],
  ] as const
) {
  Deno.test(`a provider that closes with ${act} in mid-attempt leaves the error ${type}`, () =>
    withToy({
      async serve(connection) {
        await connection.next();
        await connection.next();
        await connection.send({ context: "a", id: "req_a" });
        if (act === "reset") connection.reset();
        else connection.close(act === "no code" ? undefined : Number(act), "reason");
      },
    }, async ({ WebSocket, spans }) => {
      const socket = new WebSocket(TOY_URL);
      await nextEvent(socket, "open");
      socket.send('{"context":"a","text":"Hi"}');
      socket.send('{"context":"b","text":"Hi"}');
      await nextEvent(socket, "close");
      assert.deepEqual((await spans()).map(endingOf), [["error", type, code], ["error", type, code]]);
    }));
}

Deno.test("a caller that closes in mid-attempt cancels what is open, and nothing else", () =>
  withToy({ serve: (connection) => connection.stall() }, async ({ WebSocket, spans }) => {
    const socket = new WebSocket(TOY_URL);
    await nextEvent(socket, "open");
    socket.send('{"context":"a","text":"Hi"}');
    await closeSocket(socket, 4001);
    assert.deepEqual((await spans()).map(endingOf), [["cancelled", undefined, 4001]]);
  }));

Deno.test("what is sent to a socket that is closing begins nothing", () =>
  withToy({ serve: (connection) => connection.stall() }, async ({ WebSocket, telemetry }) => {
    const socket = new WebSocket(TOY_URL);
    await nextEvent(socket, "open");
    const closed = closeSocket(socket);
    socket.send('{"context":"a","text":"Hi"}');
    assert.equal(telemetry.stats().openAttempts, 0);
    await closed;
    socket.send('{"context":"b","text":"Hi"}');
    assert.equal(telemetry.stats().openAttempts, 0);
  }));

Deno.test("a refused handshake leaves a failed attempt with the status, where the platform names it", () => {
  const clock = handClock();
  return withToy({
    telemetry: { clock },
    handshake() {
      clock.move(250);
      return { status: 401, headers: { "x-request-id": "req_refused" } };
    },
  }, async ({ WebSocket, spans }) => {
    const socket = new WebSocket(TOY_URL);
    let failed = false;
    socket.onerror = () => void (failed = true);
    await nextEvent(socket, "close");
    assert.equal(failed, true);
    const [span, ...others] = await spans();
    assert.equal(others.length, 0);
    assert.deepEqual(endingOf(span!), ["error", "401", undefined]);
    assert.equal(span!.attributes["http.response.status_code"], 401);
    assert.equal(span!.attributes["url.full"], "wss://api.toy.example/v1/speak?model=toy-1&api_key=REDACTED");
    assert.equal(ids(span!), undefined); // the platform's class shows no header
    assert.deepEqual(span!.span.duration, [0, 250_000_000]);
    assert.equal(span!.attributes["teespan.connection.acquire_time"], undefined);
    assert.equal(span!.attributes["teespan.connection.age"], undefined);
  });
});

for (const when of ["at once", "with the socket", "never, as it throws"]) {
  Deno.test(`a provider that cannot be reached leaves one attempt whose format begins it ${when}`, () => {
    const stages: string[] = [];
    const format: SocketFormat = {
      name: "listener",
      open(_request, sinks) {
        if (when === "never, as it throws") throw new Error("ours");
        if (when === "with the socket") sinks.begin("whole");
        return { sent() {}, received() {} };
      },
    };
    return withToy({
      handshake: () => Promise.reject(new Error("hangs up")),
      telemetry: { providers: [toyProvider(format)], onError: (_error, stage) => void stages.push(stage) },
    }, async ({ WebSocket, spans }) => {
      const socket = new WebSocket(TOY_URL);
      await nextEvent(socket, "close");
      assert.deepEqual((await spans()).map(endingOf), [["error", "connect_failed", undefined]]);
      assert.equal((await spans())[0]!.status.message, "connect_failed");
      assert.deepEqual(stages, when === "never, as it throws" ? ["read"] : []);
    });
  });
}

Deno.test("an attempt that is open when telemetry shuts down is abandoned, once", () =>
  withToy({}, async ({ WebSocket, telemetry }) => {
    const socket = new WebSocket(TOY_URL);
    await nextEvent(socket, "open");
    socket.send('{"context":"a","text":"Hi"}');
    await telemetry.shutdown();
    assert.deepEqual(telemetry.spans.map(endingOf), [["abandoned", undefined, undefined]]);
    await message(socket, (message) => message.done === true); // the caller's socket still works
    await closeSocket(socket);
  }));

Deno.test("a provider that never says it is done costs bounded memory", () =>
  withToy({ serve: (connection) => connection.stall() }, async ({ WebSocket, telemetry, spans }) => {
    const socket = new WebSocket(TOY_URL);
    await nextEvent(socket, "open");
    for (let context = 0; context < 300; context++) socket.send(`{"context":"${context}","text":"Hi"}`);
    assert.equal(telemetry.stats().openAttempts, 256);
    assert.equal((await spans()).filter((span) => endingOf(span)[0] === "abandoned").length, 44);
    await closeSocket(socket);
    assert.equal((await spans()).length, 300);
  }));

Deno.test("what begins between a handshake's fault and the close ends with the close", async () => {
  const exporter = keepSpans();
  const telemetry = startTelemetry({
    ...{ serviceName: "test", env: {}, exporter, exportIntervalMs: false as const, onError: failLater },
    providers: [toyProvider()],
    WebSocket: FakeWebSocket as unknown as WebSocketClass,
  });
  const socket = new telemetry.WebSocket(TOY_URL) as unknown as FakeWebSocket;
  socket.dispatchEvent(new Event("error"));
  socket.send(JSON.stringify({ context: "late", text: "Hello" }));
  assert.equal(telemetry.stats().openAttempts, 1);
  socket.shut(1006);
  assert.equal(telemetry.stats().openAttempts, 0);
  await telemetry.shutdown();
  for (const span of exporter.spans) assert.deepEqual(endingOf(span), ["error", "connect_failed", undefined]);
});
