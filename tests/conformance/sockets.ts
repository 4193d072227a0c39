/** Sockets: making them, their life, what goes over them, who listens. */

import { ending, type Judged, type Peer, within } from "./judged.ts";

/** Longer than an event takes that comes. */
const PATIENCE_MS = 1000;

/** A frame that the provider's protocol has. */
const FRAME = '{"context":"a","text":"Ä€"}';

/** What is told of a socket, in order. */
type Log = unknown[];

const EVENTS = ["open", "message", "error", "close"] as const;

/** Resolves with the next event of that type, or says that none came. */
function next(socket: WebSocket, type: string): Promise<Event | "it hangs"> {
  return within(
    PATIENCE_MS,
    new Promise<Event>((resolve) => socket.addEventListener(type, resolve, { once: true })),
  );
}

/** Opens a socket, and notes its events, as listeners and handlers are told of them. */
function open(
  { WebSocket, socketUrl }: Peer,
  what: string,
  log: Log = [],
  protocols: string[] = [],
): WebSocket {
  const socket = new WebSocket(socketUrl(what), protocols);
  socket.binaryType = "arraybuffer";
  for (const type of EVENTS) {
    socket.addEventListener(type, (event) => log.push(["listener", ...told(event, socket)]));
    socket[`on${type}`] = (event: Event) => void log.push(["handler", ...told(event, socket)]);
  }
  return socket;
}

function told(event: Event, socket: WebSocket): unknown[] {
  const { type, target, isTrusted, cancelable, bubbles } = event;
  // not every runtime has the classes as globals
  const { code, reason, wasClean } = event as CloseEvent;
  const { data, lastEventId, origin } = event as MessageEvent;
  return [
    type,
    event.constructor.name,
    socket.readyState,
    target === socket,
    isTrusted,
    cancelable,
    bubbles,
    ...type === "close" ? [code, reason, wasClean] : [dataOf(data), lastEventId, typeof origin],
  ];
}

