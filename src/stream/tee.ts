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
  const bytes = isByteStream(body);
  const reader = body.getReader();
  let settled = false;
  let onAbort: (() => void) | undefined;

  /** True for the first that asks. */
  function settle(): boolean {
    if (settled) return false;
    settled = true;
    if (onAbort) signal?.removeEventListener("abort", onAbort);
    return true;
  }

  async function pull(controller: ReadableStreamController<Bytes>): Promise<void> {
    let result: ReadableStreamReadResult<Bytes>;
    try {
      result = await reader.read();
    } catch (reason) {
      fail(controller, reason);
      return;
    }
    if (settled) return; // cancelled while this chunk was on its way
    if (result.done) {
      settle();
      observer.end();
      controller.close();
      // a pending BYOB read is answered only by a zero-length response after the close
      if ("byobRequest" in controller) controller.byobRequest?.respond(0);
      return;
    }
    // before the hand-over: it detaches the chunk's buffer
    if (result.value instanceof Uint8Array) observer.chunk(result.value);
    controller.enqueue(result.value);
  }

  function fail(controller: ReadableStreamController<Bytes>, reason: unknown): void {
    if (!settle()) return;
    observer.error(reason);
    controller.error(reason);
  }

  const source: ObservedSource = {
    start(controller: ReadableStreamController<Bytes>): void {
      onAbort = () => {
        fail(controller, signal?.reason);
        reader.cancel(signal?.reason).catch(() => {}); // has failed already, unless its fetch ignores signals
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      // a reset must reach the reader although it is not pulling, as it would without us
      reader.closed.catch((reason: unknown) => fail(controller, reason));
    },
    pull,
    cancel(reason: unknown): Promise<void> {
      const cancelled = reader.cancel(reason);
      if (settle()) observer.cancel(reason);
      return cancelled;
    },
  };
  // A byte source hands out chunks it owns. Others may hand out a chunk twice, which a byte stream would detach.
  if (bytes) source.type = "bytes"; // without the key it is another kind of source
  // workerd and Chromium keep the source of a stream that is being read, but not the stream's object: whoever
  // registers that would be told that it is gone
  return source.stream = new ReadableStream(source as UnderlyingByteSource, { highWaterMark: 0 });
}

/** The source of the observed stream. */
interface ObservedSource {
  type?: "bytes";
  stream?: ReadableStream<Bytes>;
  start(controller: ReadableStreamController<Bytes>): void;
  pull(controller: ReadableStreamController<Bytes>): Promise<void>;
  cancel(reason: unknown): Promise<void>;
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
