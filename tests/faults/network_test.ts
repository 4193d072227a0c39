/**
 * Connections that go wrong below HTTP and below frames: what the caller is told is what the platform tells without us,
 * and each attempt ends once.
 */

import assert from "node:assert/strict";
import type { WebSocketClass } from "../../mod.ts";
import { FakeWebSocket } from "../support/fake_websocket.ts";
import { startKept } from "../support/memory_exporter.ts";
import { TOY_URL, toyFormat, toyProvider } from "../support/toy_format.ts";

const text = new TextEncoder();

/** What a server does with a connection, once it has read a request. */
type Answer = (connection: Deno.TcpConn, request: string) => Promise<void>;

/** A server that speaks TCP alone. */
async function withServer(answer: Answer, test: (port: number) => Promise<void>): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.TcpConn>();
  const serve = async (connection: Deno.TcpConn): Promise<void> => {
    open.add(connection);
    try {
      const buffer = new Uint8Array(65_536);
      const read = await connection.read(buffer);
      await answer(connection, new TextDecoder().decode(buffer.subarray(0, read ?? 0)));
    } catch {
      // the client left
    }
  };
  const accepting = (async () => {
    for await (const connection of listener) void serve(connection);
  })();
  try {
    await test((listener.addr as Deno.NetAddr).port);
  } finally {
    listener.close();
    await accepting;
    for (const connection of open) {
      try {
        connection.close();
      } catch {
        // closed by its answer
      }
    }
  }
}

const write = async (connection: Deno.TcpConn, ...parts: (string | Uint8Array)[]): Promise<void> => {
  for (const part of parts) {
    let bytes = typeof part === "string" ? text.encode(part) : part;
    while (bytes.length > 0) bytes = bytes.subarray(await connection.write(bytes));
  }
};

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-request-id: req_1\r\n";
const EVENT = 'data: {"id":"chatcmpl-1","choices":[{"delta":{"content":"Hi"}}]}\n\n';

const WHOLE = `${EVENT}data: [DONE]\n\n`;

/** Answers of HTTP that are none, or not whole. */
const answers: Readonly<Record<string, Answer>> = {
  "hangs up without a word": (connection) => Promise.resolve(connection.close()),
  "closes its half without a word": (connection) => connection.closeWrite(),
  "answers with garbage": (connection) =>
    write(connection, crypto.getRandomValues(new Uint8Array(500)), "\r\n\r\n"),
  "answers in another protocol": (connection) => write(connection, "SSH-2.0-OpenSSH_9.7\r\n"),
  "breaks off in its headers": async (connection) => {
    await write(connection, HEAD.slice(0, 30));
    connection.close();
  },
  "breaks off in its body": async (connection) => {
    await write(connection, `${HEAD}content-length: 1000\r\n\r\n${EVENT}`);
    connection.close();
  },
  "closes its half in its body": async (connection) => {
    await write(connection, `${HEAD}content-length: 1000\r\n\r\n${EVENT}`);
    await connection.closeWrite();
  },
  "closes its half in its chunks": async (connection) => {
    await write(connection, `${HEAD}transfer-encoding: chunked\r\n\r\n`);
    await write(connection, `${EVENT.length.toString(16)}\r\n${EVENT}\r\n`);
    await connection.closeWrite();
  },
  "sends a chunk of another length": (connection) =>
    write(connection, `${HEAD}transfer-encoding: chunked\r\n\r\n5\r\n${EVENT}\r\n0\r\n\r\n`),
  "sends more than it said": (connection) =>
    write(connection, `${HEAD}content-length: ${WHOLE.length}\r\n\r\n${WHOLE}HTTP/1.1 200 OK`),
  "says it is compressed, and is not": async (connection) => {
    await write(
      connection,
      `${HEAD}content-encoding: gzip\r\ncontent-length: ${EVENT.length}\r\n\r\n${EVENT}`,
    );
    connection.close();
  },
  "ends by closing, as of old": async (connection) => {
    await write(connection, `${HEAD}connection: close\r\n\r\n${WHOLE}`);
    connection.close();
  },
};

/** What became of a call: what was read, and how it ended. */
async function outcome(fetch: typeof globalThis.fetch, port: number): Promise<unknown> {
  const read: number[] = [];
  try {
    const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
      method: "POST",
      body: "{}",
    });
    for await (const chunk of response.body!) read.push(...chunk);
    return { status: response.status, read };
  } catch (error) {
    const { name, message } = error as Error;
    return { read, name, message: message.replaceAll(/:\d{4,5}/g, ":port").replace(/\(os error.*/, "") };
  }
}

// connections that are kept open by the pool are not the test's
const pooled = { sanitizeResources: false, sanitizeOps: false };

for (const [what, answer] of Object.entries(answers)) {
  Deno.test(
    `a provider that ${what}: the caller has what it would have, one attempt ends`,
    pooled,
    () =>
      withServer(answer, async (port) => {
        const telemetry = startKept();
        const expected = await outcome(fetch, port);
        assert.deepEqual(await outcome(telemetry.fetch, port), expected);
        assert.equal(telemetry.stats().openAttempts, 0);
        await telemetry.shutdown();
        assert.equal(telemetry.spans.length, 1);
        const { attributes } = telemetry.spans[0]!;
        const failed = "name" in (expected as object);
        assert.equal(attributes["teespan.outcome"], failed ? "error" : "success");
        assert.equal(typeof attributes["error.type"], failed ? "string" : "undefined");
      }),
  );
}

