/**
 * Bodies of whatever kind, seen in lockstep: streams of the web platform and of Node, other iterables.
 *
 * @module
 */

import { type BodyObserver, teeBody } from "./tee.ts";

/** A stream of Node, as far as it is used. */
interface NodeStream {
  emit(type: string, ...all: unknown[]): boolean;
  destroy(error?: unknown): unknown;
  pipe(target: unknown): unknown;
  /** Whether it was closed already, by either side. */
  readonly closed?: boolean | undefined;
  /** The connection of a stream of HTTP/2. */
  readonly session?: { readonly destroyed?: boolean } | null;
  /** Tells that all of it came, though it was not read to its end. */
  readonly _readableState?: { readonly ended?: boolean } | undefined;
  /** Why a stream of HTTP/2 was reset. */
  readonly rstCode?: number | undefined;
}

/** What a stream of Node that was closed before its end gives to whoever reads it. */
const PREMATURE_CLOSE = { code: "ERR_STREAM_PREMATURE_CLOSE" };
/** What one of HTTP/2 gives when it was reset. */
const STREAM_ERROR = { code: "ERR_HTTP2_STREAM_ERROR" };
/** No error, and no wish to go on. */
const CALM_RESETS: ReadonlySet<number | undefined> = new Set([undefined, 0, 8]);

/** Whether a body comes bit by bit. */
export function isStreamed(body: unknown): body is object {
  return body instanceof ReadableStream || isNodeStream(body) || isIterable(body);
}

/**
 * Puts `observer` where `body` goes by, and gives what is to be read instead; a stream of Node is watched in place and
 * stays the same object.
 *
 * @param signal what aborts the call: it fails a body in the very dispatch
 */
export function tapBody(body: unknown, observer: BodyObserver, signal?: AbortSignal): unknown {
  if (body instanceof ReadableStream) return teeBody(body, observer, signal);
  const once = endOnce(observer, signal);
  if (isNodeStream(body)) return watchNodeStream(body, once);
  if (isIterable(body)) return tapIterable(body, once);
  if (body instanceof Uint8Array) once.chunk(body);
  once.end();
  return body;
}

/**
 * Watches a stream of Node. Not by listening, which would make it flow before its reader is there: each chunk that is
 * read is emitted, whoever reads it and however.
 */
function watchNodeStream(stream: NodeStream, observer: BodyObserver): NodeStream {
  const { emit, destroy } = stream;
  function look(this: NodeStream, type: string, ...all: unknown[]): boolean {
    if (type === "data" && all[0] instanceof Uint8Array) observer.chunk(all[0]);
    else if (type === "end") observer.end();
    else if (type === "error") observer.error(all[0]);
    else if (type === "close") observer.error(reasonOf(this)); // unless it ended
    return emit.call(this, type, ...all);
  }
  function cancel(this: NodeStream, error?: unknown): unknown {
    // one that the other side closed, or that lost its connection, destroys itself
    const lost = this.closed === true || this.session?.destroyed === true;
    // what else there is to tell comes next: an error, an end that is on its way
    if (!error && !lost) observer.cancel(error);
    else if (!error && this._readableState?.ended !== true) observer.error(reasonOf(this));
    return destroy.call(this, error);
  }
  replaceMethod(stream, "emit", look);
  replaceMethod(stream, "destroy", cancel);
  return stream;
}

function reasonOf({ rstCode }: NodeStream): unknown {
  return CALM_RESETS.has(rstCode) ? PREMATURE_CLOSE : STREAM_ERROR;
}

function tapIterable(source: AsyncIterable<unknown>, observer: BodyObserver): AsyncIterable<unknown> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = source[Symbol.asyncIterator]();
      return {
        async next() {
          let result: IteratorResult<unknown>;
          try {
            result = await iterator.next();
          } catch (reason) {
            observer.error(reason);
            throw reason;
          }
          if (result.done) observer.end();
          else if (result.value instanceof Uint8Array) observer.chunk(result.value);
          return result;
        },
        async return(value) {
          observer.cancel(value);
          return await iterator.return?.(value) ?? { done: true, value };
        },
      };
    },
  };
}

/** An observer that is told of one end, an abort among them, and of nothing after it. */
function endOnce(observer: BodyObserver, signal: AbortSignal | undefined): BodyObserver {
  let ended = false;
  const end = (tell: () => void): void => {
    if (ended) return;
    ended = true;
    signal?.removeEventListener("abort", onAbort);
    tell();
  };
  const onAbort = (): void => end(() => observer.error(signal?.reason));
  signal?.addEventListener("abort", onAbort, { once: true });
  return {
    chunk: (bytes) => ended ? undefined : observer.chunk(bytes),
    end: () => end(() => observer.end()),
    cancel: (reason) => end(() => observer.cancel(reason)),
    error: (reason) => end(() => observer.error(reason)),
  };
}

function isNodeStream(value: unknown): value is NodeStream {
  const { emit, destroy, pipe } = Object(value) as Partial<NodeStream>;
  return typeof emit === "function" && typeof destroy === "function" && typeof pipe === "function";
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

/** Replaces a method of one object, where enumeration does not see it. */
function replaceMethod(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}
