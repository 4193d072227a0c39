/**
 * Ways to stand between a body and its reader, each with an observer that counts.
 *
 * @module
 */

import { type BodyObserver, teeBody } from "../src/stream/tee.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What a plain reader needs of a body. */
export interface Readable {
  /** Locks the body and reads it. */
  getReader(): Pick<ReadableStreamDefaultReader<Bytes>, "read" | "cancel">;
}

/** An observer that counts what goes by. */
export interface Meter extends BodyObserver {
  /** What it has seen. */
  readonly bytes: number;
  /** Settles when the body ended, failed or was cancelled. */
  readonly settled: Promise<void>;
}

/** One way. */
export interface Way {
  /** Its name in the tables. */
  readonly name: string;
  /** What it puts there: nothing, a stream, or no more than a reader, which the platform itself cannot read. */
  readonly puts: "nothing" | "stream" | "reader";
  /** Puts `meter` between the response's body and its reader. */
  wrap(response: Response, meter: Meter): Readable;
}

/** The ways, that without a wrapper first. */
export const ways: readonly Way[] = [
  { name: "raw", puts: "nothing", wrap: (response) => response.body! },
  { name: "raw, once more", puts: "nothing", wrap: (response) => response.body! },
  { name: "teeBody()", puts: "stream", wrap: (response, meter) => teeBody(response.body!, meter) },
  {
    name: "teeBody(), not of bytes",
    puts: "stream",
    wrap: (response, meter) => teeBody(hideBytes(response.body!), meter),
  },
  { name: "thin reader", puts: "reader", wrap: (response, meter) => observeReader(response.body!, meter) },
  { name: "TransformStream", puts: "stream", wrap: (response, meter) => pipeThrough(response.body!, meter) },
  {
    name: "tee(), lockstep",
    puts: "stream",
    wrap: (response, meter) => teeInLockstep(response.body!, meter),
  },
  {
    name: "tee(), eager",
    puts: "stream",
    wrap(response, meter) {
      const [theirs, ours] = response.body!.tee();
      drain(ours, meter);
      return theirs;
    },
  },
  {
    name: "clone(), eager",
    puts: "stream",
    wrap(response, meter) {
      drain(response.clone().body!, meter);
      return response.body!;
    },
  },
];

/** Makes an observer that counts. */
export function createMeter(): Meter {
  const { promise, resolve } = Promise.withResolvers<void>();
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    settled: promise,
    chunk: (chunk) => void (bytes += chunk.length),
    end: resolve,
    cancel: () => resolve(),
    error: () => resolve(),
  };
}

/** The body as `teeBody` sees one that has no BYOB reader, for which it makes no byte stream. */
function hideBytes(body: ReadableStream<Bytes>): ReadableStream<Bytes> {
  const hidden = {
    getReader(options?: ReadableStreamGetReaderOptions) {
      if (options?.mode !== undefined) throw new TypeError("Cannot read into a buffer as bytes are hidden");
      return body.getReader();
    },
  };
  return hidden as ReadableStream<Bytes>;
}

/** No stream at all: the source's reader, which observes. Serves neither `for await` nor `pipeTo` nor `Response`. */
function observeReader(body: ReadableStream<Bytes>, meter: Meter): Readable {
  return {
    getReader() {
      const reader = body.getReader();
      return {
        async read() {
          const result = await reader.read();
          if (result.done) meter.end();
          else meter.chunk(result.value);
          return result;
        },
        cancel(reason) {
          const cancelled = reader.cancel(reason);
          meter.cancel(reason);
          return cancelled;
        },
      };
    },
  };
}

function pipeThrough(body: ReadableStream<Bytes>, meter: Meter): Readable {
  return body.pipeThrough(
    new TransformStream<Bytes, Bytes>({
      transform(chunk, controller) {
        meter.chunk(chunk);
        controller.enqueue(chunk);
      },
      flush: () => meter.end(),
    }),
  );
}

/** The platform's `tee()`, with the observer's branch read only when the caller's is. */
function teeInLockstep(body: ReadableStream<Bytes>, meter: Meter): Readable {
  const [theirs, ours] = body.tee().map((branch) => branch.getReader()) as [
    ReadableStreamDefaultReader<Bytes>,
    ReadableStreamDefaultReader<Bytes>,
  ];
  return new ReadableStream<Bytes>({
    async pull(controller) {
      const [result, seen] = await Promise.all([theirs.read(), ours.read()]);
      if (seen.done) meter.end();
      else meter.chunk(seen.value);
      if (result.done) controller.close();
      else controller.enqueue(result.value);
    },
    async cancel(reason) {
      meter.cancel(reason);
      await Promise.all([theirs.cancel(reason), ours.cancel(reason)]);
    },
  }, { highWaterMark: 0 });
}

/** Reads a branch as fast as it comes. */
async function drain(branch: ReadableStream<Bytes>, meter: Meter): Promise<void> {
  try {
    for await (const chunk of branch) meter.chunk(chunk);
    meter.end();
  } catch (reason) {
    meter.error(reason);
  }
}
