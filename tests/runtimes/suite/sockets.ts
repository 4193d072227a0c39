/** Sockets, over real connections. */

import { TOY_URL, toyProvider } from "../../support/toy_format.ts";
import { CALL, type Case, toy } from "./world.ts";

/** Resolves with the next event of that type. */
function next(socket: EventTarget, type: string): Promise<Event> {
  return new Promise((resolve) => socket.addEventListener(type, resolve, { once: true }));
}

/** Asks for speech, and waits for its end. */
async function say(
  socket: WebSocket,
  context: string,
  text: string,
): Promise<void> {
  const done = new Promise<void>((resolve) => {
    const look = ({ data }: MessageEvent): void => {
      if (
        typeof data !== "string" || JSON.parse(data).context !== context ||
        !JSON.parse(data).done
      ) return;
      socket.removeEventListener("message", look);
      resolve();
    };
    socket.addEventListener("message", look);
  });
  socket.send(JSON.stringify({ context, text }));
  await done;
}

/** The toy heard instead of spoken: its last frame ends a turn of the user. */
const hearing = toyProvider({
  name: "hearing",
  open: (_request, sinks) => ({
    sent() {},
    received(frame) {
      if (!isLast(frame)) return;
      sinks.turn().transcript({ final: true });
      sinks.turn().commit();
    },
  }),
});

function isLast(frame: unknown): boolean {
  return typeof frame === "string" && JSON.parse(frame).done === true;
}

/**
 * What a socket's handlers see, as `look` tells it: after the frame with which a context is done, and when the socket
 * closes while another is open.
 */
function seenByHandlers(socket: WebSocket, look: () => number): Promise<readonly number[]> {
  return new Promise((resolve) => {
    const seen: number[] = [];
    socket.onmessage = ({ data }) => {
      if (!isLast(data)) return;
      seen.push(look());
      socket.send(JSON.stringify({ context: "hang", text: "hello" }));
      socket.close();
    };
    socket.onclose = () => resolve([...seen, look()]);
  });
}

const WITH_UPGRADES = ["workerd", "workerd with nodejs_compat"];

