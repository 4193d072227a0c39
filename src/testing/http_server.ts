import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";

/** Where a server listens. */
export interface ListenOptions {
  /**
   * Port to listen on; 0 takes any free one.
   *
   * @default {0}
   */
  readonly port?: number | undefined;
  /**
   * Address to listen on.
   *
   * @default {"127.0.0.1"}
   */
  readonly hostname?: string | undefined;
}

/** A listening server. */
export interface HttpServer {
  /** Base URL without a slash at its end. */
  readonly url: string;
  /** The port it listens on. */
  readonly port: number;
  /** Destroys all connections and stops listening. */
  close(): Promise<void>;
}

/** Starts a server which, unlike a plain one, can be closed while connections are open. */
export async function startHttpServer(
  what: string,
  options: ListenOptions,
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  upgrade?: (request: IncomingMessage, socket: Duplex, head: Uint8Array) => Promise<void>,
): Promise<HttpServer> {
  const { port = 0, hostname = "127.0.0.1" } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new RangeError(
      `Cannot start ${what} as port must be an integer between 0 and 65535: current value is ${port}`,
    );
  }
  if (typeof hostname !== "string" || hostname === "") {
    throw new TypeError(
      `Cannot start ${what} as hostname must be a non-empty string: current value is ${hostname}`,
    );
  }
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    // A broken connection is reported on both; what it means is read from the response's close.
    request.on("error", () => {});
    response.on("error", () => {});
    answer(request, response).catch(() => request.socket.destroy());
  });
  if (upgrade !== undefined) {
    server.on("upgrade", (request, socket, head) => {
      socket.on("error", () => {});
      upgrade(request, socket, head).catch(() => socket.destroy());
    });
  }
  // An idle connection that is closed just when a client reuses it would make tests flaky.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    url: `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${address.port}`,
    port: address.port,
    close: () =>
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** The headers of a request by lower-case name; repeated ones are joined. */
export function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map((
      [name, value],
    ) => [name, Array.isArray(value) ? value.join(", ") : value ?? ""]),
  );
}

/** Breaks the connection of a request in the hardest way there is. */
export function resetConnection(request: IncomingMessage): void {
  request.socket.resetAndDestroy();
}
