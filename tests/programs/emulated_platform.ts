/**
 * Preloaded before a program: sends its calls to the emulator whose URL `EMULATOR_URL` holds, and its sockets to that
 * of `EMULATOR_SOCKETS_URL`. What is on loopback already stays as it is.
 */

import { redirectSockets } from "../../src/testing/redirected_socket.ts";

const { fetch, WebSocket } = globalThis;
const emulator = Deno.env.get("EMULATOR_URL")!;
globalThis.fetch = (input, init) => {
  const { pathname, search } = new URL(input instanceof Request ? input.url : input);
  return fetch(new URL(pathname + search, emulator), init);
};
globalThis.WebSocket = redirectSockets(Deno.env.get("EMULATOR_SOCKETS_URL") ?? emulator, WebSocket);
