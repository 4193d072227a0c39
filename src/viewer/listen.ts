import { createAdaptorServer } from "@hono/node-server";
import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A server that listens. */
export interface Listening {
  /** The port it got. */
  readonly port: number;
  /** Breaks all connections and stops listening; a second call does nothing. */
  close(): Promise<void>;
}

/** Serves on an address. Unlike a plain server it can be closed while pages are open. */
export async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  hostname: string,
  port: number,
): Promise<Listening> {
  const server = createAdaptorServer({ fetch, overrideGlobalObjects: false }) as Server;
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE"
        ? "it is taken, by another viewer or a collector"
        : error.message;
      reject(new Error(`Cannot listen on port ${port} of ${hostname} as ${why}`, { cause: error }));
    });
    server.listen(port, hostname, resolve);
  });
  let closed: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
