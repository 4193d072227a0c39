/**
 * What a socket lets see of the answer to its handshake, ids and refusals.
 *
 * @module
 */

import type { Listen } from "../stream/socket.ts";
import { CONNECT_FAILED } from "../telemetry/attempt/connection.ts";
import { NO_HEADERS } from "./call.ts";
import type { ObservedSocket } from "./socket.ts";

/** An event emitter, as the sockets of `ws` are. */
interface Emitter {
  emit?: (type: string, ...all: unknown[]) => boolean;
}

/** The response of the handshake in Node. */
interface NodeResponse {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** How Deno, Bun ("status code: 401") and Workers ("received 401 instead") name the status of a refusal. */
const REFUSAL = /\b(?:status code:|received) (\d{3})\b/;

/** Watches for the answer. `ws` shows it; of the platforms' classes some name the status in the error's message. */
export function watchHandshake(socket: object, listen: Listen, observed: ObservedSocket): void {
  if (typeof (socket as Emitter).emit === "function") return watchEmitted(socket, observed);
  listen("error", (event) => {
    const [, status] = REFUSAL.exec(String((event as ErrorEvent).message)) ?? [];
    if (status !== undefined) observed.answered(Number(status), NO_HEADERS);
    // in Node 22 no close follows
    else observed.failed(CONNECT_FAILED);
  });
}

/** Looks on while `ws` emits. It must not be listened to: with a listener it leaves refusals and errors to that. */
function watchEmitted(socket: Emitter, observed: ObservedSocket): void {
  const { emit } = socket;
  function look(this: Emitter, type: string, ...all: unknown[]): boolean {
    const response = type === "upgrade" ? all[0] : type === "unexpected-response" ? all[1] : undefined;
    if (response !== undefined) {
      delete socket.emit;
      const { statusCode = 101, headers } = response as NodeResponse;
      observed.answered(statusCode, { get: (name) => headers?.[name.toLowerCase()] ?? null });
    }
    return emit!.call(this, type, ...all);
  }
  Object.defineProperty(socket, "emit", { value: look, configurable: true, writable: true });
}
