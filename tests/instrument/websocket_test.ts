/** What passes through a socket is what would have come without us. */

import assert from "node:assert/strict";
import { context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import { instrumentWebSocket } from "../../src/core.ts";
import { startSocketEmulator } from "../../src/testing/mod.ts";
import type { SocketFormat } from "../../src/types.ts";
import { startKept } from "../support/memory_exporter.ts";
import {
  closeSocket,
  message,
  nextEvent,
  say,
  speak,
  TOY_URL,
  toyProvider,
  withToy,
} from "../support/toy_socket.ts";

type SocketClass = typeof globalThis.WebSocket;

const echo = {
  async serve(connection: Parameters<typeof speak>[0]) {
    for (let frame = await connection.next(); frame !== undefined; frame = await connection.next()) {
      await connection.send(frame);
    }
  },
  telemetry: { providers: [toyProvider({ name: "deaf", open: () => ({ sent() {}, received() {} }) })] },
};

Deno.test("WebSocket is a subclass of what it wraps, with its name and constants", () =>
  withToy({}, async ({ WebSocket, native }) => {
    const socket = new WebSocket(TOY_URL);
    assert.ok(socket instanceof WebSocket);
    assert.ok(socket instanceof native);
    assert.ok(socket instanceof globalThis.WebSocket);
    assert.ok(socket instanceof EventTarget);
    for (const name of ["CONNECTING", "OPEN", "CLOSING", "CLOSED", "name", "length"] as const) {
      assert.equal(WebSocket[name as "OPEN"], native[name as "OPEN"], name);
    }
    assert.equal(socket.OPEN, 1);
    assert.deepEqual(Object.keys(socket), Object.keys(new native(TOY_URL)));
    assert.equal(String(socket), "[object WebSocket]");
    await Promise.all([nextEvent(socket, "open")]);
    await closeSocket(socket);
  }));

Deno.test("a socket shows url, protocol, state, buffer, extensions and binary type as the platform does", () =>
  withToy(echo, async ({ WebSocket, native, emulator }) => {
    const shown = async (Class: SocketClass): Promise<unknown[]> => {
      const socket = new Class(TOY_URL, ["one", "two"]);
      const values = (): unknown[] => [
        socket.url,
        socket.protocol,
        socket.readyState,
        socket.bufferedAmount,
        socket.extensions,
        socket.binaryType,
        socket.onmessage,
      ];
      const before = values();
      await nextEvent(socket, "open");
      socket.binaryType = "arraybuffer";
      const open = values();
      const closed = nextEvent(socket, "close");
      socket.close();
      const closing = values();
      await closed;
      return [before, open, closing, values()];
    };
    assert.deepEqual(await shown(WebSocket), await shown(native));
    const [ours, theirs] = emulator.connections;
    assert.equal(ours!.path, theirs!.path);
    const { "sec-websocket-key": _ours, ...ourHeaders } = ours!.headers;
    const { "sec-websocket-key": _theirs, ...theirHeaders } = theirs!.headers;
    assert.deepEqual(ourHeaders, theirHeaders);
  }));

Deno.test("a socket takes the platform's own constructor arguments, headers included", () =>
  withToy(echo, async ({ WebSocket, emulator }) => {
    const HeaderSocket = WebSocket as unknown as new (url: URL, options: object) => WebSocket;
    const options = { headers: { authorization: "Token x" }, protocols: ["one"] };
    const socket = new HeaderSocket(new URL(TOY_URL), options);
    await nextEvent(socket, "open");
    assert.equal(socket.protocol, "one");
    assert.equal(emulator.connections[0]!.headers.authorization, "Token x");
    await closeSocket(socket);
  }));

Deno.test("a socket throws what the platform throws, and leaves nothing behind", () =>
  withToy({}, async ({ WebSocket, native, telemetry, spans }) => {
    const faults: unknown[][] = [
      [],
      ["not a url"],
      ["nope://api.toy.example/v1/speak"],
      [TOY_URL, ["p", "p"]],
      [TOY_URL, "white space"],
      [`${TOY_URL}#fragment`],
    ];
    for (const fault of faults) {
      const thrown = (Class: SocketClass): unknown => {
        try {
          return new (Class as unknown as new (...all: unknown[]) => WebSocket)(...fault);
        } catch (error) {
          const { name, message, constructor } = error as Error;
          return [name, message, constructor];
        }
      };
      assert.deepEqual(thrown(WebSocket), thrown(native), JSON.stringify(fault));
    }
    const error = new Error("the platform's");
    class Refusing {
      constructor() {
        throw error;
      }
    }
    const refusing = instrumentWebSocket(Refusing as never, { providers: [toyProvider()] });
    assert.throws(() => new refusing(TOY_URL), (thrown) => thrown === error);

    const socket = new WebSocket(TOY_URL);
    assert.throws(() => socket.send('{"context":"a"}'), { name: "InvalidStateError" });
    assert.throws(() => socket.close(1001), { name: "InvalidAccessError" });
    assert.throws(() => socket.close(1000, "x".repeat(124)), { name: "SyntaxError" });
    assert.throws(() => (socket as unknown as { send(): void }).send(), TypeError);
    assert.throws(() => (WebSocket as unknown as () => void)(), TypeError);
    await nextEvent(socket, "open");
    await closeSocket(socket);
    socket.send('{"context":"late"}'); // dropped, as everywhere
    assert.equal(telemetry.stats().openAttempts, 0);
    assert.equal((await spans()).length, 0);
  }));

Deno.test("a close that the platform refused is none", () =>
  withToy({ serve: (connection) => connection.next().then(() => connection.close(1011)) }, async (toy) => {
    const socket = new toy.WebSocket(TOY_URL);
    await nextEvent(socket, "open");
    assert.throws(() => socket.close(1), { name: "InvalidAccessError" });
    socket.send('{"context":"a"}');
    await nextEvent(socket, "close");
    assert.equal((await toy.spans())[0]!.attributes["error.type"], "close_1011");
  }));

Deno.test("a socket hands over the very events and frames, whoever listens how", () =>
  withToy(echo, async ({ WebSocket }) => {
    const socket = new WebSocket(TOY_URL);
    socket.binaryType = "arraybuffer";
    await nextEvent(socket, "open");
    const seen: [string, MessageEvent][] = [];
    const note = (name: string) => (event: Event): void => void seen.push([name, event as MessageEvent]);
    const removed = note("removed");
    socket.addEventListener("message", note("listener"));
    socket.addEventListener("message", note("once"), { once: true });
    socket.addEventListener("message", { handleEvent: note("object") });
    socket.addEventListener("message", removed);
    socket.removeEventListener("message", removed);
    socket.onmessage = note("handler");
    for (const data of ["text", "", Uint8Array.of(1, 2)]) {
      const next = nextEvent(socket, "message");
      socket.send(data);
      await next;
    }
    const names = ["listener", "object", "handler"];
    assert.deepEqual(seen.map(([name]) => name), ["listener", "once", ...names.slice(1), ...names, ...names]);
    for (const [, event] of seen) {
      assert.equal(event.target, socket);
      assert.equal(event.constructor, MessageEvent);
    }
    const frames = seen.slice(-3).map(([, { data }]) => data);
    assert.ok(frames[0] instanceof ArrayBuffer);
    assert.equal(new Set(frames).size, 1); // one object, whoever gets it
    assert.deepEqual(new Uint8Array(frames[0]), Uint8Array.of(1, 2));
    assert.deepEqual(seen.map(([, { data }]) => data).slice(0, 2), ["text", "text"]);
    await closeSocket(socket);
  }));

Deno.test("a socket gives blobs where blobs are asked for, read by nobody", () =>
  withToy(echo, async ({ WebSocket }) => {
    const socket = new WebSocket(TOY_URL);
    await nextEvent(socket, "open");
    const next = nextEvent<MessageEvent<Blob>>(socket, "message");
    socket.send(Uint8Array.of(1, 2, 3));
    const { data } = await next;
    assert.ok(data instanceof Blob);
    assert.deepEqual(await data.bytes(), Uint8Array.of(1, 2, 3));
    await closeSocket(socket);
  }));

Deno.test("a socket sends text, buffers, views and blobs, and leaves them as they are", () =>
  withToy(echo, async ({ WebSocket, emulator }) => {
    const bytes = Uint8Array.of(9, 1, 2, 9);
    const socket = new WebSocket(TOY_URL);
    await nextEvent(socket, "open");
    const all = [
      "text",
      bytes.buffer,
      bytes.subarray(1, 3),
      new DataView(bytes.buffer, 1, 2),
      new Uint16Array(bytes.buffer, 2, 1),
    ];
    for (const data of all) socket.send(data);
    socket.send(new Blob([bytes]));
    for (let frames = 0; frames < 6; frames++) await nextEvent(socket, "message");
    assert.deepEqual(emulator.connections[0]!.frames.map(({ data }) => data), [
      "text",
      bytes,
      Uint8Array.of(1, 2),
      Uint8Array.of(1, 2),
      Uint8Array.of(2, 9),
      bytes,
    ]);
    assert.deepEqual(bytes, Uint8Array.of(9, 1, 2, 9));
    await closeSocket(socket);
  }));

Deno.test("a socket closes with the code and reason of either side", () =>
  withToy({
    async serve(connection) {
      if (await connection.next() === "you") connection.close(4002, "server's");
    },
    telemetry: echo.telemetry,
  }, async ({ WebSocket, emulator }) => {
    const closing = async (act: (socket: WebSocket) => void): Promise<unknown[]> => {
      const socket = new WebSocket(TOY_URL);
      await nextEvent(socket, "open");
      const closed = nextEvent<CloseEvent>(socket, "close");
      act(socket);
      const { code, reason, wasClean } = await closed;
      return [code, reason, wasClean];
    };
    assert.deepEqual(await closing((socket) => socket.close(4001, "caller's")), [4001, "caller's", true]);
    assert.deepEqual(await closing((socket) => socket.send("you")), [4002, "server's", true]);
    assert.deepEqual((await closing((socket) => socket.close())).slice(1), ["", true]);
    assert.deepEqual(await emulator.connections[0]!.closed, {
      code: 4001,
      reason: "caller's",
      byClient: true,
    });
  }));

Deno.test("a socket that is closed before it opened fails as the platform's does, without a span", () =>
  withToy({ handshake: () => ({ delayMs: 50 }) }, async ({ WebSocket, native, spans }) => {
    const seen = async (Class: SocketClass): Promise<unknown[]> => {
      const socket = new Class(TOY_URL);
      const types: string[] = [];
      for (const type of ["open", "error", "close"]) socket.addEventListener(type, () => types.push(type));
      await closeSocket(socket);
      return types;
    };
    assert.deepEqual(await seen(WebSocket), await seen(native));
    assert.equal((await spans()).length, 0);
  }));

Deno.test("a socket to an unknown host or path is a plain one", () =>
  withToy(echo, async ({ WebSocket, telemetry, native, spans }) => {
    for (const url of ["wss://other.example/v1/speak", "wss://api.toy.example/v2"]) {
      const socket = new WebSocket(url);
      assert.deepEqual(Reflect.ownKeys(socket), Reflect.ownKeys(new native(url)));
      await nextEvent(socket, "open");
      const next = nextEvent<MessageEvent>(socket, "message");
      socket.send('{"context":"a"}');
      assert.equal((await next).data, '{"context":"a"}');
      await closeSocket(socket);
    }
    assert.equal(telemetry.stats().openAttempts, 0);
    assert.equal((await spans()).length, 0);
  }));

Deno.test("a class wrapped twice counts once, and the last wrapping counts", () =>
  withToy({}, async ({ WebSocket, telemetry, spans }) => {
    const outer = startKept({ WebSocket, providers: [toyProvider()] });
    class Between extends WebSocket {}
    for (
      const Class of [outer.WebSocket, instrumentWebSocket(Between, { ...outer, providers: [toyProvider()] })]
    ) {
      const socket = new Class(TOY_URL);
      await nextEvent(socket, "open");
      await say(socket, "a", "Hi");
      await closeSocket(socket);
    }
    await outer.shutdown();
    assert.equal(outer.spans.length, 2);
    assert.equal((await spans()).length, 0);
    assert.equal(telemetry.stats().endedAttempts, 0);
  }));

Deno.test("a class can be extended further, in ways of its own", () =>
  withToy({}, async ({ WebSocket, telemetry, spans }) => {
    const log: string[] = [];
    class Speaker extends WebSocket {
      readonly #name: string;

      constructor(name: string) {
        super(TOY_URL);
        this.#name = name;
      }

      override addEventListener(...all: Parameters<WebSocket["addEventListener"]>): void {
        log.push(`${this.#name} listens for ${all[0]}`);
        super.addEventListener(...all);
      }

      override send(text: string): void {
        log.push(`${this.#name} sends`);
        super.send(JSON.stringify({ context: this.#name, text }));
      }
    }
    const socket = new Speaker("ann");
    await nextEvent(socket, "open");
    const done = message(socket, (message) => message.done === true);
    socket.send("Hello");
    await done;
    const [span] = await spans();
    assert.deepEqual(log, ["ann listens for open", "ann listens for message", "ann sends"]);
    assert.equal(span!.attributes["teespan.characters"], 5);
    assert.deepEqual(span!.attributes["lk.provider_request_ids"], ["req_ann"]);
    await closeSocket(socket);
    assert.equal(telemetry.stats().endedAttempts, 1);
  }));

Deno.test("a socket survives formats that throw, reports each once, and ends its attempts", async () => {
  const bad = (..._all: unknown[]): never => {
    throw new Error("ours");
  };
  const faults: Record<string, [format: SocketFormat["open"], spans: number]> = {
    open: [bad, 0],
    sent: [(_, sinks) => ({ sent: (frame) => bad(sinks.begin(String(frame))), received() {} }), 1],
    received: [(_, sinks) => ({ sent: (frame) => void sinks.begin(String(frame)), received: bad }), 1],
    closed: [
      (_, sinks) => ({ sent: (frame) => void sinks.begin(String(frame)), received() {}, closed: bad }),
      2,
    ],
  };
  for (const [part, [open, expected]] of Object.entries(faults)) {
    const stages: string[] = [];
    await withToy({
      ...echo,
      telemetry: {
        providers: [toyProvider({ name: "bad", open })],
        onError(_error, stage) {
          stages.push(stage);
          bad();
        },
      },
    }, async ({ WebSocket, spans }) => {
      const socket = new WebSocket(TOY_URL);
      await nextEvent(socket, "open");
      for (const text of ["one", "two"]) {
        const next = nextEvent<MessageEvent>(socket, "message");
        socket.send(text);
        assert.equal((await next).data, text);
      }
      await closeSocket(socket);
      assert.equal((await spans()).length, expected, part);
    });
    assert.deepEqual(stages, ["read"], part);
  }
});

Deno.test("a socket survives clocks and contexts that throw", async () => {
  const bad = (..._all: unknown[]): never => {
    throw new Error("ours");
  };
  await using emulator = await startSocketEmulator({ serve: speak });
  for (const options of [{ clock: { now: bad } }, { activeContext: bad }]) {
    const Class = instrumentWebSocket(emulator.WebSocket, {
      ...options,
      providers: [toyProvider()],
      onError: bad,
    });
    const socket = new Class(TOY_URL);
    await nextEvent(socket, "open");
    await say(socket, "a", "Hi");
    await closeSocket(socket);
  }
});

Deno.test("a socket is left alone when its context suppresses tracing", () =>
  withToy({}, async ({ WebSocket, spans }) => {
    const socket = context.with(suppressTracing(context.active()), () => new WebSocket(TOY_URL));
    await nextEvent(socket, "open");
    await say(socket, "a", "Hi");
    await closeSocket(socket);
    assert.equal((await spans()).length, 0);
  }));

Deno.test("our listener is the first: whoever hears of an end finds the span ended", () =>
  withToy({
    async serve(connection) {
      await connection.next();
      await connection.send({ context: "a", done: true });
    },
  }, async ({ WebSocket, telemetry }) => {
    const counts: number[] = [];
    const flushed: Promise<number>[] = [];
    const look = (): void => {
      counts.push(telemetry.stats().endedAttempts);
      flushed.push(telemetry.flush().then(({ exportedSpans }) => exportedSpans));
    };
    const socket = new WebSocket(TOY_URL);
    socket.onmessage = ({ data }) => String(data).includes("done") && look();
    socket.onclose = look;
    await nextEvent(socket, "open");
    await say(socket, "a", "Hi");
    socket.send('{"context":"b"}'); // is cut off
    await closeSocket(socket);
    assert.deepEqual(counts, [1, 2]);
    assert.deepEqual(await Promise.all(flushed), [1, 2]);
  }));

Deno.test("instrumentWebSocket() takes the platform's class by default, and says what is wrong", () => {
  assert.ok(instrumentWebSocket(undefined, { providers: [] }).prototype instanceof WebSocket);
  assert.throws(() => instrumentWebSocket("x" as never, { providers: [] }), {
    name: "TypeError",
    message: "Cannot instrument WebSocket as it must be a class: current value is x",
  });
  assert.throws(() => instrumentWebSocket(WebSocket, { providers: {} as never }), TypeError);
  assert.throws(
    () =>
      instrumentWebSocket(WebSocket, {
        providers: [{ name: "x", hosts: ["a.example"], sockets: [{}] } as never],
      }),
    TypeError,
  );
});
