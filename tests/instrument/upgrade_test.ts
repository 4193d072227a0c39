/** Sockets that `fetch` opens, as Workers do it. */

import assert from "node:assert/strict";
import { followUpgrade, instrumentFetch } from "../../src/core.ts";
import { failLater, type KeptSpan, startKept } from "../support/memory_exporter.ts";
import { switching, WorkerSocket } from "../support/worker_socket.ts";
import { endingOf, TOY_URL, toyProvider } from "../support/toy_socket.ts";

const URL_UPGRADE = TOY_URL.replace("wss:", "https:");
const upgrade = { headers: { Upgrade: "websocket" } };

type Fetch = typeof globalThis.fetch;

interface Setup {
  readonly fetch: Fetch;
  readonly telemetry: ReturnType<typeof startKept>;
  spans(): Promise<readonly KeptSpan[]>;
}

async function withFetch(
  answer: (input: RequestInfo | URL, init?: RequestInit) => Response | Promise<Response>,
  test: (setup: Setup) => Promise<void>,
): Promise<void> {
  const telemetry = startKept({
    fetch: (async (...all: Parameters<Fetch>) => await answer(...all)) as Fetch,
    providers: [toyProvider()],
  });
  await test({
    fetch: telemetry.fetch,
    telemetry,
    async spans() {
      await telemetry.flush();
      return telemetry.spans;
    },
  });
  assert.equal(telemetry.stats().openAttempts, 0);
  await telemetry.shutdown();
  assert.equal(telemetry.spans.length, telemetry.stats().endedAttempts);
}

type UpgradedResponse = Response & { readonly webSocket: WorkerSocket };

for (const accepted of ["before", "after"]) {
  Deno.test(`fetch observes the socket of an upgrade that is accepted ${accepted} the caller listens`, () => {
    const socket = new WorkerSocket();
    const response = switching(socket, { "x-request-id": "req_shake" });
    return withFetch(() => response, async ({ fetch, spans }) => {
      const answered = await fetch(URL_UPGRADE, upgrade) as UpgradedResponse;
      assert.equal(answered, response);
      assert.equal(answered.webSocket, socket);
      if (accepted === "before") socket.accept();
      const heard: unknown[] = [];
      socket.addEventListener("message", (event) => heard.push((event as MessageEvent).data));
      if (accepted === "after") socket.accept();
      socket.send('{"context":"a","text":"Hello"}');
      const audio = new Uint8Array(32_000);
      const texts = ['{"context":"a","id":"req_a"}', '{"context":"a","done":true}'];
      for (const data of [texts[0], audio, texts[1]]) socket.receive(data);
      socket.close();
      assert.equal(heard[1], audio);
      assert.deepEqual(socket.sent, ['{"context":"a","text":"Hello"}']);
      const [span, ...others] = await spans();
      assert.equal(others.length, 0);
      assert.deepEqual(span!.attributes["lk.provider_request_ids"], ["req_shake", "req_a"]);
      assert.equal(span!.attributes["teespan.characters"], 5);
      assert.equal(span!.attributes["teespan.audio.duration"], 1);
      assert.equal(typeof span!.attributes["teespan.connection.acquire_time"], "number");
      assert.match(String(span!.attributes["url.full"]), /^https:\/\/api\.toy\.example.*api_key=REDACTED$/);
      assert.deepEqual(endingOf(span!), ["success", undefined, undefined]);
    });
  });
}

Deno.test("instrumentFetch() observes the sockets of upgrades where it is given what follows them", async () => {
  const act = async (fetch: Fetch): Promise<void> => {
    const { webSocket } = await fetch(URL_UPGRADE, upgrade) as UpgradedResponse;
    webSocket.accept();
    webSocket.send('{"context":"a","text":"Hello"}');
    webSocket.receive('{"context":"a","done":true}');
    webSocket.close();
  };
  const telemetry = startKept({ register: false });
  const { tracerProvider, spans } = telemetry;
  const options = { providers: [toyProvider()], tracerProvider, onError: failLater };
  const native = (() => Promise.resolve(switching(new WorkerSocket()))) as Fetch;
  await act(instrumentFetch(native, options));
  await telemetry.flush();
  assert.equal(spans.length, 0);
  await act(instrumentFetch(native, { ...options, followUpgrade }));
  await telemetry.shutdown();
  assert.deepEqual(spans.map(endingOf), [["success", undefined, undefined]]);
});