/** A frame as plain data. */
function dataOf(data: unknown): unknown {
  if (data instanceof ArrayBuffer) return ["ArrayBuffer", ...new Uint8Array(data)];
  if (ArrayBuffer.isView(data)) {
    return [data.constructor.name, ...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
  }
  return data instanceof Blob ? ["Blob", data.type, data.size] : data;
}

/** Closes a socket and waits for that. */
async function shut(socket: WebSocket): Promise<void> {
  if (socket.readyState === 3) return;
  const closed = next(socket, "close");
  socket.close();
  await closed;
}

export const sockets: readonly Judged[] = [
  // Create-*, constructor: what cannot be made
  {
    name: "sockets that cannot be made",
    run: ({ WebSocket, socketUrl }) => {
      const Any = WebSocket as unknown as new (...all: unknown[]) => WebSocket;
      const arguments_: unknown[][] = [
        [],
        ["nowhere"],
        ["ftp://a.test/"],
        [`${socketUrl("echo")}#part`],
        [Symbol("odd")],
        [socketUrl("echo"), "a b"],
        [socketUrl("echo"), ["a", "a"]],
        [socketUrl("echo"), [""]],
        [socketUrl("echo"), "ä"],
        [socketUrl("echo"), 7n],
      ];
      return Promise.all(arguments_.map((all) => ending(() => shut(new Any(...all)))));
    },
  },
  {
    name: "a class that is called without new",
    async run({ WebSocket, socketUrl }) {
      const { error } = await ending(() => Reflect.apply(WebSocket, undefined, [socketUrl("echo")])) as {
        error?: unknown[];
      };
      return error?.slice(0, 2);
    },
  },
  // constants, interfaces
  {
    name: "what the class is, and a socket of it",
    async run(peer) {
      const { WebSocket } = peer;
      const socket = open(peer, "echo");
      const { CONNECTING, OPEN, CLOSING, CLOSED } = WebSocket;
      const seen = [
        [CONNECTING, OPEN, CLOSING, CLOSED, WebSocket.name, WebSocket.length],
        [socket.CONNECTING, socket.OPEN, socket.CLOSING, socket.CLOSED],
        [socket instanceof WebSocket, socket instanceof globalThis.WebSocket, socket instanceof EventTarget],
        [socket.constructor === WebSocket, Object.getPrototypeOf(socket) === WebSocket.prototype],
        [Object.prototype.toString.call(socket), Object.keys(socket), Object.keys(WebSocket)],
        [socket.send.name, socket.send.length, socket.close.name, socket.close.length],
        EVENTS.map((type) => [`on${type}` in socket, Object.hasOwn(socket, `on${type}`)]),
        "error" in Object(await ending(() => (WebSocket as unknown as { OPEN: number }).OPEN = 7)),
        WebSocket.OPEN,
        "error" in Object(await ending(() => Reflect.apply(WebSocket.prototype.close, {}, []))),
      ];
      await shut(socket);
      return seen;
    },
  },
  {
    name: "url, protocol and extensions, before and after it is open",
    async run(peer) {
      const seen: unknown[] = [];
      const look = ({ url, protocol, extensions, binaryType, bufferedAmount }: WebSocket): void =>
        void seen.push([url.replace(/:\d+/, ""), protocol, typeof extensions, binaryType, bufferedAmount]);
      for (const protocols of [undefined, "one", ["one", "two"]]) {
        const socket = new peer.WebSocket(`${peer.socketUrl("echo")}&a=ä b`, protocols);
        look(socket);
        await next(socket, "open");
        look(socket);
        await shut(socket);
        look(socket);
      }
      return seen;
    },
  },
  // opening-handshake, events, Close-*: the life of a socket
  ...["echo", "close-1000", "close-1011", "close-4001", "close", "reset", "refuse", "greet", "slow"].map((
    what,
  ): Judged => ({
    name: `the events and states of a socket whose server does this: ${what}`,
    async run(peer) {
      const log: Log = [];
      const socket = open(peer, what, log);
      log.push(socket.readyState);
      const closed = next(socket, "close");
      const failed = next(socket, "error");
      if (what !== "refuse" && what !== "greet") {
        await next(socket, "open");
        socket.send(FRAME);
      }
      if (what === "echo" || what === "slow") {
        await next(socket, "message");
        socket.close(3001, "the caller's");
        log.push(socket.readyState);
      }
      // not every platform tells of both
      await (what === "refuse" ? Promise.race([closed, failed]) : closed);
      log.push(socket.readyState);
      return log;
    },
  })),
  ...[
    [],
    [1000],
    [3000, "a reason"],
    [4999, "ä".repeat(61)],
    [undefined, undefined],
    [999],
    [1001],
    [1006],
    [5000],
    [3000, "ä".repeat(62)],
    [NaN],
  ].map((all): Judged => ({
    name: `close(${all.map((one) => JSON.stringify(one)?.slice(0, 12)).join(", ")})`,
    async run(peer) {
      const log: Log = [];
      const socket = open(peer, "echo", log);
      await next(socket, "open");
      const closed = next(socket, "close");
      const close = (): void => socket.close(...all as [number, string]);
      log.push(await ending(close), socket.readyState);
      if (socket.readyState === 1) socket.close();
      log.push(await ending(close), socket.readyState);
      await closed;
      log.push(await ending(close), await ending(() => socket.close()), socket.readyState);
      return log;
    },
  })),
  {
    name: "close() while it is connecting",
    async run(peer) {
      const log: Log = [];
      const socket = open(peer, "slow", log);
      const closed = next(socket, "close");
      log.push(await ending(() => socket.close(1000, "never mind")), socket.readyState);
      await closed;
      return [socket.readyState, log];
    },
  },
  // Send-*, binaryType, bufferedAmount
  {
    name: "send() before it is open, and after it is closed",
    async run(peer) {
      const socket = open(peer, "slow");
      const early = await ending(() => socket.send(FRAME));
      await next(socket, "open");
      const closed = next(socket, "close");
      socket.close();
      const closing = await ending(() => socket.send(FRAME));
      await closed;
      const late = await ending(() => socket.send(new Uint8Array(3)));
      return [early, closing, late];
    },
  },
  ...[undefined, "blob", "arraybuffer", "nodebuffer", "odd"].map((binaryType): Judged => ({
    name: `frames of all kinds with binaryType ${binaryType}`,
    async run({ WebSocket, socketUrl }) {
      const socket = new WebSocket(socketUrl("echo"));
      await next(socket, "open");
      const set = binaryType === undefined
        ? undefined
        : await ending(() => void (socket.binaryType = binaryType as BinaryType));
      const bytes = Uint8Array.of(9, 1, 2, 3, 9);
      const frames: (string | ArrayBuffer | Blob | ArrayBufferView<ArrayBuffer>)[] = [
        FRAME,
        bytes.buffer,
        bytes.subarray(1, 4),
        new DataView(bytes.buffer, 1, 2),
        new Uint16Array([1, 2]),
        new Uint8Array(0),
        new Blob([bytes], { type: "a/b" }),
      ];
      const came: unknown[] = [];
      for (const frame of frames) {
        const answer = next(socket, "message");
        const sent = await ending(() => socket.send(frame));
        came.push("error" in Object(sent) ? sent : dataOf((await answer as MessageEvent).data));
      }
      const seen = [set, socket.binaryType, came];
      await shut(socket);
      return seen;
    },
  })),
  {
    name: "send() of what is no frame",
    async run(peer) {
      const socket = open(peer, "echo");
      await next(socket, "open");
      const seen: unknown[] = [];
      for (const odd of [[], [Symbol("odd")], [structuredClone(new ArrayBuffer(0))]]) {
        seen.push(await ending(() => (socket.send as (...all: unknown[]) => void)(...odd)));
      }
      await shut(socket);
      return seen;
    },
  },
  {
    name: "bufferedAmount in the task that sends, and after all went",
    async run(peer) {
      const socket = open(peer, "echo");
      const seen = [socket.bufferedAmount];
      await next(socket, "open");
      const came = [next(socket, "message")];
      socket.send(FRAME);
      seen.push(socket.bufferedAmount);
      socket.send(new Uint8Array(1000));
      seen.push(socket.bufferedAmount);
      await Promise.all(came);
      await new Promise((resolve) => setTimeout(resolve, 20));
      seen.push(socket.bufferedAmount);
      await shut(socket);
      socket.send("late");
      return [...seen, socket.bufferedAmount];
    },
  },
  // interfaces/WebSocket/events: who is told, and when
  {
    name: "listeners: once, twice the same, removed, aborted, objects, handlers among them",
    async run({ WebSocket, socketUrl }) {
      const log: Log = [];
      const socket = new WebSocket(socketUrl("echo"));
      const say = (name: string) => (): void => void log.push(name);
      const twice = say("twice");
      const removed = say("removed");
      const abort = new AbortController();
      socket.addEventListener("message", say("first"));
      socket.onmessage = say("replaced handler");
      socket.addEventListener("message", twice);
      socket.addEventListener("message", twice);
      socket.addEventListener("message", say("once"), { once: true });
      socket.addEventListener("message", removed);
      socket.removeEventListener("message", removed);
      socket.addEventListener("message", say("aborted"), { signal: abort.signal });
      socket.addEventListener("message", { handleEvent: say("object") });
      socket.onmessage = say("handler");
      abort.abort();
      await next(socket, "open");
      for (let frame = 0; frame < 2; frame++) {
        const came = next(socket, "message");
        socket.send(FRAME);
        await came;
      }
      socket.onmessage = null;
      const none = socket.onmessage;
      socket.onmessage = 7 as unknown as null;
      const odd = socket.onmessage;
      socket.addEventListener("message", (event) => event.stopImmediatePropagation?.()); // not in `ws`
      socket.addEventListener("message", say("never"));
      socket.send(FRAME);
      await new Promise((resolve) => setTimeout(resolve, 30));
      await shut(socket);
      return [log, none, odd];
    },
  },
  {
    name: "currentTarget, for the first listener and for the next",
    async run({ WebSocket, socketUrl }) {
      const log: Log = [];
      const socket = new WebSocket(socketUrl("echo"));
      for (let listener = 0; listener < 2; listener++) {
        socket.addEventListener("open", ({ currentTarget }) => log.push(currentTarget === socket));
      }
      await next(socket, "open");
      await shut(socket);
      return log;
    },
  },
  {
    name: "a handler reads as it was set, and an event of one's own is dispatched",
    async run(peer) {
      const log: Log = [];
      const socket = open(peer, "echo");
      const handler = (): void => {};
      socket.onclose = handler;
      log.push(socket.onclose === handler, typeof socket.onopen, typeof socket.onerror);
      await next(socket, "open");
      socket.addEventListener("own", ({ isTrusted }) => log.push(["own", isTrusted]));
      log.push(socket.dispatchEvent(new Event("own")));
      await shut(socket);
      return log;
    },
  },
  {
    name: "handlers: none, odd ones, replaced in a dispatch, and what is listed of them",
    async run({ WebSocket, socketUrl }) {
      const log: Log = [];
      const socket = new WebSocket(socketUrl("echo"));
      await next(socket, "open");
      log.push(socket.onmessage, socket.onclose);
      socket.onclose = null;
      for (const odd of [undefined, 7, "text", {}, { handleEvent: () => log.push("object") }]) {
        socket.onmessage = odd as unknown as null;
        log.push([typeof socket.onmessage, socket.onmessage === odd as unknown]);
        const came = next(socket, "message");
        socket.send(FRAME);
        await came;
      }
      const handler = function (this: unknown, { target }: Event): void {
        log.push(this === socket, target === socket, socket.onmessage === handler);
        socket.onmessage = () => log.push("replaced");
      };
      socket.onmessage = handler;
      socket.addEventListener("message", () => log.push("listener"));
      for (let frame = 0; frame < 2; frame++) {
        const came = next(socket, "message");
        socket.send(FRAME);
        await came;
      }
      log.push(Object.keys(socket).filter((name) => name.startsWith("on")));
      socket.dispatchEvent(new MessageEvent("message"));
      await shut(socket);
      return log;
    },
  },
  {
    name: "listeners that come late miss what was, and those within a dispatch hear what comes",
    async run({ WebSocket, socketUrl }) {
      const log: Log = [];
      const socket = new WebSocket(socketUrl("echo"));
      await next(socket, "open");
      socket.addEventListener("open", () => log.push("missed"));
      socket.addEventListener("message", () => {
        log.push("message");
        queueMicrotask(() => log.push("microtask"));
        socket.addEventListener("close", () => log.push(["close", socket.readyState]));
        socket.close();
        log.push(socket.readyState);
      });
      const closed = next(socket, "close");
      socket.send(FRAME);
      await closed;
      return log;
    },
  },
  // subclassing
  {
    name: "a subclass with methods, fields and an accessor of its own",
    async run({ WebSocket, socketUrl }) {
      const log: Log = [];
      class Own extends WebSocket {
        readonly #secret = 7;
        static readonly more = "own";
        override send(data: string): void {
          log.push(["send", data]);
          super.send(data);
        }
        override close(code?: number): void {
          log.push(["close", code, this.#secret]);
          super.close(code);
        }
        override addEventListener(...all: Parameters<WebSocket["addEventListener"]>): void {
          log.push(["listens", all[0]]);
          super.addEventListener(...all);
        }
      }
      const socket = new Own(socketUrl("echo"));
      log.push(Own.OPEN, Own.more, Own.name, socket instanceof Own, socket instanceof WebSocket);
      await next(socket, "open");
      const came = next(socket, "message");
      socket.send(FRAME);
      await came;
      const closed = next(socket, "close");
      socket.close(3000);
      await closed;
      return [log, Object.getPrototypeOf(socket) === Own.prototype, socket.constructor.name];
    },
  },
];
