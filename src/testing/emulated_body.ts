import { Buffer } from "node:buffer";
import { constants, createGzip } from "node:zlib";
import type { EmulatedResponse } from "./emulated_response.ts";

/**
 * The body of an answer as the transport chunks to write, in order.
 *
 * @throws {RangeError} when `chunkBytes` is not at least 1
 */
export async function* bodyChunks(response: EmulatedResponse): AsyncGenerator<Uint8Array, void, void> {
  const { chunkBytes = 65536, cutAt = [], fault } = response;
  if (!(chunkBytes >= 1)) {
    throw new RangeError(
      `Cannot send a response as chunkBytes must be at least 1: current value is ${chunkBytes}`,
    );
  }
  const faultAt = fault !== undefined && "afterBytes" in fault ? [fault.afterBytes] : [];
  const cuts = [...cutAt, ...faultAt].sort((a, b) => a - b);
  let offset = 0;
  for await (const element of response.gzip ? compress(elements(response)) : elements(response)) {
    for (let start = 0; start < element.byteLength;) {
      while (cuts[0] !== undefined && cuts[0] <= offset) cuts.shift();
      const bytes = Math.min(chunkBytes, element.byteLength - start, (cuts[0] ?? Infinity) - offset);
      yield element.subarray(start, start + bytes);
      start += bytes;
      offset += bytes;
    }
  }
}

async function* elements({ body }: EmulatedResponse): AsyncGenerator<Uint8Array, void, void> {
  if (body === undefined) return;
  const list = typeof body === "string" || body instanceof Uint8Array ? [body] : body;
  for await (const element of list) {
    yield typeof element === "string" ? new TextEncoder().encode(element) : element;
  }
}

async function* compress(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
  let output: Uint8Array[] = [];
  gzip.on("data", (bytes: Uint8Array) => output.push(bytes));
  const take = (): Uint8Array => {
    const bytes = Buffer.concat(output);
    output = [];
    return bytes;
  };
  try {
    for await (const element of source) {
      await new Promise<void>((resolve, reject) =>
        gzip.write(element, (error) => error ? reject(error) : resolve())
      );
      yield take();
    }
    await new Promise<void>((resolve) => {
      gzip.on("end", resolve);
      gzip.end();
    });
    yield take();
  } finally {
    gzip.destroy();
  }
}
