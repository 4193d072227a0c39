import { Buffer } from "node:buffer";

/** Why a request is not taken. */
export interface BodyRefusal {
  readonly status: 400 | 413 | 415;
  readonly message: string;
}

/** Reads and decompresses the body of a request, up to a bound; gives back a refusal when that is not possible. */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array | BodyRefusal> {
  const encoding = (request.headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  if (encoding !== "identity" && encoding !== "gzip" && encoding !== "deflate") {
    return { status: 415, message: `Cannot read content encoding ${encoding}` };
  }
  if (request.body === null) return new Uint8Array();
  const raw = request.body as ReadableStream<Uint8Array<ArrayBuffer>>;
  const stream = encoding === "identity" ? raw : raw.pipeThrough(new DecompressionStream(encoding));
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of stream) {
      bytes += part.byteLength;
      // Counted as it is unpacked: a small body may hold a large one.
      if (bytes > maxBytes) {
        return { status: 413, message: `Cannot take a body of more than ${maxBytes} bytes` };
      }
      parts.push(part);
    }
  } catch (error) {
    return { status: 400, message: `Cannot read the body: ${(error as Error).message}` };
  }
  // A copy, as small buffers of Node are views of a shared pool.
  return new Uint8Array(Buffer.concat(parts));
}
