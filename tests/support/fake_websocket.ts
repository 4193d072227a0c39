/** A `WebSocket` without a network: tests say what comes. */

/** A socket that is open at once, and takes what it is sent. */
export class FakeWebSocket extends EventTarget {
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
