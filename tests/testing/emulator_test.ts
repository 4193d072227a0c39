import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { get } from "node:http";
import { gunzipSync } from "node:zlib";
import { type EmulatedResponse, type Emulator, startEmulator } from "../../src/testing/mod.ts";

const URL_OF_PROVIDER = "https://api.openai.com/v1/chat/completions?stream=1";

/** Reads a body to its end as the pieces that arrived. */
async function pieces(response: Response): Promise<string[]> {
  const list: string[] = [];
  for await (const piece of response.body ?? []) list.push(new TextDecoder().decode(piece));
  return list;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The last request, which has to be there. */
function lastOf(emulator: Emulator) {
  const request = emulator.requests.at(-1);
  assert.ok(request);
  return request;
}

Deno.test("startEmulator() shows the request and gives the answer", async () => {
  await using emulator = await startEmulator({
    respond: (request) => ({
      status: 201,
      headers: { "content-type": "application/json", "set-cookie": ["a=1", "b=2"] },
      body: JSON.stringify({ got: request.json() }),
    }),
  });
  const response = await emulator.fetch(URL_OF_PROVIDER, {
    method: "POST",
    headers: { authorization: "Bearer x" },
    body: '{"model":"m"}',
  });
  assert.equal(response.status, 201);
  assert.deepEqual(response.headers.getSetCookie(), ["a=1", "b=2"]);
  assert.deepEqual(await response.json(), { got: { model: "m" } });
  const request = lastOf(emulator);
  await request.ended;
  assert.equal(request.index, 0);
  assert.equal(request.method, "POST");
  assert.equal(request.path, "/v1/chat/completions?stream=1");
  assert.equal(request.url, `${emulator.url}/v1/chat/completions?stream=1`);
  assert.equal(request.host, "api.openai.com");
  assert.equal(request.headers["x-emulated-host"], "api.openai.com");
  assert.equal(request.headers.authorization, "Bearer x");
  assert.equal(request.text(), '{"model":"m"}');
  assert.equal(request.outcome, "complete");
  assert.equal(request.bytesSent, '{"got":{"model":"m"}}'.length);
  assert.equal(request.chunksSent, 1);
  assert.ok((request.endedAt ?? 0) >= request.receivedAt);
});

Deno.test("startEmulator() answers a list in order and repeats the last", async () => {
  await using emulator = await startEmulator({ respond: [{ status: 429 }, { status: 200, body: "ok" }] });
  const statuses = [];
  for (let index = 0; index < 3; index++) {
    const response = await fetch(emulator.url);
    statuses.push(response.status);
    await response.text();
  }
  assert.deepEqual(statuses, [429, 200, 200]);
  assert.equal(lastOf(emulator).host, new URL(emulator.url).host);
});

Deno.test("startEmulator() answers 500 when respond throws", async () => {
  await using emulator = await startEmulator({ respond: () => Promise.reject(new Error("mine")) });
  const response = await fetch(emulator.url);
  assert.equal(response.status, 500);
  assert.equal(await response.text(), "Cannot respond: Error: mine");
});

Deno.test("startEmulator() refuses an empty list", async () => {
  await assert.rejects(startEmulator({ respond: [] }), TypeError);
});

Deno.test("fetch() of an emulator keeps all of a Request", async () => {
  await using emulator = await startEmulator({ respond: (request) => ({ body: request.body }) });
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode("in "));
      controller.enqueue(new TextEncoder().encode("parts"));
      controller.close();
    },
  });
  const init: RequestInit & { duplex: "half" } = {
    method: "PUT",
    headers: { "x-a": "b" },
    body,
    duplex: "half",
  };
  const response = await emulator.fetch(new Request(URL_OF_PROVIDER, init));
  assert.equal(await response.text(), "in parts");
  assert.equal(lastOf(emulator).method, "PUT");
  assert.equal(lastOf(emulator).headers["x-a"], "b");

  const url = await emulator.fetch(new URL("http://localhost:1/x"));
  assert.equal(await url.text(), "");
  assert.equal(lastOf(emulator).host, "localhost:1");
});

