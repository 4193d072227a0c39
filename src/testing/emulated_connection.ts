import type { Duplex } from "node:stream";
// @ts-types="@types/ws"
import type { WebSocket } from "ws";
import type { SeenHandshake } from "./emulated_handshake.ts";

/** One frame from the client. */
export interface SeenFrame {
  /** Text, or bytes. */
  readonly data: string | Uint8Array;
  /** When it came, in milliseconds on the clock of `performance.now()`. */
  readonly at: number;
}

/** How a connection ended. */
export interface SeenClose {
  /** The close code: 1005 when none was given, 1006 when the connection broke. */
  readonly code: number;
  /** The reason that was given with it. */
  readonly reason: string;
  /** Whether the client left; else the emulator closed or broke it. */
  readonly byClient: boolean;
}

/** One open socket, from the provider's side. */
export interface EmulatedConnection extends Omit<SeenHandshake, "protocols"> {
  /** Place in the order of opening, from 0. */
  readonly index: number;
  /** The subprotocol that was agreed on, or the empty string. */
  readonly protocol: string;
  /** All frames from the client so far. */
  readonly frames: readonly SeenFrame[];
  /** Resolves when the connection is gone. */
  readonly closed: Promise<SeenClose>;
  /** The client's next frame that was not asked for yet; `undefined` when it is gone and sent no more. */
  next(): Promise<string | Uint8Array | undefined>;
  /**
   * The same, parsed.
   *
   * @throws {SyntaxError} when it is no JSON
   */
  nextJson(): Promise<unknown>;
  /** Sends text, bytes, or an object as JSON; nothing when the connection is gone. */
  send(data: string | Uint8Array | object): Promise<void>;
  /** Sends one after another, with a pause of `paceMs` milliseconds between them. */
  sendPaced(list: Iterable<string | Uint8Array | object>, paceMs: number): Promise<void>;
  /** Closes the connection in order; without a code the client sees 1005. */
  close(code?: number, reason?: string): void;
  /** Breaks the connection in the hardest way there is. */
  reset(): void;
  /** Says nothing until the connection is gone. */
  stall(): Promise<void>;
}

/** Takes a socket that was just opened. */
export function openConnection(
  index: number,
  { path, url, host, headers }: SeenHandshake,
  socket: WebSocket,
  transport: Duplex,
): EmulatedConnection {
  const frames: SeenFrame[] = [];
  const waiting = new Set<() => void>();
  let asked = 0;
  let byClient = true;
  let gone = false;
  const wake = (): void => {
    for (const look of waiting) look();
    waiting.clear();
  };
  const closed = new Promise<SeenClose>((resolve) => {
    socket.on("close", (code, reason) => {
      gone = true;
      wake();
      resolve({ code, reason: reason.toString(), byClient });
    });
  });
  socket.on("message", (data: Uint8Array, isBinary) => {
    frames.push({
      data: isBinary ? new Uint8Array(data) : new TextDecoder().decode(data),
      at: performance.now(),
    });
    wake();
  });
  // a broken connection is told by its close
  socket.on("error", () => {});

  const connection: EmulatedConnection = {
    index,
    path,
    url,
    host,
    headers,
    protocol: socket.protocol,
    frames,
    closed,
    async next() {
      const place = asked++;
      while (place >= frames.length && !gone) await new Promise<void>((look) => waiting.add(look));
      return frames[place]?.data;
    },
    async nextJson() {
      const frame = await connection.next();
      return frame === undefined ? undefined : JSON.parse(String(frame));
    },
    send: (data) =>
      new Promise((resolve) => {
        if (gone) return resolve();
        const plain = typeof data === "string" || data instanceof Uint8Array;
        socket.send(plain ? data : JSON.stringify(data), () => resolve());
      }),
    async sendPaced(list, paceMs) {
      let first = true;
      for (const data of list) {
        if (!first) await pause(paceMs, closed);
        if (gone) return;
        first = false;
        await connection.send(data);
      }
    },
    close(code, reason) {
      socket.close(code, reason);
      byClient = false;
    },
    reset() {
      byClient = false;
      breakTransport(transport);
    },
    stall: () => closed.then(() => {}),
  };
  return connection;
}

/** Waits that long, or until the connection is gone. */
async function pause(milliseconds: number, gone: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([gone, new Promise((resolve) => timer = setTimeout(resolve, milliseconds))]);
  clearTimeout(timer);
}

function breakTransport(transport: Duplex & { resetAndDestroy?: () => void }): void {
  if (transport.resetAndDestroy) transport.resetAndDestroy();
  else transport.destroy();
}