/** A frame of a server: its first byte, and its content after a length that may lie. */
function frame(first: number, content: string | Uint8Array, length?: bigint): Uint8Array {
  const bytes = typeof content === "string" ? text.encode(content) : content;
  if (length === undefined && bytes.length < 126) return Uint8Array.of(first, bytes.length, ...bytes);
  const head = new Uint8Array(10);
  head.set([first, 127]);
  new DataView(head.buffer).setBigUint64(2, length ?? BigInt(bytes.length));
  return Uint8Array.of(...head, ...bytes);
}

const SAID = frame(0x81, '{"context":"a","id":"req_a"}');

/** Sockets that break below their frames. */
const sockets: Readonly<Record<string, Answer>> = {
  "hangs up without a close": async (connection) => {
    await write(connection, SAID);
    connection.close();
  },
  "closes its half without a close": async (connection) => {
    await write(connection, SAID);
    await connection.closeWrite();
  },
  "sends garbage for frames": (connection) => write(connection, SAID, new Uint8Array(200).fill(0xff)),
  "sends text that is no UTF-8": (connection) =>
    write(connection, SAID, frame(0x81, Uint8Array.of(0xff, 0xfe))),
  "promises a gigabyte and leaves": async (connection) => {
    await write(connection, SAID, frame(0x82, "start", 1n << 30n));
    connection.close();
  },
  "closes with a code that is none": (connection) =>
    write(connection, SAID, frame(0x88, Uint8Array.of(3, 0xed))),
  "closes with a reason that is no UTF-8": (connection) =>
    write(connection, SAID, frame(0x88, Uint8Array.of(3, 0xe8, 0xff, 0xfe))),
  "sends pieces without a beginning": (connection) => write(connection, SAID, frame(0x80, "more")),
};

/** Opens the socket as RFC 6455 has it, then goes on. */
function upgraded(then: Answer): Answer {
  return async (connection, request) => {
    const [, key] = /sec-websocket-key: (\S+)/i.exec(request) ?? [];
    const hash = await crypto.subtle.digest(
      "SHA-1",
      text.encode(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`),
    );
    await write(
      connection,
      "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n" +
        `sec-websocket-accept: ${new Uint8Array(hash).toBase64()}\r\n\r\n`,
    );
    await connection.read(new Uint8Array(1000)); // the caller's first frame
    await then(connection, request);
  };
}

/** The events of a socket, to its close. */
async function life(WebSocket: typeof globalThis.WebSocket, port: number): Promise<unknown[]> {
  const events: unknown[] = [];
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/speak`);
  const closed = new Promise<void>((resolve) => {
    socket.onclose = ({ code, reason, wasClean }) => {
      events.push(["close", code, reason, wasClean]);
      resolve();
    };
  });
  socket.onerror = (event) =>
    events.push(["error", (event as ErrorEvent).message.replace(/\(os error.*/, "")]);
  socket.onmessage = ({ data }) => events.push(["message", data]);
  socket.onopen = () => {
    events.push(["open"]);
    socket.send('{"context":"a","text":"Hi"}');
  };
  await closed;
  return events;
}

for (const [what, answer] of Object.entries(sockets)) {
  Deno.test(
    `a provider's socket that ${what}: the same events as without us, one attempt ends`,
    pooled,
    () =>
      withServer(upgraded(answer), async (port) => {
        const telemetry = startKept({ providers: [toyProvider(toyFormat, `127.0.0.1:${port}`)] });
        const expected = await life(WebSocket, port);
        assert.deepEqual(await life(telemetry.WebSocket, port), expected);
        assert.equal(telemetry.stats().openAttempts, 0);
        await telemetry.shutdown();
        assert.equal(telemetry.spans.length, 1);
        const { attributes } = telemetry.spans[0]!;
        assert.deepEqual(attributes["lk.provider_request_ids"], ["req_a"]);
        assert.equal(attributes["teespan.outcome"], "error");
      }),
  );
}

Deno.test("a socket of 100,000 tiny frames hands over each, and keeps what it keeps", async () => {
  const telemetry = startKept({
    WebSocket: FakeWebSocket as unknown as WebSocketClass,
    providers: [toyProvider()],
  });
  const socket = new telemetry.WebSocket(TOY_URL) as unknown as FakeWebSocket;
  let heard = 0;
  socket.addEventListener("message", () => heard++);
  socket.open();
  socket.send('{"context":"a","text":"Hi"}');
  const audio = new Uint8Array(2);
  const { heapUsed: before } = Deno.memoryUsage();
  for (let frames = 0; frames < 100_000; frames++) socket.receive(frames % 2 ? audio : '{"context":"a"}');
  assert.ok(Deno.memoryUsage().heapUsed - before < 64 * 1024 * 1024);
  socket.receive('{"context":"a","done":true}');
  socket.shut(1000);
  assert.equal(heard, 100_001);
  await telemetry.shutdown();
  const [{ attributes }] = telemetry.spans as [typeof telemetry.spans[number]];
  assert.equal(attributes["teespan.outcome"], "success");
  assert.equal(attributes["teespan.audio.duration"], 100_000 / 32_000);
});