Deno.test("fetch() of an emulator heeds the signal of a Request", async () => {
  await using emulator = await startEmulator({ respond: { delayMs: 60_000 } });
  const controller = new AbortController();
  const reason = new Error("mine");
  const failed = assert.rejects(
    emulator.fetch(new Request(URL_OF_PROVIDER, { signal: controller.signal })),
    (error) => {
      assert.equal(error, reason);
      return true;
    },
  );
  while (emulator.requests.length === 0) await pause(2);
  controller.abort(reason);
  await failed;
  await lastOf(emulator).ended;
  assert.equal(lastOf(emulator).outcome, "cancelled");
});

Deno.test("startEmulator() sends elements, cuts and sizes as chunks of their own", async () => {
  const cases: readonly (readonly [EmulatedResponse, readonly string[]])[] = [
    [{ body: ["one", "two", new TextEncoder().encode("three")] }, ["one", "two", "three"]],
    [{ body: "abcdefgh", cutAt: [5, 2, 5, 99] }, ["ab", "cde", "fgh"]],
    [{ body: "abcdefgh", chunkBytes: 3 }, ["abc", "def", "gh"]],
    [{ body: ["abcd", "efgh"], cutAt: [1, 6], chunkBytes: 2 }, ["a", "bc", "d", "ef", "gh"]],
    [{ body: "" }, []],
    [{}, []],
  ];
  for (const [answer, wanted] of cases) {
    await using emulator = await startEmulator({ respond: { paceMs: 15, ...answer } });
    assert.deepEqual(await pieces(await fetch(emulator.url)), wanted);
    assert.equal(lastOf(emulator).chunksSent, wanted.length);
  }
});

Deno.test("startEmulator() sends most chunks one by one without a pace too", async () => {
  await using emulator = await startEmulator({ respond: { body: "x".repeat(200), chunkBytes: 4 } });
  const list = await pieces(await fetch(emulator.url));
  assert.equal(list.join("").length, 200);
  assert.ok(list.length > 10, `came in ${list.length} pieces of 50`);
});

Deno.test("startEmulator() keeps the pace and the delay", async () => {
  await using emulator = await startEmulator({ respond: { body: ["a", "b", "c"], paceMs: 30, delayMs: 50 } });
  const start = performance.now();
  const response = await fetch(emulator.url);
  const headersAt = performance.now() - start;
  assert.deepEqual(await pieces(response), ["a", "b", "c"]);
  const endAt = performance.now() - start;
  assert.ok(headersAt >= 45, `headers after ${headersAt} ms`);
  assert.ok(endAt - headersAt >= 50, `body in ${endAt - headersAt} ms`);
});

Deno.test("startEmulator() sends headers before the first chunk of a slow body", async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => release = resolve);
  await using emulator = await startEmulator({
    respond: {
      body: (async function* () {
        await gate;
        yield "late";
      })(),
    },
  });
  const response = await fetch(emulator.url);
  assert.equal(lastOf(emulator).bytesSent, 0);
  release();
  assert.equal(await response.text(), "late");
});

Deno.test("startEmulator() compresses so that each element can be read as it comes", async () => {
  await using emulator = await startEmulator({ respond: { body: ["one", "two"], gzip: true, paceMs: 15 } });
  const response = await fetch(emulator.url);
  assert.deepEqual((await pieces(response)).filter((piece) => piece !== ""), ["one", "two"]);

  const { promise, resolve } = Promise.withResolvers<Uint8Array>();
  get(emulator.url, { agent: false }, (message) => {
    const parts: Uint8Array[] = [];
    message.on("data", (part) => parts.push(part));
    message.on("end", () => resolve(Buffer.concat(parts)));
    assert.equal(message.headers["content-encoding"], "gzip");
  });
  assert.equal(new TextDecoder().decode(gunzipSync(await promise)), "onetwo");
});

