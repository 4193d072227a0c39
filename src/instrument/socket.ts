/**
 * What ties one socket to its attempts, whatever made it.
 *
 * @module
 */

import type { Match } from "../match.ts";
import { InOrder } from "../stream/in_order.ts";
import { shield, type TroubleHandler } from "../stream/shield.ts";
import { type Listen, type SocketObserver, tapSocket } from "../stream/socket.ts";
import { CONNECT_FAILED, type Connection, openConnection } from "../telemetry/attempt/connection.ts";
import { targetOf } from "../telemetry/attempt/target.ts";
import { homeOf } from "../telemetry/group.ts";
import { isSuppressed } from "../telemetry/scope.ts";
import type { Failure, Frame, HeaderLookup, SocketReader, SocketRequest, SocketRoute } from "../types.ts";
import { NO_HEADERS } from "./call.ts";
import type { Instrumentation } from "./options.ts";

/** A socket under observation. Throws nothing of its own. */
export interface ObservedSocket {
  /** Starts listening; from here on what goes by is read. */
  listen(listen: Listen): void;
  /** It is open; for a socket that does not say so itself. */
  opened(): void;
  /** The handshake was answered; not every socket shows it. A refusal may say why. */
  answered(status: number, headers: HeaderLookup, refusal?: Failure): void;
  /** It was not opened, for another reason than that the caller closed it. Once it is open that says nothing. */
  failed(failure: Failure): void;
  /** It broke for that reason; the close follows. */
  broke(failure: Failure): void;
  /** The caller handed a frame to the socket, which took it. */
  sent(data: unknown): void;
  /** The caller closes it with `close`, whose error is the caller's. */
  closing(close: () => void): void;
}

/** What is known of the making of a socket. */
export interface SocketMaking {
  /** Headers of its handshake, where the caller gave any. */
  readonly headers?: HeaderLookup | undefined;
  /** Whether someone else made the socket. */
  readonly handedOver?: boolean | undefined;
}

/**
 * Prepares the observation of a socket to `url`; `undefined` when it goes to no provider that is known. Leaves
 * nothing behind when the socket is then not made.
 */
export function observeSocketTo(
  { matchSocket, scope, onTrouble }: Instrumentation,
  url: URL,
  { headers = NO_HEADERS, handedOver }: SocketMaking = {},
): ObservedSocket | undefined {
  const matched = matchSocket(url);
  if (matched === undefined) return undefined;
  const active = scope.activeContext();
  if (isSuppressed(active)) return undefined;
  const parent = homeOf(active, scope.home);
  const { provider, route: { operation } } = matched;
  const providerName = provider.genAiName ?? provider.name;
  const origin = { operation, providerName, target: targetOf(url) };
  const connection = openConnection(scope, origin, parent, handedOver);
  return new SocketObservation(connection, matched, { url, headers }, onTrouble);
}

/** Where nothing waits. */
const AT_ONCE = new InOrder();

class SocketObservation implements ObservedSocket, SocketObserver {
  /** Absent when it has closed: what comes after that is no longer anyone's, and the socket may be kept for long. */
  #connection: Connection | undefined;
  readonly #matched: Match<SocketRoute>;
  #request: SocketRequest | undefined;
  readonly #onTrouble: TroubleHandler;
  readonly #inOrder: InOrder;
  #reader: SocketReader | undefined;
  #byCaller = false;

  constructor(
    connection: Connection,
    matched: Match<SocketRoute>,
    request: SocketRequest,
    onTrouble: TroubleHandler,
  ) {
    this.#connection = connection;
    this.#matched = matched;
    this.#request = request;
    this.#onTrouble = onTrouble;
    this.#inOrder = matched.route.format.readsBlobs ? new InOrder() : AT_ONCE;
  }

  listen(listen: Listen): void {
    const { format } = this.#matched.route;
    const request = this.#request;
    this.#request = undefined; // no more of it is needed
    shield("read", this.#onTrouble, () => {
      this.#reader = request && this.#connection && format.open(request, this.#connection);
    });
    shield("record", this.#onTrouble, () => tapSocket(listen, this));
  }

  opened(): void {
    this.#record((connection) => connection.opened());
  }

  answered(status: number, headers: HeaderLookup, refusal?: Failure): void {
    this.#record((connection) => {
      for (const name of this.#matched.provider.requestIdHeaders) {
        const id = headers.get(name);
        if (id) connection.noteConnectionId(id, "request");
      }
      if (status === 101) return;
      if (refusal !== undefined) connection.whole().fail(refusal);
      connection.failed(CONNECT_FAILED, status);
    });
  }

  failed(failure: Failure): void {
    if (this.#byCaller) return;
    this.#record((connection) => connection.failed(failure));
  }

  broke(failure: Failure): void {
    // where nothing is open, the close says enough
    this.#record((connection) => connection.all().length > 0 && connection.fail(failure));
  }

  sent(data: unknown): void {
    const frame = frameOf(data);
    this.#inOrder.run(() => this.#read((reader) => reader.sent(frame)));
  }

  closing(close: () => void): void {
    const before = this.#byCaller;
    // before it closes: some sockets tell of the close at once
    this.#byCaller = true;
    try {
      close();
    } catch (error) {
      this.#byCaller = before;
      throw error;
    }
  }

  received(data: unknown): void {
    const take = (frame: Frame): void => this.#read((reader) => reader.received(frame));
    // a blob can only be read later; the caller, who must wait likewise, began after us
    if (this.#matched.route.format.readsBlobs && data instanceof Blob) {
      this.#inOrder.runWith(data.arrayBuffer(), (bytes) => take(frameOf(bytes)));
    } else {
      this.#inOrder.run(() => take(frameOf(data)));
    }
  }

  closed(code: number): void {
    this.#inOrder.run(() => {
      this.#read((reader) => reader.closed?.(code));
      this.#record((connection) => connection.closed(code, this.#byCaller));
      this.#connection = this.#reader = undefined;
    });
  }

  /** A reader that threw once is not asked again; the attempts still end. */
  #read(work: (reader: SocketReader) => void): void {
    const reader = this.#reader;
    if (reader === undefined) return;
    this.#reader = undefined;
    shield("read", this.#onTrouble, () => {
      work(reader);
      this.#reader = reader;
    });
  }

  #record(work: (connection: Connection) => void): void {
    const connection = this.#connection;
    if (connection !== undefined) shield("record", this.#onTrouble, () => work(connection));
  }
}

/** The bytes of a frame where they are, or their number. */
function frameOf(data: unknown): Frame {
  if (typeof data === "string" || data instanceof Uint8Array) return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const { size } = Object(data) as { readonly size?: unknown };
  return { size: typeof size === "number" ? size : 0 };
}
