/** What passes through a stream socket is what would have come without us. */

import assert from "node:assert/strict";
import {
  instrumentWebSocketStream,
  type StreamSocketConnection,
  type WebSocketStreamClass,
} from "../../src/core.ts";
import { type EmulatedConnection, startSocketEmulator } from "../../src/testing/mod.ts";
import { FakeStream } from "../support/fake_stream.ts";
import { startKept } from "../support/memory_exporter.ts";
import { runProgram } from "../support/run_program.ts";
import { speak, TOY_URL, toyProvider } from "../support/toy_socket.ts";

/** Plays the toy, and contexts whose names say how they end. */
async function serve(connection: EmulatedConnection): Promise<void> {
  const next = async (): Promise<string | Uint8Array | undefined> => {
    const frame = await connection.next();
    const { context = "" } = frame === undefined ? {} : JSON.parse(String(frame));
    const [what, code] = context.split(" ");
    if (what === "close") connection.close(Number(code), "provider's");
    if (what === "reset") connection.reset();
    return ["close", "reset", "silent"].includes(what) ? await next() : frame;
  };
  await speak({ ...connection, next });
}

/** A server that opens sockets and reads nothing after that. */
function listenDeaf(): Disposable & { readonly url: string } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open: Deno.Conn[] = [];
  const run = async (): Promise<void> => {
    for await (const socket of listener) {
      open.push(socket);
      const buffer = new Uint8Array(4096);
      const request = new TextDecoder().decode(buffer.subarray(0, await socket.read(buffer) ?? 0));
      const [, key] = /sec-websocket-key: (\S+)/i.exec(request) ?? [];
      const text = new TextEncoder().encode(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
      const accept = new Uint8Array(await crypto.subtle.digest("SHA-1", text)).toBase64();
      await socket.write(
        new TextEncoder().encode(
          `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n` +
            `sec-websocket-accept: ${accept}\r\n\r\n`,
        ),
      );
    }
  };
  run();
  return {
    url: `ws://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`,
    [Symbol.dispose]() {
      for (const socket of open) socket.close();
      listener.close();
    },
  };
}

// Deno's own class is unstable, and under load its close may hang without us too: run on demand
const unstable = { ignore: Deno.env.get("TEESPAN_UNSTABLE") === undefined };

Deno.test(
  "WebSocketStream gives what the platform's gives, and leaves a span for each context",
  unstable,
  async () => {
    using deaf = listenDeaf();
    await using emulator = await startSocketEmulator({
      serve,
      handshake: ({ path }) =>
        path.includes("refuse") ? { status: 401 } : { delayMs: path.includes("slow") ? 50 : 0 },
    });
    const { code, stdout, stderr } = await runProgram("websocket_stream", {
      flags: ["--unstable-net", "--allow-net=127.0.0.1"],
      args: [emulator.url, deaf.url],
    });
    assert.equal(code, 0, stderr);
    type Attributes = Record<string, unknown>;
    const { stalled, parents, contexts, ...seen } = JSON.parse(stdout) as Record<string, Attributes[]>;
    assert.deepEqual(stalled, [[1, 0, -1, -2, -3], 0, -3, null]);
    assert.deepEqual(parents, [false, true]); // the last one is a session's own
    assert.deepEqual(
      contexts!.map((span) => [
        span["lk.provider_request_ids"],
        span["teespan.characters"],
        span["teespan.audio.duration"],
        span["teespan.connection.reused"],
        span["teespan.outcome"],
      ]),
      [[["req_a"], 5, 500 / 32_000, false, "success"], [["req_b"], 5, 500 / 32_000, true, "success"]],
    );
    const endings = Object.entries(seen).map(([name, spans]) => [
      name,
      ...spans.map((
        span,
      ) => [span["teespan.outcome"], span["error.type"], span["teespan.connection.close_code"]]),
    ]);
    const cancelled = ["cancelled", undefined, 1005];
    assert.deepEqual(endings, [
      ["close", cancelled],
      ["cancel", cancelled],
      ["writer close", cancelled],
      ["abort", cancelled],
      ["by the provider", ["error", "close_1011", 1011], ["error", "close_1011", 1011]],
      ["pipe", ["error", "truncated", 1000]],
      ["refused", ...Array(4).fill(["error", "401", undefined])],
      ["broken", ["error", "close_1006", 1006]],
    ]);
  },
);

