/**
 * Socket.IO over one WebSocket: the events in its text packets.
 *
 * @see {@link https://socket.io/docs/v4/socket-io-protocol/}
 * @see {@link https://socket.io/docs/v4/engine-io-protocol/}
 * @module
 */

import { asList, asText, parseJsonText } from "./json.ts";

/** An event. */
export interface SocketIoEvent {
  /** Where it belongs; `/` where the packet names none. */
  readonly namespace: string;
  /** What it is called. */
  readonly name: string;
  /** Its first argument. */
  readonly data: unknown;
}

/**
 * A packet with an event: Engine.IO's type (4 message), Socket.IO's type (2 event), the namespace up to a comma where
 * it is not `/`, an acknowledgement's number where one is wanted, and a JSON list of the name and the arguments.
 */
const EVENT = /^42(?:(\/[^,?]*)(?:\?[^,]*)?,)?\d*(\[.*)$/s;

/**
 * Reads a text packet with an event. All others, pings and those that connect with a secret among them, are not
 * looked into.
 */
export function readSocketIoEvent(packet: string): SocketIoEvent | undefined {
  const [, namespace = "/", json] = EVENT.exec(packet) ?? [];
  if (json === undefined) return undefined;
  const [first, data] = asList(parseJsonText(json));
  const name = asText(first);
  return name === undefined ? undefined : { namespace, name, data };
}
