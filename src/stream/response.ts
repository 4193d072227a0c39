/**
 * A response whose body is another stream and which is otherwise the same.
 *
 * @module
 */

/** Codings that `fetch` undoes before we see the body, while the headers stay. */
const DECODED = /^\s*(gzip|x-gzip|deflate|br|zstd)\s*(,|$)/i;

/**
 * Gives `response` the stream `body`. Keeps status, headers, `url`, `redirected` and `type`, on the response and on
 * its clones, by a subclass: a `Proxy` would do the same and fail the brand checks of workerd and Bun, and properties
 * of each object's own would cost more than the response itself.
 *
 * One exception: where the platform decoded the body but kept `content-encoding`, that header and `content-length`
 * are dropped, or a server that passes the response on would declare plain bytes compressed. workerd encodes again
 * by itself and keeps them.
 */
export function replaceBody(response: Response, body: ReadableStream<Uint8Array<ArrayBuffer>>): Response {
  const replaced = new (ObservedResponse ??= defineObservedResponse())(body, response);
  if (!isWorkerd() && DECODED.test(response.headers.get("content-encoding") ?? "")) {
    replaced.headers.delete("content-encoding");
    replaced.headers.delete("content-length");
  }
  return replaced;
}

/** What is constructed of a stream, and of the response whose body it is. */
type ResponseOfStream = new (body: ReadableStream<Uint8Array<ArrayBuffer>>, response: Response) => Response;

let ObservedResponse: ResponseOfStream | undefined;

/**
 * The class of responses that are made. Defined with the first of them: in Node, `Response` loads all of its `fetch`.
 * Nothing of the response before is kept but its texts: while the body is read, that one is no one's any more.
 */
function defineObservedResponse(): ResponseOfStream {
  class ObservedResponse extends Response {
    readonly #url: string;
    readonly #redirected: boolean;
    readonly #type: ResponseType;

    constructor(body: ReadableStream<Uint8Array<ArrayBuffer>>, response: Response) {
      super(body, response);
      this.#url = response.url;
      this.#redirected = response.redirected;
      this.#type = response.type;
    }

    override get url(): string {
      return this.#url;
    }

    override get redirected(): boolean {
      return this.#redirected;
    }

    override get type(): ResponseType {
      return this.#type;
    }

    override clone(): Response {
      return new ObservedResponse(super.clone().body!, this);
    }
  }
  // its constructor is then the platform's, by name and by identity
  Reflect.deleteProperty(ObservedResponse.prototype, "constructor");
  return ObservedResponse;
}

function isWorkerd(): boolean {
  return globalThis.navigator?.userAgent === "Cloudflare-Workers";
}