Deno.test("fetch ends what is open on an upgraded socket with its close", async () => {
  const endings = async (act: (socket: WorkerSocket) => void): Promise<unknown[]> => {
    const socket = new WorkerSocket();
    let ended: unknown[] = [];
    await withFetch(() => switching(socket), async ({ fetch, spans }) => {
      await fetch(URL_UPGRADE, upgrade);
      assert.throws(() => socket.send('{"context":"early"}'), /accept/);
      socket.accept();
      socket.send('{"context":"a","text":"Hello"}');
      act(socket);
      assert.throws(() => socket.send('{"context":"late"}'), /after close/);
      ended = (await spans()).map(endingOf);
    });
    return ended;
  };
  const byProvider = (socket: WorkerSocket): void => WorkerSocket.prototype.close.call(socket, 1011);
  assert.deepEqual(await endings((socket) => socket.close(1000)), [["cancelled", undefined, 1000]]);
  assert.deepEqual(await endings(byProvider), [["error", "close_1011", 1011]]);
});

for (const input of [new Request(URL_UPGRADE, upgrade), new URL(URL_UPGRADE)]) {
  Deno.test(`fetch recognizes an upgrade given as ${input.constructor.name}`, () => {
    const response = new Response("no", { status: 401, headers: { "x-request-id": "req_401" } });
    return withFetch(() => response, async ({ fetch, spans }) => {
      const answered = await fetch(
        input,
        input instanceof URL ? { headers: [["upgrade", "WebSocket"]] } : {},
      );
      assert.equal(answered, response);
      const [span, ...others] = await spans(); // before anybody reads the body
      assert.equal(others.length, 0);
      assert.equal(await answered.text(), "no");
      assert.equal(span!.name, "tts_request_run");
      assert.deepEqual(endingOf(span!), ["error", "401", undefined]);
      assert.equal(span!.attributes["http.response.status_code"], 401);
      assert.deepEqual(span!.attributes["lk.provider_request_ids"], ["req_401"]);
    });
  });
}

Deno.test("fetch marks an upgrade that was answered without a socket", () =>
  withFetch(() => new Response("a page"), async ({ fetch, spans }) => {
    assert.equal(await (await fetch(URL_UPGRADE, upgrade)).text(), "a page");
    assert.deepEqual((await spans()).map(endingOf), [["error", "connect_failed", undefined]]);
    assert.equal((await spans())[0]!.attributes["http.response.status_code"], 200);
  }));

Deno.test("fetch rejects an upgrade with the very error, and leaves an attempt unless it was not wanted", async () => {
  const unreachable = new TypeError("refused", { cause: { code: "ECONNREFUSED" } });
  await withFetch(() => Promise.reject(unreachable), async ({ fetch, spans }) => {
    await assert.rejects(fetch(URL_UPGRADE, upgrade), (error) => error === unreachable);
    assert.deepEqual((await spans()).map(endingOf), [["error", "ECONNREFUSED", undefined]]);
  });
  for (
    const [reason, types] of [[new DOMException("", "TimeoutError"), ["TimeoutError"]], [new Error("x"), []]]
  ) {
    await withFetch(() => Promise.reject(reason), async ({ fetch, spans }) => {
      const signal = AbortSignal.abort(reason);
      await assert.rejects(fetch(URL_UPGRADE, { ...upgrade, signal }), (error) => error === reason);
      assert.deepEqual((await spans()).map(({ attributes }) => attributes["error.type"]), types);
    });
  }
});

Deno.test("fetch leaves alone what is no upgrade to a known socket", async () => {
  const response = new Response("as it is");
  const promise = Promise.resolve(response);
  const telemetry = startKept({ fetch: (() => promise) as Fetch, providers: [toyProvider()] });
  const calls: [string, RequestInit?][] = [
    [URL_UPGRADE],
    [URL_UPGRADE, { headers: { upgrade: "h2c" } }],
    [URL_UPGRADE, { ...upgrade, method: "POST" }],
    ["https://api.toy.example/v2", upgrade],
    ["https://other.example/v1/speak", upgrade],
  ];
  const { fetch } = telemetry;
  for (const call of calls) assert.equal(fetch(...call), promise);
  await telemetry.shutdown();
  assert.equal(telemetry.spans.length, 0);
});

Deno.test("fetch observes an upgraded socket once, though it is handed over too", () => {
  const socket = new WorkerSocket();
  return withFetch(() => switching(socket), async ({ fetch, telemetry, spans }) => {
    await fetch(URL_UPGRADE, upgrade);
    telemetry.observeSocket(socket, { url: TOY_URL });
    socket.accept();
    socket.send('{"context":"a","text":"Hello"}');
    socket.receive('{"context":"a","done":true}');
    assert.equal((await spans()).length, 1);
  });
});

Deno.test("fetch gives an upgraded response that nobody taps as it is", () =>
  withFetch(() => switching(null), async ({ fetch, spans }) => {
    assert.equal((await fetch(URL_UPGRADE, upgrade)).status, 101);
    assert.equal((await spans()).length, 0);
  }));
