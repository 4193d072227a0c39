import assert from "node:assert/strict";
import PackagedWebSocket from "ws";
import {
  type EmulatedConnection,
  type SocketEmulatorOptions,
  startSocketEmulator,
} from "../../src/testing/mod.ts";

const URL_OF_PROVIDER = "wss://api.acme.example:8443/v1/speak?voice=a%20b&key=%2F";

type SocketClass = typeof globalThis.WebSocket;

/** What a client saw of one socket, until its close. */
interface ClientRecord {
  opened: boolean;
  messages: unknown[];
  error: string | undefined;
  code: number;
  reason: string;
}

/** Opens a socket and follows it to its close. */
function follow(
  socket: WebSocket,
  { onopen, onmessage }: { onopen?: () => void; onmessage?: (data: unknown) => void } = {},
): Promise<ClientRecord> {
  const record: ClientRecord = { opened: false, messages: [], error: undefined, code: 0, reason: "" };
  socket.binaryType = "arraybuffer";
  return new Promise((resolve) => {
    socket.onopen = () => {
      record.opened = true;
      onopen?.();
    };
    socket.onmessage = ({ data }) => {
      record.messages.push(data);
      onmessage?.(data);
    };
    socket.onerror = (event) => void (record.error = (event as ErrorEvent).message ?? "");
    socket.onclose = ({ code, reason }) => resolve({ ...record, code, reason });
  });
}

/** Opens a socket to an emulator of its own, and gives what each side saw. */
async function meet(
  serve: SocketEmulatorOptions["serve"],
  client: (socket: WebSocket) => Parameters<typeof follow>[1] = () => ({}),
) {
  await using emulator = await startSocketEmulator({ serve });
  const socket = new emulator.WebSocket(URL_OF_PROVIDER);
  const record = await follow(socket, client(socket));
  const connection = emulator.connections[0]!;
  return { record, connection, closed: await connection.closed };
}

Deno.test("startSocketEmulator() shows what the client asked for, whatever host it wanted", async () => {
  await using emulator = await startSocketEmulator({ serve: (connection) => connection.close(1000) });
  const socket = new emulator.WebSocket(URL_OF_PROVIDER, ["one", "two"]);
  assert.equal(socket.url, URL_OF_PROVIDER);
  assert.ok(socket instanceof WebSocket);
  await follow(socket);
  const [connection] = emulator.connections;
  assert.equal(socket.protocol, "one");
  assert.equal(connection!.index, 0);
  assert.equal(connection!.path, "/v1/speak?voice=a%20b&key=%2F");
  assert.equal(connection!.url, `${emulator.url}/v1/speak?voice=a%20b&key=%2F`);
  assert.equal(connection!.host, "api.acme.example:8443");
  assert.equal(connection!.protocol, "one");
  assert.equal(connection!.headers["sec-websocket-protocol"], "one, two");
  assert.match(emulator.url, new RegExp(`^ws://127\\.0\\.0\\.1:${emulator.port}$`));
});

Deno.test("startSocketEmulator() serves sockets that are opened without its class", async () => {
  await using emulator = await startSocketEmulator({ serve: (connection) => connection.close(1000) });
  await follow(new WebSocket(`${emulator.url}/plain?a=1`));
  assert.equal(emulator.connections[0]!.path, "/plain?a=1");
  assert.equal(emulator.connections[0]!.host, new URL(emulator.url).host);
});

Deno.test("the emulator's WebSocket passes on headers where the platform takes them, and refuses what it refuses", async () => {
  await using emulator = await startSocketEmulator({ serve: (connection) => connection.close(1000) });
  const HeaderSocket = emulator.WebSocket as unknown as new (url: string, options: object) => WebSocket;
  await follow(
    new HeaderSocket("ws://a.example", { headers: { authorization: "Token x" }, protocols: ["p"] }),
  );
  assert.equal(emulator.connections[0]!.headers.authorization, "Token x");
  assert.equal(emulator.connections[0]!.path, "/");
  for (const args of [["nope://a.example"], ["not a url"], ["ws://a.example", ["p", "p"]], ["ws://a/#b"]]) {
    assert.throws(() => new emulator.WebSocket(...args as [string]), { name: "SyntaxError" });
  }
  assert.throws(() => new (emulator.WebSocket as unknown as new () => WebSocket)(), TypeError);
});

