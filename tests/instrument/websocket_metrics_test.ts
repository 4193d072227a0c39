/** Each acquire of a connection is measured, once: opened, failed, used again. */

import assert from "node:assert/strict";
import type { Attributes, MeterProvider } from "@opentelemetry/api";
import { instrumentWebSocket, measureAttempts, observeSocket } from "../../src/core.ts";
import { type SocketEmulatorOptions, startSocketEmulator } from "../../src/testing/mod.ts";
import { failLater } from "../support/memory_exporter.ts";
import { closeSocket, nextEvent, say, speak, TOY_URL, toyProvider } from "../support/toy_socket.ts";

type Measured = [seconds: number, reused: unknown, errorType: unknown];

/** Runs a test with a clock that moves 250 ms in each handshake, and gives what was measured. */
async function acquires(
  handshake: NonNullable<SocketEmulatorOptions["handshake"]>,
  test: (WebSocket: typeof globalThis.WebSocket, native: typeof globalThis.WebSocket) => Promise<void>,
): Promise<Measured[]> {
  const measured: Measured[] = [];
  let now = 1_790_000_000_000;
  await using emulator = await startSocketEmulator({
    serve: speak,
    handshake(request) {
      now += 250;
      return handshake(request);
    },
  });
  await test(
    instrumentWebSocket(emulator.WebSocket, {
      meterProvider: keepAcquires(measured),
      measureAttempts,
      providers: [toyProvider()],
      clock: { now: () => now },
      onError: failLater,
    }),
    emulator.WebSocket,
  );
  return measured;
}

function keepAcquires(measured: Measured[]): MeterProvider {
  const createHistogram = (name: string) => ({
    record(value: number, attributes: Attributes) {
      if (name !== "lk.agents.connection.acquire_time") return;
      assert.equal(attributes["server.address"], "api.toy.example");
      assert.equal(attributes["gen_ai.provider.name"], "toy");
      measured.push([value, attributes["connection_reused"] === "true", attributes["error.type"]]);
    },
  });
  const createCounter = () => ({ add() {} });
  return { getMeter: () => ({ createHistogram, createCounter }) } as unknown as MeterProvider;
}

Deno.test("a connection is measured when it opens, and as 0 s whenever it is used again", async () => {
  const measured = await acquires(() => ({}), async (WebSocket) => {
    const socket = new WebSocket(TOY_URL);
    await nextEvent(socket, "open");
    for (const context of ["a", "b", "c"]) await say(socket, context, "Hi");
    await closeSocket(socket);
  });
  assert.deepEqual(measured, [[0.25, false, undefined], [0, true, undefined], [0, true, undefined]]);
});

Deno.test("a connection that fails is measured once, with its error", async () => {
  const fail = async (WebSocket: typeof globalThis.WebSocket): Promise<void> => {
    await nextEvent(new WebSocket(TOY_URL), "close");
  };
  assert.deepEqual(await acquires(() => ({ status: 429 }), fail), [[0.25, false, "429"]]);
  const broken = await acquires(() => Promise.reject(new Error("hangs up")), fail);
  assert.deepEqual(broken, [[0.25, false, "connect_failed"]]);
});

Deno.test("a connection that was not wanted any more is not measured", async () => {
  const measured = await acquires(() => ({ delayMs: 20 }), async (WebSocket) => {
    await closeSocket(new WebSocket(TOY_URL));
  });
  assert.deepEqual(measured, []);
});

Deno.test("a connection that someone else made is measured only when it is used again", async () => {
  const measured: Measured[] = [];
  await acquires(() => ({}), async (_, native) => {
    const socket = new native(TOY_URL);
    observeSocket(socket, {
      meterProvider: keepAcquires(measured),
      measureAttempts,
      providers: [toyProvider()],
    });
    await nextEvent(socket, "open");
    for (const context of ["a", "b"]) await say(socket, context, "Hi");
    await closeSocket(socket);
  });
  assert.deepEqual(measured, [[0, true, undefined]]);
});
