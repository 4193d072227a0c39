import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { headersOf } from "./http_server.ts";
import { splitPath } from "./redirected_socket.ts";

/** A client's wish to open a socket, as an emulator saw it. */
export interface SeenHandshake {
  /** Path with query. */
  readonly path: string;
  /** URL at the emulator. */
  readonly url: string;
  /** Host that the client asked for: that of the original URL if it came through the emulator's `WebSocket`. */
  readonly host: string;
  /** Headers by lower-case name; repeated ones are joined. */
  readonly headers: Readonly<Record<string, string>>;
  /** The subprotocols that the client offers. */
  readonly protocols: readonly string[];
}

/** How an emulated provider answers the wish. */
export interface EmulatedHandshake {
  /**
   * Status of a refusal; 101 opens the socket.
   *
   * @default {101}
   */
  readonly status?: number | undefined;
  /** Headers of the answer, be it yes or no. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Body of a refusal. */
  readonly body?: string | undefined;
  /**
   * The subprotocol that is agreed on; the empty string for none.
   *
   * @default the first that the client offers
   */
  readonly protocol?: string | undefined;
  /**
   * Pause before the answer, in milliseconds.
   *
   * @default {0}
   */
  readonly delayMs?: number | undefined;
}

/** Reads what the client wants. */
export function readHandshake(baseUrl: string, request: IncomingMessage): SeenHandshake {
  const headers = headersOf(request);
  const { host = headers.host ?? "", path } = splitPath(request.url ?? "/");
  const protocols = headers["sec-websocket-protocol"]?.split(",").map((name) => name.trim()) ?? [];
  return { path, url: baseUrl + path, host, headers, protocols };
}

/** Answers with a refusal, and hangs up. */
export function refuseHandshake(socket: Duplex, status: number, answer: EmulatedHandshake): void {
  const { body = "" } = answer;
  const headers: Record<string, string> = {
    "content-length": String(new TextEncoder().encode(body).length),
    connection: "close",
    ...answer.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Refused"}\r\n${lines}\r\n${body}`);
}

/** Waits that long, or until the client has left. */
export function pauseHandshake(socket: Duplex, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      socket.removeListener("close", finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    socket.on("close", finish);
  });
}