Deno.test("a connection gives frames in order, as they are, and keeps them", async () => {
  const got: unknown[] = [];
  const { connection } = await meet(async (connection) => {
    got.push(await connection.nextJson());
    const [second, third] = await Promise.all([connection.next(), connection.next()]);
    got.push(second, third, await connection.next(), await connection.next());
  }, (socket) => ({
    onopen: () => {
      socket.send('{"a":1}');
      socket.send("text");
      socket.send(Uint8Array.of(1, 2));
      socket.close();
    },
  }));
  assert.deepEqual(got, [{ a: 1 }, "text", Uint8Array.of(1, 2), undefined, undefined]);
  assert.deepEqual(connection.frames.map(({ data }) => data), ['{"a":1}', "text", Uint8Array.of(1, 2)]);
  assert.ok(connection.frames[0]!.at <= connection.frames[2]!.at);
  assert.equal(await connection.nextJson(), undefined);
});

Deno.test("a connection sends text, bytes and objects", async () => {
  const { record } = await meet(async (connection) => {
    await connection.send("text");
    await connection.send(Uint8Array.of(1, 2));
    await connection.send({ a: [1] });
    connection.close(1000);
  });
  assert.deepEqual(record.messages, ["text", Uint8Array.of(1, 2).buffer, '{"a":[1]}']);
});

Deno.test("a connection sends at a pace, and stops when the client is gone", async () => {
  const times: number[] = [];
  const { record, closed } = await meet(
    (connection) => connection.sendPaced(Array(1000).fill("x"), 10),
    (socket) => ({ onmessage: () => times.push(performance.now()) === 4 && socket.close() }),
  );
  assert.ok(record.messages.length < 8);
  assert.ok(times[3]! - times[0]! >= 25, `came within ${times[3]! - times[0]!} ms`);
  assert.equal(closed.byClient, true);
});

Deno.test("a connection closes with code and reason, and knows who did", async () => {
  const ours = await meet((connection) => connection.close(1008, "no credit"));
  assert.deepEqual([ours.record.code, ours.record.reason], [1008, "no credit"]);
  assert.deepEqual(ours.closed, { code: 1008, reason: "no credit", byClient: false });

  const bare = await meet((connection) => connection.close());
  assert.deepEqual([bare.record.code, bare.closed.code], [1005, 1005]);

  const theirs = await meet(
    (connection) => connection.stall(),
    (socket) => ({ onopen: () => socket.close(4001, "enough") }),
  );
  assert.deepEqual(theirs.closed, { code: 4001, reason: "enough", byClient: true });
});

Deno.test("a connection can be reset", async () => {
  const { record, closed } = await meet(async (connection) => {
    await connection.next();
    connection.reset();
  }, (socket) => ({ onopen: () => socket.send("x") }));
  assert.equal(record.opened, true);
  assert.deepEqual(closed, { code: 1006, reason: "", byClient: false });
  assert.ok([0, 1006].includes(record.code), `code ${record.code}`);
});

Deno.test("a connection that stalls is silent until the emulator closes", async () => {
  const emulator = await startSocketEmulator({ serve: (connection) => connection.stall() });
  const socket = new emulator.WebSocket(URL_OF_PROVIDER);
  const record = follow(socket, { onopen: () => void emulator.close() });
  assert.deepEqual((await record).messages, []);
  assert.equal((await emulator.connections[0]!.closed).byClient, false);
});

Deno.test("a server that throws closes with 1011 and says why, within a frame's bounds", async () => {
  const { record } = await meet(() => Promise.reject(new Error("ü".repeat(200))));
  assert.equal(record.code, 1011);
  assert.match(record.reason, /^Cannot serve: Error: ü+$/);
});

