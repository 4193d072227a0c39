/**
 * A response whose body is another stream and which is otherwise the same.
 *
 * @module
 */

/** Codings that `fetch` undoes before we see the body, while the headers stay. */
const DECODED = /^\s*(gzip|x-gzip|deflate|br|zstd)\s*(,|$)/i;

/**
 * Gives `response` the stream `body`. Keeps status, headers, `url`, `redirected` and `type`, on the response and on
 * its clones. A `Proxy` would do the same and fail the brand checks of workerd and Bun; a subclass shows in the chain of
 * prototypes.
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
  return identify(replaced, response);
}

/** What of a response its constructor cannot be given. */
type Identity = Pick<Response, "url" | "redirected" | "type">;

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
      return identify(Response.prototype.clone.call(this), this);
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
function identify(response: Response, { url, redirected, type }: Identity): Response {
  identities.set(response, { url, redirected, type });
  return Object.defineProperties(response, identityProperties);
}

function isWorkerd(): boolean {
  return globalThis.navigator?.userAgent === "Cloudflare-Workers";
}
