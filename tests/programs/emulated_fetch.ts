/** Preloaded before a program: sends its calls to the emulator whose URL `EMULATOR_URL` holds. */

const { fetch } = globalThis;
const emulator = Deno.env.get("EMULATOR_URL")!;
globalThis.fetch = (input, init) => {
  const { pathname, search } = new URL(input instanceof Request ? input.url : input);
  return fetch(new URL(pathname + search, emulator), init);
};
