/**
 * Preloaded before a program: sends its calls to the emulator whose URL `EMULATOR_URL` holds, and its sockets to that
 * of `EMULATOR_SOCKETS_URL`. What is on loopback already stays as it is.
 */

import { redirectSockets } from "../../src/testing/redirected_socket.ts";
import "./emulated_fetch.ts";

const sockets = Deno.env.get("EMULATOR_SOCKETS_URL") ?? Deno.env.get("EMULATOR_URL")!;
globalThis.WebSocket = redirectSockets(sockets, globalThis.WebSocket);
