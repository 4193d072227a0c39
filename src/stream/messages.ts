/**
 * The taps of a socket whose messages go through streams: each message is seen in the step of whoever reads or
 * writes it.
 *
 * @module
 */

/** Sees messages go by. Its methods are called synchronously; the first two must not throw. */
export interface MessageObserver {
  /** The next message, before the reader gets it. */
  received(message: unknown): void;
  /** A message was taken by the socket. */
  sent(message: unknown): void;
  /** The caller closes the socket with `close`, whose error is the caller's. */
  closing(close: () => void): void;
}

/** Reads a message when its reader does, and shows it just before. The platform's own read-ahead stays as it is. */
export function tapReadable<T>(source: ReadableStream<T>, observer: MessageObserver): ReadableStream<T> {
  const reader = source.getReader();
  let reading = false;
  let ended = false;
  let settled = false;

  function finish(controller: ReadableStreamDefaultController<T>): void {
    if (!settled) controller.close();
    settled = true;
  }

  function fail(controller: ReadableStreamDefaultController<T>, reason: unknown): void {
    if (!settled) controller.error(reason);
    settled = true;
  }

  return new ReadableStream<T>({
    start(controller) {
      // a close must reach the reader although it is not reading, as it would without us
      reader.closed.then(() => {
        ended = true;
        if (!reading) finish(controller);
      }, (reason) => fail(controller, reason));
    },
    async pull(controller) {
      reading = true;
      let result: ReadableStreamReadResult<T>;
      try {
        result = await reader.read();
      } catch (reason) {
        return fail(controller, reason);
      } finally {
        reading = false;
      }
      if (settled) return; // cancelled while this message was on its way
      if (!result.done) {
        observer.received(result.value);
        controller.enqueue(result.value);
      }
      // the source is closed before it hands out its last message
      if (result.done || ended) finish(controller);
    },
    cancel(reason) {
      settled = true;
      return forward(observer, () => reader.cancel(reason));
    },
  }, { highWaterMark: 0 });
}

/**
 * Writes a message when its writer does, and shows it when it was taken. The queue is here instead of in the target,
 * with the same mark, so that `desiredSize` and `ready` are the platform's own. What differs: a write settles a few
 * microtasks later, and one still queued when the socket closes fails with a `TypeError`.
 */
export function tapWritable<T>(target: WritableStream<T>, observer: MessageObserver): WritableStream<T> {
  const writer = target.getWriter();
  let controller: WritableStreamDefaultController;
  let held: WritableStreamDefaultWriter<T> | undefined;
  let over = false;

  const tapped = new WritableStream<T>({
    start(given) {
      controller = given;
    },
    async write(chunk) {
      await writer.write(chunk);
      observer.sent(chunk);
    },
    close() {
      if (over) return;
      over = true;
      return forward(observer, () => writer.close());
    },
    abort(reason) {
      over = true;
      return forward(observer, () => writer.abort(reason));
    },
  }, { highWaterMark: Math.max(writer.desiredSize ?? 0, 0) });

  // The platform closes a writable with its socket, whoever holds it. From outside only a holder can.
  const getWriter = (): WritableStreamDefaultWriter<T> =>
    held = WritableStream.prototype.getWriter.call(tapped);
  Object.defineProperty(tapped, "getWriter", { value: getWriter, configurable: true, writable: true });
  writer.closed.then(() => {
    if (over) return;
    over = true;
    const holder = !tapped.locked ? tapped : held && isHolding(held) ? held : undefined;
    // a pipe holds it: to that, closed and failed are the same
    if (holder === undefined) controller.error(new TypeError("The stream is closed"));
    else holder.close().catch(() => {});
  }, (reason) => controller.error(reason));
  return tapped;
}

/** Ends the socket in the same task, as the caller's doing. */
function forward(observer: MessageObserver, end: () => Promise<void>): Promise<void> {
  let ended = Promise.resolve();
  observer.closing(() => {
    ended = end();
  });
  return ended;
}

/** Whether a writer has its lock. One that was released throws when asked for anything. */
function isHolding(writer: WritableStreamDefaultWriter): boolean {
  try {
    return writer.desiredSize !== undefined;
  } catch {
    return false;
  }
}
