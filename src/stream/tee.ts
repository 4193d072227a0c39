/**
 * The lockstep tee: a body goes to its reader unchanged, and an observer sees each chunk inside the reader's own
 * pull, just before the reader does.
 *
 * It is one pull-driven stream rather than the platform's `tee()`, whose faster branch reads ahead without bound,
 * copies every chunk and keeps the source open when one branch is cancelled. `bench/tee.ts` compares them.
 *
 * @module
 */

/** Sees a body go by. Its methods are called synchronously, must not throw, and exactly one of the last three is called. */
export interface BodyObserver {
  /** The next chunk, before the reader gets it. What is kept of it must be copied. */
  chunk(bytes: Uint8Array): void;
  /** The body ended; the reader does not know yet. */
  end(): void;
  /** The reader cancelled; so is the source. */
  cancel(reason: unknown): void;
  /** The body failed; the reader gets the same error. */
  error(reason: unknown): void;
}

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Puts `observer` between `body` and whoever reads the returned stream. Pulls only when pulled, forwards a cancel in
 * the same task, passes errors on by identity, and can be read with a BYOB reader where `body` could.
 *
 * @param signal what aborts the call: it fails a body in the very dispatch, before anyone else can see it cancelled
 * @throws {TypeError} when `body` is locked
 */
export function teeBody(
  body: ReadableStream<Bytes>,
  observer: BodyObserver,
  signal?: AbortSignal,
): ReadableStream<Bytes> {
  const source = new ObservedSource(body, observer, signal);
  // workerd and Chromium keep the source of a stream that is being read, but not the stream's object: whoever
  // registers that would be told that it is gone
  return source.stream = new ReadableStream(source as UnderlyingByteSource, { highWaterMark: 0 });
}

/** The source of the observed stream. */
class ObservedSource {
  declare type?: "bytes"; // not there unless it is: with the key it is another kind of source
  stream?: ReadableStream<Bytes>;
  readonly #reader: ReadableStreamDefaultReader<Bytes>;
  readonly #signal: AbortSignal | undefined;
  /** Absent when it has been told of the end. */
  #observer: BodyObserver | undefined;
  #onAbort: (() => void) | undefined;

  constructor(body: ReadableStream<Bytes>, observer: BodyObserver, signal: AbortSignal | undefined) {
    // A byte source hands out chunks it owns. Others may hand out a chunk twice, which a byte stream would detach.
    if (isByteStream(body)) this.type = "bytes";
    this.#reader = body.getReader();
    this.#observer = observer;
    this.#signal = signal;
  }

  start(controller: ReadableStreamController<Bytes>): void {
    const signal = this.#signal;
    if (signal !== undefined) {
      this.#onAbort = () => {
        this.#fail(controller, signal.reason);
        this.#reader.cancel(signal.reason).catch(() => {}); // has failed already, unless its fetch ignores signals
      };
      signal.addEventListener("abort", this.#onAbort, { once: true });
    }
    // a reset must reach the reader although it is not pulling, as it would without us
    this.#reader.closed.catch((reason: unknown) => this.#fail(controller, reason));
  }

  async pull(controller: ReadableStreamController<Bytes>): Promise<void> {
    let result: ReadableStreamReadResult<Bytes>;
    try {
      result = await this.#reader.read();
    } catch (reason) {
      this.#fail(controller, reason);
      return;
    }
    if (this.#observer === undefined) return; // cancelled while this chunk was on its way
    if (result.done) {
      this.#settle()?.end();
      controller.close();
      // a pending BYOB read is answered only by a zero-length response after the close
      if ("byobRequest" in controller) controller.byobRequest?.respond(0);
      return;
    }
    // before the hand-over: it detaches the chunk's buffer
    if (result.value instanceof Uint8Array) this.#observer.chunk(result.value);
    controller.enqueue(result.value);
  }

  cancel(reason: unknown): Promise<void> {
    const cancelled = this.#reader.cancel(reason);
    this.#settle()?.cancel(reason);
    return cancelled;
  }

  #fail(controller: ReadableStreamController<Bytes>, reason: unknown): void {
    const observer = this.#settle();
    if (observer === undefined) return;
    observer.error(reason);
    controller.error(reason);
  }

  /** Gives the observer to the first that asks. */
  #settle(): BodyObserver | undefined {
    const observer = this.#observer;
    this.#observer = undefined;
    if (this.#onAbort) this.#signal?.removeEventListener("abort", this.#onAbort);
    return observer;
  }
}

/** Whether a stream can be read with a BYOB reader, found out by asking for one. */
function isByteStream(stream: ReadableStream): boolean {
  try {
    stream.getReader({ mode: "byob" }).releaseLock();
    return true;
  } catch {
    return false;
  }
}
