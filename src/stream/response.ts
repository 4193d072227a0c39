/**
 * A response whose body is another stream and which is otherwise the same.
 *
 * @module
 */

/** Codings that `fetch` undoes before we see the body, while the headers stay. */
const DECODED = /^\s*(gzip|x-gzip|deflate|br|zstd)\s*(,|$)/i;

/**
 * Gives `response` the stream `body`. Keeps status, headers, `url`, `redirected` and `type`, on the response and on
 * its clones. A `Proxy` would do the same and fail the brand checks of workerd and Bun.
 *
 * One exception: where the platform decoded the body but kept `content-encoding`, that header and `content-length`
 * are dropped, or a server that passes the response on would declare plain bytes compressed. workerd encodes again
 * by itself and keeps them.
 */
export function replaceBody(response: Response, body: ReadableStream<Uint8Array<ArrayBuffer>>): Response {
  const replaced = new Response(body, response);
  if (!isWorkerd() && DECODED.test(response.headers.get("content-encoding") ?? "")) {
    replaced.headers.delete("content-encoding");
    replaced.headers.delete("content-length");
  }
  return keepIdentity(replaced, response);
}

function keepIdentity(copy: Response, original: Response): Response {
  const { url, redirected, type } = original;
  // getters, as the platform's are: whoever assigns is told the same
  return Object.defineProperties(copy, {
    url: { get: () => url, configurable: true },
    redirected: { get: () => redirected, configurable: true },
    type: { get: () => type, configurable: true },
    clone: {
      value: (): Response => keepIdentity(Response.prototype.clone.call(copy), original),
      configurable: true,
      writable: true,
    },
  });
}

function isWorkerd(): boolean {
  return globalThis.navigator?.userAgent === "Cloudflare-Workers";
}