export const sockets: readonly Case[] = [
  {
    name: "each context on a socket is an attempt with its ids, characters and audio",
    async run({ assert, spans, start }) {
      const telemetry = start({ providers: [toy] });
      const socket = new telemetry.WebSocket(TOY_URL);
      socket.binaryType = "arraybuffer";
      assert.ok(socket instanceof WebSocket);
      await next(socket, "open");
      await say(socket, "one", "hello");
      await say(socket, "two", "hello again");
      assert.equal(telemetry.stats().openAttempts, 0);
      const closed = next(socket, "close");
      socket.close();
      await closed;
      await telemetry.flush();
      const told = (await spans(2)).map(({ name, attributes }) => [
        name,
        attributes["lk.provider_request_ids"],
        attributes["teespan.characters"],
        attributes["teespan.audio.duration"],
        attributes["teespan.connection.reused"],
        attributes["teespan.outcome"],
      ]);
      assert.deepEqual(told, [
        ["tts_request_run", ["req_one"], 5, 0.015625, false, "success"],
        ["tts_request_run", ["req_two"], 11, 0.034375, true, "success"],
      ]);
    },
  },
  {
    name: "an attempt that is open when the caller closes is cancelled",
    async run({ assert, spans, start }) {
      const telemetry = start({ providers: [toy] });
      const socket = new telemetry.WebSocket(TOY_URL);
      await next(socket, "open");
      const closed = next(socket, "close");
      socket.send(JSON.stringify({ context: "hang", text: "hello" }));
      socket.close();
      await closed;
      assert.equal(telemetry.stats().openAttempts, 0);
      await telemetry.flush();
      assert.equal(
        (await spans(1))[0]!.attributes["teespan.outcome"],
        "cancelled",
      );
    },
  },
  {
    name: "a refused socket is an attempt that failed",
    async run({ assert, spans, start }) {
      const telemetry = start({ providers: [toy] });
      const socket = new telemetry.WebSocket(`${TOY_URL}&refuse=1`);
      await Promise.race([next(socket, "error"), next(socket, "close")]);
      await telemetry.flush();
      const [span] = await spans(1);
      assert.equal(span!.attributes["teespan.outcome"], "error");
      assert.ok(span!.attributes["error.type"]);
    },
  },
  {
    name: "a socket that fetch upgraded is observed, and carries the trace to a listed host",
    only: WITH_UPGRADES,
    async run({ assert, addresses, handshake, service, spans, start }) {
      const telemetry = start({
        providers: [toy],
        propagateTo: ["api.toy.example"],
        fetch: (input, init) => {
          const { pathname, search } = new URL(String(input));
          const to = `${addresses.sockets.replace("ws", "http")}${pathname}${search}`;
          return fetch(`${to}&service=${encodeURIComponent(service)}`, init);
        },
      });
      const span = telemetry.tracer.startSpan("here");
      const { traceId, spanId } = span.spanContext();
      const here = telemetry.within({
        traceparent: `00-${traceId}-${spanId}-01`,
      });
      const response = await here.fetch(TOY_URL.replace("wss", "https"), {
        headers: { Upgrade: "websocket" },
      });
      assert.equal(response.status, 101);
      const { webSocket } = response as Response & {
        webSocket: WebSocket & { accept(): void };
      };
      webSocket.accept();
      await say(webSocket, "one", "hello");
      webSocket.close();
      span.end();
      await telemetry.flush();
      const attempt = (await spans(2)).find(({ name }) => name === "tts_request_run");
      assert.deepEqual(attempt!.attributes["lk.provider_request_ids"], [
        "req_one",
      ]);
      assert.equal(attempt!.parentSpanId, spanId);
      assert.equal(
        (await handshake()).traceparent,
        `00-${traceId}-${spanId}-01`,
      );
    },
  },
  {
    name: "handlers see a frame and a close when the attempts that end with them have ended",
    async run({ assert, start }) {
      const telemetry = start({ providers: [toy] });
      const socket = new telemetry.WebSocket(TOY_URL);
      socket.binaryType = "arraybuffer";
      const seen = seenByHandlers(socket, () => telemetry.stats().endedAttempts);
      socket.onopen = () => socket.send(JSON.stringify({ context: "one", text: "hello" }));
      assert.deepEqual(await seen, [1, 2]);
    },
  },
  {
    name: "handlers see a refusal when the attempt has failed",
    async run({ assert, start }) {
      const telemetry = start({ providers: [toy] });
      const socket = new telemetry.WebSocket(`${TOY_URL}&refuse=1`);
      const ended = await new Promise((resolve) => {
        socket.onerror = socket.onclose = () => resolve(telemetry.stats().endedAttempts);
      });
      assert.equal(ended, 1);
    },
  },
  {
    name: "handlers of a socket that was handed over see it likewise",
    async run({ assert, start, WebSocket }) {
      const telemetry = start({ providers: [toy] });
      const socket = telemetry.observeSocket(new WebSocket(TOY_URL), { url: TOY_URL });
      socket.binaryType = "arraybuffer";
      const seen = seenByHandlers(socket, () => telemetry.stats().endedAttempts);
      socket.onopen = () => socket.send(JSON.stringify({ context: "one", text: "hello" }));
      assert.deepEqual(await seen, [1, 2]);
    },
  },
  {
    name:
      "handlers that a socket had when it was handed over see it likewise, where all listeners come later",
    only: WITH_UPGRADES,
    async run({ assert, start, WebSocket }) {
      const telemetry = start({ providers: [toy] });
      const socket = new WebSocket(TOY_URL);
      socket.binaryType = "arraybuffer";
      const seen = seenByHandlers(socket, () => telemetry.stats().endedAttempts);
      telemetry.observeSocket(socket, { url: TOY_URL });
      socket.onopen = () => socket.send(JSON.stringify({ context: "one", text: "hello" }));
      assert.deepEqual(await seen, [1, 2]);
    },
  },
  {
    name: "handlers of a socket that fetch upgraded see it likewise",
    only: WITH_UPGRADES,
    async run({ assert, addresses, service, start }) {
      const telemetry = start({
        providers: [toy],
        fetch: (_input, init) => {
          const to = `${addresses.sockets.replace("ws", "http")}/v1/speak?service=`;
          return fetch(`${to}${encodeURIComponent(service)}`, init);
        },
      });
      const response = await telemetry.fetch(TOY_URL.replace("wss", "https"), {
        headers: { Upgrade: "websocket" },
      });
      assert.equal(response.status, 101);
      const { webSocket } = response as Response & { webSocket: WebSocket & { accept(): void } };
      const seen = seenByHandlers(webSocket, () => telemetry.stats().endedAttempts);
      webSocket.accept();
      webSocket.send(JSON.stringify({ context: "one", text: "hello" }));
      assert.deepEqual(await seen, [1, 2]);
    },
  },
  {
    name: "a socket of a session belongs to it, whichever callback sends",
    async run({ assert, library, spans, start, url }) {
      const telemetry = start({ providers: [toy, ...library.providers] });
      const session = telemetry.startSession({ id: "call-1" });
      const socket = new session.WebSocket(TOY_URL);
      socket.binaryType = "arraybuffer";
      const answered = new Promise<void>((resolve, reject) => {
        socket.addEventListener("message", ({ data }) => {
          if (typeof data !== "string" || !JSON.parse(data).done) return;
          session.fetch(url("stream"), CALL).then((response) => response.text())
            .then(() => resolve(), reject);
        });
      });
      await next(socket, "open");
      await say(socket, "one", "hello");
      await answered;
      const closed = next(socket, "close");
      socket.close();
      await closed;
      session.end();
      await telemetry.flush();
      const all = await spans(3);
      const { spanId } = all.find(({ name }) => name === "agent_session")!;
      const attempts = all.filter(({ name }) => name !== "agent_session");
      assert.deepEqual(attempts.map(({ name }) => name).sort(), [
        "llm_request_run",
        "tts_request_run",
      ]);
      assert.deepEqual(attempts.map(({ parentSpanId }) => parentSpanId), [
        spanId,
        spanId,
      ]);
      assert.equal(session.attempts().length, 2);
    },
  },
  {
    name: "a turn of the user is told of when the caller's own listeners have seen the frame that ends it",
    async run({ assert, start }) {
      const telemetry = start({ providers: [hearing] });
      const session = telemetry.startSession({ id: "call-2" });
      const order: string[] = [];
      const told = new Promise<void>((resolve) =>
        session.on("turn", () => {
          order.push("turn");
          resolve();
        })
      );
      const socket = new session.WebSocket(TOY_URL);
      socket.binaryType = "arraybuffer";
      socket.addEventListener(
        "message",
        ({ data }) => isLast(data) && order.push("listener"),
      );
      socket.onmessage = ({ data }) => isLast(data) && order.push("handler");
      await next(socket, "open");
      socket.send(JSON.stringify({ context: "one", text: "hello" }));
      await told;
      // workerd calls handlers before listeners
      assert.deepEqual([...order.slice(0, 2).sort(), ...order.slice(2)], [
        "handler",
        "listener",
        "turn",
      ]);
      const closed = next(socket, "close");
      socket.close();
      await closed;
      session.end();
    },
  },
];
