import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { createGunzip, createInflate } from "node:zlib";

/** A body as it is refused: with a status of HTTP and a reason. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** What a body may measure, compressed and decompressed. */
export const MAX_BODY_BYTES: number = 64 * 1024 * 1024;

/** Reads and decompresses the body of a request; resolves to a refusal when that is not possible. */
export async function readBody(request: IncomingMessage): Promise<Uint8Array | Refusal> {
  const encoding = (request.headers["content-encoding"] ?? "identity").toLowerCase();
  if (encoding !== "identity" && encoding !== "gzip" && encoding !== "deflate") {
    return { status: 415, message: `Cannot read content encoding ${encoding}` };
  }
  const raw = await collect(request);
  if (raw === undefined) return tooLarge();
  if (encoding === "identity") return raw;
  const stream = encoding === "gzip" ? createGunzip() : createInflate();
  try {
    stream.end(raw);
    return await collect(stream) ?? tooLarge();
  } catch (error) {
    return { status: 400, message: `Cannot decompress the body: ${(error as Error).message}` };
  } finally {
    stream.destroy();
  }
}

async function collect(stream: Readable): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  // Not destroyed when left early: that would break the connection before the refusal is sent.
  for await (const part of stream.iterator({ destroyOnReturn: false })) {
    const chunk = part as Uint8Array;
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) return undefined;
    parts.push(chunk);
  }
  // A copy, as small buffers of Node are views of a shared pool.
  return new Uint8Array(Buffer.concat(parts));
}

function tooLarge(): Refusal {
  return { status: 413, message: `Cannot take a body of more than ${MAX_BODY_BYTES} bytes` };
}