/** Runs a test with sockets that are fakes; afterwards no attempt may be open. */
async function withFakes(
  test: (
    WebSocketStream: WebSocketStreamClass,
    telemetry: ReturnType<typeof startKept>,
    unhandled: PromiseRejectionEvent[],
  ) => Promise<void>,
): Promise<void> {
  const telemetry = startKept({ WebSocketStream: FakeStream, providers: [toyProvider()] });
  const unhandled: PromiseRejectionEvent[] = [];
  const keep = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    unhandled.push(event);
  };
  addEventListener("unhandledrejection", keep);
  try {
    await test(telemetry.WebSocketStream!, telemetry, unhandled);
  } finally {
    removeEventListener("unhandledrejection", keep);
  }
  assert.equal(telemetry.stats().openAttempts, 0);
  await telemetry.shutdown();
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

async function settled(promise: Promise<unknown>): Promise<unknown> {
  return await promise.catch((error) => error);
}

Deno.test("a stream socket hands over the very messages, one for each read", () =>
  withFakes(async (WebSocketStream, telemetry) => {
    const socket = new WebSocketStream(TOY_URL);
    const fake = FakeStream.last;
    fake.accept();
    const { readable, writable } = await socket.opened;
    await pause();
    assert.equal(fake.pulls, 0);
    const writer = writable.getWriter();
    const request = '{"context":"a","text":"Hi"}';
    const bytes = new Uint8Array(64_000);
    await writer.write(request);
    await writer.write(bytes);
    assert.equal(fake.written[1], bytes);
    const reader = readable.getReader();
    fake.messages.enqueue('{"context":"a","id":"req_a"}');
    fake.messages.enqueue(bytes);
    fake.messages.enqueue('{"context":"a","done":true}');
    fake.messages.close();
    assert.equal(telemetry.stats().openAttempts, 1);
    await reader.read();
    assert.equal((await reader.read()).value, bytes);
    assert.equal(telemetry.stats().openAttempts, 1); // nothing was read ahead
    await reader.read();
    assert.equal(telemetry.stats().openAttempts, 0);
    assert.deepEqual(await reader.read(), { done: true, value: undefined });
    await telemetry.flush();
    const [{ attributes }] = telemetry.spans as [typeof telemetry.spans[0]];
    assert.deepEqual(attributes["lk.provider_request_ids"], ["req_a"]);
    assert.equal(attributes["teespan.characters"], 2);
    assert.equal(attributes["teespan.audio.duration"], 2);
  }));

Deno.test("a stream socket that ends is seen to end although nobody reads", () =>
  withFakes(async (WebSocketStream) => {
    const socket = new WebSocketStream(TOY_URL);
    const fake = FakeStream.last;
    fake.accept();
    const { readable } = await socket.opened;
    const reader = readable.getReader();
    fake.messages.close();
    await reader.closed;
  }));

Deno.test("errors of a stream socket's streams reach the caller as they are", () =>
  withFakes(async (WebSocketStream, telemetry, unhandled) => {
    const error = new Error("platform's");
    const opened = async (): Promise<[FakeStream, StreamSocketConnection]> => {
      const socket = new WebSocketStream(TOY_URL);
      FakeStream.last.accept();
      return [FakeStream.last, await socket.opened];
    };
    {
      const [fake, { readable, writable }] = await opened();
      const reader = readable.getReader();
      const reading = settled(reader.read());
      fake.messages.error(error);
      assert.equal(await reading, error);
      assert.equal(await settled(reader.closed), error);
      fake.target.error(error);
      const writer = writable.getWriter();
      assert.equal(await settled(writer.closed), error);
      assert.equal(await settled(writer.write('{"context":"a"}')), error);
    }
    {
      const [fake, { writable }] = await opened();
      fake.write = () => Promise.reject(error);
      const writer = writable.getWriter();
      assert.equal(await settled(writer.write('{"context":"a"}')), error);
      assert.equal(await settled(writer.closed), error);
    }
    {
      const [fake, { readable }] = await opened();
      const cancelling = readable.cancel(error);
      assert.deepEqual(fake.cancelled, [error]); // in the same task
      await cancelling;
    }
    {
      const [fake, { writable }] = await opened();
      await writable.abort(error);
      assert.deepEqual(fake.cancelled, [error]);
    }
    await pause();
    assert.deepEqual(unhandled, []);
    assert.equal(telemetry.stats().endedAttempts, 0); // what was refused was never sent
  }));