Deno.test("startSocketEmulator() refuses a handshake with status, headers and body", async () => {
  const hosts: string[] = [];
  await using emulator = await startSocketEmulator({
    serve: () => assert.fail("never opened"),
    handshake: ({ host, path, protocols }) => {
      hosts.push(host, path, ...protocols);
      return { status: 401, headers: { "x-request-id": "req_1" }, body: '{"err":"INVALID_AUTH"}' };
    },
  });
  const record = await follow(new emulator.WebSocket("wss://api.acme.example/v1", ["token", "secret"]));
  assert.equal(record.opened, false);
  assert.notEqual(record.error, undefined);
  assert.deepEqual(hosts, ["api.acme.example", "/v1", "token", "secret"]);
  assert.equal(emulator.connections.length, 0);

  const response = await new Promise<{ status: unknown; id: unknown; body: string }>((resolve, reject) => {
    const socket = new PackagedWebSocket(`${emulator.url}/v1`);
    socket.on("unexpected-response", async (_request, response) => {
      let body = "";
      for await (const piece of response) body += piece;
      resolve({ status: response.statusCode, id: response.headers["x-request-id"], body });
    });
    socket.on("error", reject);
  });
  assert.deepEqual(response, { status: 401, id: "req_1", body: '{"err":"INVALID_AUTH"}' });
});

Deno.test("startSocketEmulator() opens a handshake late, with headers and a subprotocol of its choice", async () => {
  await using emulator = await startSocketEmulator({
    serve: (connection) => connection.close(1000),
    handshake: () => ({ delayMs: 30, headers: { "dg-request-id": "req_2" }, protocol: "two" }),
  });
  const begun = performance.now();
  const headers = await new Promise<Record<string, unknown>>((resolve) => {
    const socket = new PackagedWebSocket(emulator.url, ["one", "two"]);
    let seen = {};
    socket.on("upgrade", (response) => void (seen = response.headers));
    socket.on("close", () => resolve({ ...seen, protocol: socket.protocol }));
  });
  assert.ok(performance.now() - begun >= 25);
  assert.equal(headers["dg-request-id"], "req_2");
  assert.equal(headers.protocol, "two");
  assert.equal(emulator.connections[0]!.protocol, "two");
});

Deno.test("startSocketEmulator() survives clients that leave in the handshake, and closes in its midst", async () => {
  const emulator = await startSocketEmulator({
    serve: () => assert.fail("never opened"),
    handshake: () => ({ delayMs: 60_000 }),
  });
  const left = new emulator.WebSocket(URL_OF_PROVIDER);
  const kept = follow(new emulator.WebSocket(URL_OF_PROVIDER));
  setTimeout(() => left.close(), 10);
  await follow(left);
  await emulator.close();
  await emulator.close();
  assert.equal((await kept).opened, false);
});

Deno.test("startSocketEmulator() breaks the connection when the handshake cannot be answered", async () => {
  await using emulator = await startSocketEmulator({
    serve: () => {},
    handshake: () => Promise.reject(new Error("mine")),
  });
  assert.equal((await follow(new emulator.WebSocket(URL_OF_PROVIDER))).opened, false);
});

Deno.test("startSocketEmulator() answers 426 to a plain request", async () => {
  await using emulator = await startSocketEmulator({ serve: () => {} });
  const response = await fetch(emulator.url.replace("ws", "http"));
  assert.equal(response.status, 426);
  await response.body?.cancel();
});

Deno.test("startSocketEmulator() serves the ws package's class, and many connections at once", async () => {
  await using emulator = await startSocketEmulator({
    serve: async (connection: EmulatedConnection) => {
      await connection.send({ echo: await connection.nextJson() });
      connection.close(1000);
    },
  });
  const Sockets = [emulator.WebSocket, PackagedWebSocket as unknown as SocketClass];
  const answers = await Promise.all(Array.from({ length: 20 }, async (_, index) => {
    const socket = new Sockets[index % 2]!(`${emulator.url}/${index}`);
    const { messages } = await follow(socket, { onopen: () => socket.send(String(index)) });
    return messages[0];
  }));
  assert.deepEqual(answers, Array.from({ length: 20 }, (_, index) => `{"echo":${index}}`));
  assert.equal(emulator.connections.length, 20);
});

Deno.test("startSocketEmulator() says what is wrong with its options", async () => {
  await assert.rejects(startSocketEmulator({ serve: "x" as never }), {
    name: "TypeError",
    message: "Cannot start the emulator as serve must be a function: current value is x",
  });
  await assert.rejects(startSocketEmulator({ serve: () => {}, port: -1 }), RangeError);
});
