/** A `WebSocket` without a network: tests say what comes. */

type Handler = ((event: Event) => unknown) | null;

/** A socket that is open at once, and takes what it is sent. */
export class FakeWebSocket extends EventTarget {
  declare onopen: Handler;
  declare onmessage: Handler;
  declare onclose: Handler;
  declare onerror: Handler;
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly url: string;
  readyState: number = FakeWebSocket.OPEN;

  constructor(url: string | URL, _protocols?: string | string[]) {
    super();
    this.url = String(url);
  }

  send(_data: unknown): void {}

  close(): void {
    this.readyState = FakeWebSocket.CLOSED;
  }

  /** The server's side says it is open. */
  open(): void {
    this.dispatchEvent(new Event("open"));
  }

  /** A frame comes. */
  receive(data: unknown): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }

  /** The socket closes. */
  shut(code: number): void {
    this.dispatchEvent(new CloseEvent("close", { code }));
  }
}

for (const type of ["open", "message", "close", "error"]) defineHandler(type);

/** As the web platform has it: an accessor of the prototype, whose handler has its place among the listeners. */
function defineHandler(type: string): void {
  const handlers = new WeakMap<FakeWebSocket, Handler>();
  Object.defineProperty(FakeWebSocket.prototype, `on${type}`, {
    configurable: true,
    enumerable: true,
    get(this: FakeWebSocket): Handler {
      return handlers.get(this) ?? null;
    },
    set(this: FakeWebSocket, handler: Handler): void {
      if (!handlers.has(this)) this.addEventListener(type, (event) => handlers.get(this)?.call(this, event));
      handlers.set(this, handler);
    },
  });
}