Deno.test("a stream socket's writer has the platform's marks", () =>
  withFakes(async (WebSocketStream) => {
    for (const mark of [0, 1, 3]) {
      const writers = [];
      for (const Class of [FakeStream, WebSocketStream]) {
        const socket = new Class(TOY_URL);
        const fake = FakeStream.last;
        fake.write = () => new Promise(() => {});
        fake.accept(mark);
        const writer = (await socket.opened).writable.getWriter();
        const sizes = [writer.desiredSize];
        for (let writes = 0; writes < 5; writes++) {
          writer.write("x");
          sizes.push(writer.desiredSize);
        }
        writers.push(sizes);
      }
      assert.deepEqual(writers[1], writers[0]);
    }
  }));

Deno.test("a stream socket leaves as many rejections unhandled as the platform, with the same errors", () =>
  withFakes(async (WebSocketStream, telemetry, unhandled) => {
    for (const looks of [[], ["opened"], ["closed"], ["opened", "closed"]] as const) {
      const counts: unknown[] = [];
      for (const Class of [FakeStream, WebSocketStream]) {
        unhandled.length = 0;
        const socket = new Class(TOY_URL);
        const fake = FakeStream.last;
        const error = new Error("platform's");
        const seen = looks.map((name) => settled(socket[name]));
        fake.open.reject(error);
        fake.close_.reject(error);
        for (const one of await Promise.all(seen)) assert.equal(one, error);
        await pause();
        for (const { reason } of unhandled) assert.equal(reason, error);
        counts.push(unhandled.length);
      }
      assert.deepEqual(counts, [2 - looks.length, 2 - looks.length], looks.join());
    }
    assert.equal(telemetry.stats().endedAttempts, 4);
    // once open, the platform has handled `closed` itself: nobody need look
    unhandled.length = 0;
    const socket = new WebSocketStream(TOY_URL);
    FakeStream.last.accept();
    const { writable } = await socket.opened;
    await writable.getWriter().write('{"context":"a"}');
    FakeStream.last.close_.reject(new Error("broken"));
    await pause();
    assert.deepEqual(unhandled, []);
    await telemetry.flush();
    assert.deepEqual(
      telemetry.spans.map(({ attributes }) => attributes["error.type"]),
      [...Array(4).fill("connect_failed"), "close_1006"],
    );
  }));

Deno.test("a close that the platform's stream socket refused is none", () =>
  withFakes(async (WebSocketStream, telemetry) => {
    const socket = new WebSocketStream(TOY_URL);
    FakeStream.last.accept();
    const { writable } = await socket.opened;
    await writable.getWriter().write('{"context":"a"}');
    assert.throws(() => socket.close({ closeCode: 1 }), { name: "RangeError", message: "platform's" });
    FakeStream.last.close_.resolve({ closeCode: 1011, reason: "" });
    await socket.closed;
    await telemetry.flush();
    assert.equal(telemetry.spans[0]!.attributes["error.type"], "close_1011");
  }));

Deno.test("a stream socket to an unknown host is a plain one", () =>
  withFakes(async (WebSocketStream) => {
    const socket = new WebSocketStream("wss://other.example/v1/speak");
    const fake = FakeStream.last;
    assert.equal(socket, fake);
    assert.equal(socket.opened, fake.open.promise);
    assert.equal(socket.closed, fake.close_.promise);
    fake.accept();
    assert.equal(await socket.opened, await fake.open.promise);
  }));

Deno.test("instrumentWebSocketStream() says what is wrong, and telemetry has none where the platform has none", async () => {
  assert.throws(() => instrumentWebSocketStream("x" as never, { providers: [] }), {
    name: "TypeError",
    message: "Cannot instrument WebSocketStream as it must be a class: current value is x",
  });
  assert.throws(() => instrumentWebSocketStream(FakeStream, { providers: {} as never }), TypeError);
  const telemetry = startKept();
  assert.equal(telemetry.WebSocketStream !== undefined, "WebSocketStream" in globalThis);
  await telemetry.shutdown();
});
