/**
 * A response whose body is another stream and which is otherwise the same.
 *
 * @module
 */

/** Codings that `fetch` undoes before we see the body, while the headers stay. */
const DECODED = /^\s*(gzip|x-gzip|deflate|br|zstd)\s*(,|$)/i;

/**
 * Gives `response` the stream `body`. Keeps status, headers, `url`, `redirected` and `type`, on the response and on
 * its clones. A `Proxy` would do the same and fail the brand checks of workerd and Bun; a subclass
 * shows in the chain of prototypes.
 *
 * One exception: where the platform decoded the body but kept `content-encoding`, that header and `content-length`
 * are dropped, or a server that passes the response on would declare plain bytes compressed. workerd encodes again
 * by itself and keeps them.
 *
 * @param signal what aborts the call
 */
export function replaceBody(
  response: Response,
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal?: AbortSignal,
): Response {
  const replaced = new Response(body, response);
  if (!isWorkerd() && DECODED.test(response.headers.get("content-encoding") ?? "")) {
    replaced.headers.delete("content-encoding");
    replaced.headers.delete("content-length");
  }
  const { url, redirected, type } = response;
  return identify(replaced, { url, redirected, type, signal });
}

/** What of a response its constructor cannot be given. */
interface Identity extends Pick<Response, "url" | "redirected" | "type"> {
  /** What aborts the call. */
  readonly signal: AbortSignal | undefined;
}

/** The identity of each response that was replaced. Its original is not kept: that is no one's any more. */
const identities = new WeakMap<Response, Identity>();

/**
 * One set of properties for all: with functions of its own each response would become a dictionary, and larger than
 * the rest of it. Getters, as the platform's are: whoever assigns is told the same.
 */
const identityProperties: PropertyDescriptorMap & ThisType<Response> = {
  url: getter("url"),
  redirected: getter("redirected"),
  type: getter("type"),
  clone: {
    value(): Response {
      return identify(Response.prototype.clone.call(this), identities.get(this)!);
    },
    configurable: true,
    writable: true,
  },
};

function getter(name: keyof Identity): PropertyDescriptor & ThisType<Response> {
  return {
    get() {
      return identities.get(this)![name];
    },
    configurable: true,
  };
}

/** Gives a response the identity of another. */
function identify(response: Response, identity: Identity): Response {
  identities.set(response, identity);
  if (isBun()) keepBlobType(response);
  if (isChromium() && identity.signal !== undefined) keepReason(response, identity.signal);
  return Object.defineProperties(response, identityProperties);
}

/** Bun gives a blob its type only where it made the body. */
function keepBlobType(copy: Response): void {
  replaceMethod(copy, "blob", async () => {
    const blob = await Response.prototype.blob.call(copy);
    return blob.type === "" ? blob.slice(0, blob.size, copy.headers.get("content-type") ?? "") : blob;
  });
}

/** Chromium says "Failed to fetch" for whatever a stream that it did not make fails with. */
function keepReason(copy: Response, signal: AbortSignal): void {
  for (const name of ["arrayBuffer", "blob", "bytes", "formData", "json", "text"] as const) {
    replaceMethod(copy, name, async () => {
      const isReadable = !copy.bodyUsed && copy.body?.locked === false;
      try {
        return await Response.prototype[name].call(copy);
      } catch (error) {
        throw signal.aborted && isReadable && error instanceof TypeError ? signal.reason : error;
      }
    });
  }
}

function replaceMethod(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}

function isWorkerd(): boolean {
  return globalThis.navigator?.userAgent === "Cloudflare-Workers";
}

function isBun(): boolean {
  return "Bun" in globalThis;
}

function isChromium(): boolean {
  return globalThis.navigator?.userAgent?.includes("Chrome/");
}
