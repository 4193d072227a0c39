/**
 * Preloaded before a program: sends its calls to the emulator whose URL `EMULATOR_URL` holds. What is on loopback
 * already stays as it is.
 */

const { fetch } = globalThis;
const emulator = Deno.env.get("EMULATOR_URL")!;
globalThis.fetch = (input, init) => {
  const { hostname, pathname, search } = new URL(input instanceof Request ? input.url : input);
  return fetch(hostname === "127.0.0.1" ? input : new URL(pathname + search, emulator), init);
};