Deno.test("startEmulator() resets, truncates and stalls after some bytes", async () => {
  for (const kind of ["reset", "truncate"] as const) {
    await using emulator = await startEmulator({
      respond: { body: "abcdef", fault: { kind, afterBytes: 4 } },
    });
    const response = await fetch(emulator.url);
    let text = "";
    await assert.rejects(async () => {
      for await (const piece of response.body ?? []) text += new TextDecoder().decode(piece);
    }, TypeError);
    assert.equal(text, "abcd", kind);
    await lastOf(emulator).ended;
    assert.equal(lastOf(emulator).outcome, "fault", kind);
    assert.equal(lastOf(emulator).bytesSent, 4, kind);
  }

  await using emulator = await startEmulator({
    respond: { body: "abc", fault: { kind: "stall", afterBytes: 9 } },
  });
  const reader = (await fetch(emulator.url)).body?.getReader();
  assert.equal((await reader?.read())?.value?.byteLength, 3);
  const more = reader?.read();
  assert.equal(await Promise.race([more, pause(50).then(() => "nothing")]), "nothing");
  assert.equal(lastOf(emulator).outcome, "open");
  await reader?.cancel();
  await lastOf(emulator).ended;
  assert.equal(lastOf(emulator).outcome, "cancelled");
});

Deno.test("startEmulator() resets and stalls before headers", async () => {
  await using emulator = await startEmulator({
    respond: [{ fault: { kind: "reset", beforeHeaders: true } }, {
      fault: { kind: "stall", beforeHeaders: true },
    }],
  });
  await assert.rejects(fetch(emulator.url), TypeError);
  await lastOf(emulator).ended;
  assert.equal(lastOf(emulator).outcome, "fault");
  await assert.rejects(fetch(emulator.url, { signal: AbortSignal.timeout(40) }), { name: "TimeoutError" });
  await lastOf(emulator).ended;
  assert.equal(lastOf(emulator).outcome, "cancelled");
});

Deno.test("startEmulator() breaks the connection when a body throws", async () => {
  await using emulator = await startEmulator({
    respond: {
      body: (async function* () {
        yield "a";
        await pause(5);
        throw new Error("mine");
      })(),
    },
  });
  const response = await fetch(emulator.url);
  await assert.rejects(response.text(), TypeError);
  await lastOf(emulator).ended;
  assert.equal(lastOf(emulator).outcome, "fault");
});

Deno.test("startEmulator() sees a cancel within 50 ms", async () => {
  let returned = false;
  await using emulator = await startEmulator({
    respond: () => ({
      body: (async function* () {
        try {
          for (;;) {
            yield "tick ";
            await pause(5);
          }
        } finally {
          returned = true;
        }
      })(),
    }),
  });
  for (const how of ["cancel", "abort"] as const) {
    const controller = new AbortController();
    const response = await fetch(emulator.url, { signal: controller.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    const leftAt = performance.now();
    if (how === "cancel") await reader?.cancel();
    else controller.abort();
    const request = lastOf(emulator);
    await request.ended;
    assert.equal(request.outcome, "cancelled");
    assert.ok((request.endedAt ?? Infinity) - leftAt < 50, `${how}: ${(request.endedAt ?? 0) - leftAt} ms`);
    const sent = request.bytesSent;
    await pause(30);
    assert.equal(request.bytesSent, sent);
    assert.ok(returned);
  }
});

Deno.test("startEmulator() stalls under a reader that pauses", async () => {
  const block = new Uint8Array(1024 * 1024);
  const size = 64 * block.byteLength;
  await using emulator = await startEmulator({
    respond: [{ body: new Array(64).fill(block) }, { body: new Uint8Array(size) }],
  });
  for (let index = 0; index < 2; index++) {
    const response = await fetch(emulator.url);
    const reader = response.body?.getReader();
    let read = (await reader?.read())?.value?.byteLength ?? 0;
    await pause(300);
    const request = lastOf(emulator);
    const held = request.bytesSent;
    assert.ok(held < 16 * 1024 * 1024, `${held} bytes sent`);
    await pause(100);
    assert.equal(request.bytesSent, held);
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
      read += next.value.byteLength;
    }
    assert.equal(read, size);
    await request.ended;
    assert.equal(request.bytesSent, size);
  }
});

Deno.test("close() destroys all connections, twice is harmless", async () => {
  const emulator = await startEmulator({ respond: { body: ["a", "b"], paceMs: 60_000 } });
  const response = await fetch(emulator.url);
  const reader = response.body?.getReader();
  await reader?.read();
  const broken = assert.rejects(async () => await reader?.read(), TypeError);
  await emulator.close();
  await emulator.close();
  await broken;
  await lastOf(emulator).ended;
  assert.equal(lastOf(emulator).outcome, "fault");
  await assert.rejects(fetch(emulator.url), TypeError);
});
