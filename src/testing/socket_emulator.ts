import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
// @ts-types="@types/ws"
import type * as ws from "ws";
import { type EmulatedConnection, openConnection } from "./emulated_connection.ts";
import {
  type EmulatedHandshake,
  pauseHandshake,
  readHandshake,
  refuseHandshake,
  type SeenHandshake,
} from "./emulated_handshake.ts";
import { type HttpServer, type ListenOptions, startHttpServer } from "./http_server.ts";
import { redirectSockets } from "./redirected_socket.ts";

/** What an emulator says over its sockets, and where it listens. */
export interface SocketEmulatorOptions extends ListenOptions {
  /**
   * Plays the provider's side of one connection. The connection stays open when it returns; when it throws, the
   * connection is closed with 1011 and says why.
   */
  readonly serve: (connection: EmulatedConnection) => void | Promise<void>;
  /**
   * Answers the wish to open a socket.
   *
   * @default opens it, with the first subprotocol that the client offers
   */
  readonly handshake?:
    | ((request: SeenHandshake) => EmulatedHandshake | Promise<EmulatedHandshake>)
    | undefined;
}

/** A running emulator of a provider's sockets. */
export interface SocketEmulator extends AsyncDisposable {
  /** Base URL without a path, such as `ws://127.0.0.1:4321`. */
  readonly url: string;
  /** The port it listens on. */
  readonly port: number;
  /** All connections so far, in the order of opening. Refused ones are none. */
  readonly connections: readonly EmulatedConnection[];
  /**
   * A subclass of the platform's `WebSocket` that connects to this emulator whatever host is asked for, and keeps
   * path, query, subprotocols and, in `url`, the original URL.
   */
  readonly WebSocket: typeof globalThis.WebSocket;
  /** Breaks all connections and stops listening; a second call is harmless. */
  close(): Promise<void>;
}

/**
 * Starts a server that plays a provider's socket protocol: with its handshake, its frames, their pace and its faults.
 *
 * @example A provider that speaks once for each request
 * ```ts
 * import { startSocketEmulator } from "@teespan/teespan/testing";
 *
 * const emulator = await startSocketEmulator({
 *   handshake: () => ({ headers: { "x-request-id": "req_1" } }),
 *   async serve(connection) {
 *     for (let frame = await connection.next(); frame !== undefined; frame = await connection.next()) {
 *       await connection.sendPaced([new Uint8Array(320), { done: true }], 5);
 *     }
 *   },
 * });
 * const socket = new emulator.WebSocket("wss://api.acme.example/v1/speak?voice=a");
 * socket.onopen = () => socket.send('{"text":"Hello"}');
 * await new Promise((resolve) => {
 *   socket.onmessage = ({ data }) => typeof data === "string" && resolve(socket.close());
 * });
 * await emulator.connections[0]?.closed;
 * console.log(emulator.connections[0]?.host, emulator.connections[0]?.frames.length);
 * await emulator.close();
 * ```
 *
 * @param options what to serve, and where to listen: any free port of the loopback address unless given
 * @returns the emulator, listening
 * @throws {TypeError} when `serve` is no function or the hostname is empty
 * @throws {RangeError} when the port is out of bounds
 */
export async function startSocketEmulator(options: SocketEmulatorOptions): Promise<SocketEmulator> {
  const { serve, handshake = (): EmulatedHandshake => ({}) } = options;
  if (typeof serve !== "function") {
    throw new TypeError(
      `Cannot start the emulator as serve must be a function: current value is ${String(serve)}`,
    );
  }
  // only now: it looks at the environment, which not every test may
  const { WebSocket, WebSocketServer }: typeof ws = await import("ws");
  const connections: EmulatedConnection[] = [];

  async function answer(request: IncomingMessage, transport: Duplex, head: Uint8Array): Promise<void> {
    const seen = readHandshake(socketUrl(server), request);
    const { delayMs = 0, ...answered } = await handshake(seen);
    if (delayMs > 0) await pauseHandshake(transport, delayMs);
    if (transport.destroyed) return;
    const { status = 101, headers = {}, protocol = seen.protocols[0] ?? "" } = answered;
    if (status !== 101) return refuseHandshake(transport, status, answered);
    const accepting = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      handleProtocols: () => protocol || false,
    });
    acceptSocket(accepting, request, transport, head, headers, (socket) => {
      const connection = openConnection(connections.length, seen, socket, transport);
      connections.push(connection);
      run(connection);
    });
  }

  async function run(connection: EmulatedConnection): Promise<void> {
    try {
      await serve(connection);
    } catch (error) {
      connection.close(1011, fitReason(`Cannot serve: ${error}`));
    }
  }

  const server = await startHttpServer("the emulator", options, async (_request, response) => {
    await new Promise<void>((resolve) => response.writeHead(426).end(resolve));
  }, answer);
  const url = socketUrl(server);
  const close = async (): Promise<void> => {
    for (const connection of connections) connection.reset();
    await server.close();
    await Promise.all(connections.map(({ closed }) => closed));
  };
  return {
    url,
    port: server.port,
    connections,
    WebSocket: redirectSockets(url, globalThis.WebSocket ?? WebSocket),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function socketUrl({ url }: HttpServer): string {
  return url.replace("http", "ws");
}

type AcceptedSocket = Parameters<typeof openConnection>[2];

/** Opens a socket with the headers that were decided on. */
function acceptSocket(
  accepting: ws.WebSocketServer,
  request: IncomingMessage,
  transport: Duplex,
  head: Uint8Array,
  headers: Readonly<Record<string, string>>,
  opened: (socket: AcceptedSocket) => void,
): void {
  accepting.on("headers", (lines) => {
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  });
  accepting.handleUpgrade(request, transport, Buffer.from(head), opened);
}

/** A close frame has room for 123 bytes. */
function fitReason(reason: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(reason).subarray(0, 123), { stream: true });
}
