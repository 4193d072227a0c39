/** Sockets as Workers have them: an end of a pair, and the response that brings it. */

/** One end of a pair as Workers give it: it neither opens nor sends before it is accepted. */
export class WorkerSocket extends EventTarget {
  readonly sent: unknown[] = [];
  readyState = 1;
  #accepted = false;

  accept(): void {
    this.#accepted = true;
  }

  send(data: unknown): void {
    if (!this.#accepted) throw new TypeError("You must call accept() first");
    if (this.readyState !== 1) throw new TypeError("Can't call send() after close()");
    this.sent.push(data);
  }

  close(code = 1005): void {
    this.shut(code);
  }

  /** It closes, whoever wanted that. */
  shut(code: number): void {
    this.readyState = 3;
    this.dispatchEvent(new CloseEvent("close", { code }));
  }

  /** The provider says something. */
  receive(data: unknown): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

/** A response of status 101, which only Workers can make. */
export function switching(webSocket: WorkerSocket | null, headers = {}): Response {
  return Object.defineProperties(new Response(null, { headers }), {
    status: { value: 101 },
    webSocket: { value: webSocket },
  });
}
