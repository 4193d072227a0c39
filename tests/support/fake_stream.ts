/** A `WebSocketStream` without a network: tests say what comes. */

import type { StreamSocket, StreamSocketClose, StreamSocketConnection } from "../../src/core.ts";

/** A stream socket without a network: tests say what comes. */
export class FakeStream implements StreamSocket {
  static last: FakeStream;
  readonly url: string;
  readonly open = Promise.withResolvers<StreamSocketConnection>();
  readonly close_ = Promise.withResolvers<StreamSocketClose>();
  readonly written: unknown[] = [];
  readonly cancelled: unknown[] = [];
  pulls = 0;
  write: (message: unknown) => Promise<void> = (message) => Promise.resolve(void this.written.push(message));
  messages!: ReadableStreamDefaultController<string | Uint8Array<ArrayBuffer>>;
  target!: WritableStreamDefaultController;

  constructor(url: string) {
    this.url = url;
    FakeStream.last = this;
  }

  get opened(): Promise<StreamSocketConnection> {
    return this.open.promise;
  }

  get closed(): Promise<StreamSocketClose> {
    return this.close_.promise;
  }

  close(info?: StreamSocketClose): void {
    if (info?.closeCode === 1) throw new RangeError("platform's");
    this.cancelled.push(info);
  }

  /** It opens. */
  accept(highWaterMark = 1): void {
    this.open.resolve({
      readable: new ReadableStream({
        start: (controller) => void (this.messages = controller),
        pull: () => void this.pulls++,
        cancel: (reason) => void this.cancelled.push(reason),
      }, { highWaterMark: 0 }),
      writable: new WritableStream({
        start: (controller) => void (this.target = controller),
        write: (message) => this.write(message),
        abort: (reason) => void this.cancelled.push(reason),
      }, { highWaterMark }),
      extensions: "",
      protocol: "",
    });
  }
}
