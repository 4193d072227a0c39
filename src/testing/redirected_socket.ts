type WebSocketClass = typeof globalThis.WebSocket;

/**
 * Stands before the original host and path in the path of a redirected socket. Not in a header, as browsers' sockets
 * take none.
 */
const HOST_PREFIX = "/x-emulated-host/";

/**
 * A subclass of the platform's `WebSocket` that connects to the emulator at `baseUrl` whatever host is asked for.
 *
 * @param Platform that class; Node 20 has none, and takes that of `ws`
 */
export function redirectSockets(baseUrl: string, Platform: WebSocketClass): WebSocketClass {
  return class RedirectedWebSocket extends Platform {
    readonly #original: string | undefined;

    constructor(...all: ConstructorParameters<WebSocketClass>) {
      const original = parseSocketUrl(all[0]);
      if (original !== undefined) all[0] = redirect(baseUrl, original);
      super(...all);
      this.#original = original?.href;
    }

    override get url(): string {
      return this.#original ?? super.url;
    }
  };
}

/** Takes apart the path that a redirected socket came with. */
export function splitPath(path: string): { readonly host?: string | undefined; readonly path: string } {
  if (!path.startsWith(HOST_PREFIX)) return { path };
  const [host, ...rest] = path.slice(HOST_PREFIX.length).split(/(?=[/?])/);
  return { host, path: rest.join("") };
}

/** The URL as a socket would show it; nothing where a socket would refuse it. */
function parseSocketUrl(address: string | URL): URL | undefined {
  try {
    const url = new URL(address);
    url.protocol = url.protocol.replace("http", "ws");
    return /^wss?:$/.test(url.protocol) ? url : undefined;
  } catch {
    return undefined; // the constructor says what is wrong
  }
}

function redirect(baseUrl: string, original: URL): string {
  const target = new URL(original);
  target.protocol = "ws:";
  target.host = new URL(baseUrl).host;
  target.pathname = `${HOST_PREFIX}${original.host}${original.pathname}`;
  return target.href;
}
