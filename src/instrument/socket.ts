/**
 * What ties one socket to its attempts, whatever made it.
 *
 * @module
 */

import { shield } from "../stream/shield.ts";
import { type TappableSocket, tapSocket } from "../stream/socket.ts";
import { type Connection, openConnection } from "../telemetry/connection.ts";
import { type Context, isSuppressed } from "../telemetry/scope.ts";
import type { Frame, HeaderLookup, SocketReader } from "../types.ts";
import type { Instrumentation } from "./options.ts";

/** A socket under observation. */
export interface ObservedSocket {
  /** Starts listening. */
  listen(socket: TappableSocket): void;
  /** The response to the handshake came; not every socket shows it. */
  handshake(headers: HeaderLookup): void;
  /** The caller handed a frame to the socket, which took it. */
  sent(data: unknown): void;
  /** The caller closed it. */
  closing(): void;
}

/** Prepares the observation of a socket to `url`; `undefined` when it goes to no provider that is known. */
export function observeSocketTo(
  { matchSocket, scope, onTrouble }: Instrumentation,
  url: URL,
  parent: Context = scope.activeContext(),
): ObservedSocket | undefined {
  const matched = matchSocket(url);
  if (matched === undefined || isSuppressed(parent)) return undefined;
  const { provider, route } = matched;
  const providerName = provider.genAiName ?? provider.name;
  const connection = openConnection(scope, { operation: route.operation, providerName, url }, parent);
  const reader = route.format.open({ url }, connection);
  const guard = (work: () => void): void => void shield("read", onTrouble, work);
  return {
    ...watchFrames(connection, reader, guard),
    handshake: (headers) =>
      guard(() => {
        for (const name of provider.requestIdHeaders) {
          const id = headers.get(name);
          if (id !== null) connection.noteConnectionId(id, "request");
        }
      }),
  };
}

function watchFrames(
  connection: Connection,
  reader: SocketReader,
  guard: (work: () => void) => void,
): Omit<ObservedSocket, "handshake"> {
  let readable = true;
  let byCaller = false;
  /** A reader that threw once is not asked again; the attempts still end. */
  const read = (work: () => void): void => {
    if (!readable) return;
    readable = false;
    guard(() => {
      work();
      readable = true;
    });
  };
  return {
    listen: (socket) =>
      tapSocket(socket, {
        opened: () => guard(() => connection.opened()),
        received: (data) => read(() => reader.received(frameOf(data))),
        closed(code) {
          read(() => reader.closed?.(code));
          guard(() => connection.closed(code, byCaller));
        },
      }),
    sent: (data) => read(() => reader.sent(frameOf(data))),
    closing: () => void (byCaller = true),
  };
}

/** The bytes of a frame where they are, or their number. */
function frameOf(data: unknown): Frame {
  if (typeof data === "string" || data instanceof Uint8Array) return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const { size } = Object(data) as { readonly size?: unknown };
  return { size: typeof size === "number" ? size : 0 };
}
