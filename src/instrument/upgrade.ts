/**
 * Sockets that `fetch` opens, as in Workers: a `GET` with `Upgrade: websocket`, answered by 101 and a socket.
 *
 * @module
 */

import { shield } from "../stream/shield.ts";
import { type Call, readHeaders } from "./call.ts";
import type { FollowedCall } from "./follow.ts";
import { failureOf } from "./observation.ts";
import type { Instrumentation } from "./options.ts";
import { type ObservedSocket, observeSocketTo } from "./socket.ts";
import { type WatchableSocket, watchSocket } from "./watched_socket.ts";

/**
 * Gives what follows the call, if it opens a socket to a provider that is known: for
 * {@linkcode FetchOptions.followUpgrade}.
 */
export function followUpgrade(instrumentation: Instrumentation, call: Call): FollowedCall | undefined {
  if (call.method !== "GET") return undefined;
  if (instrumentation.matchSocket(call.url) === undefined) return undefined;
  const headers = readHeaders(call.headers);
  if (headers.get("upgrade")?.toLowerCase() !== "websocket") return undefined;
  const observed = observeSocketTo(instrumentation, call.url, { headers });
  if (observed === undefined) return undefined;
  return { follow: (pending) => follow(instrumentation, observed, call.signal, pending) };
}

async function follow(
  { onTrouble }: Instrumentation,
  observed: ObservedSocket,
  signal: AbortSignal | undefined,
  pending: Promise<Response>,
): Promise<Response> {
  let response: Response;
  try {
    response = await pending;
  } catch (error) {
    // who no longer wants the socket has made no attempt
    const failure = shield("record", onTrouble, () => failureOf(error, signal));
    if (failure !== undefined) observed.failed(failure);
    throw error;
  }
  shield("read", onTrouble, () => {
    const { webSocket } = response as { readonly webSocket?: WatchableSocket | null };
    observed.answered(response.status, response.headers);
    if (!webSocket) return;
    watchSocket(webSocket, observed, onTrouble);
    observed.opened();
  });
  return response;
}
