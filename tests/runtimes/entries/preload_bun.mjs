// Preloaded in Bun: calls of providers go to the emulator, those on loopback stay.
import process from "node:process";

const { fetch } = globalThis;
globalThis.fetch = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  if (url.hostname === "127.0.0.1") return fetch(input, init);
  return fetch(new URL(url.pathname + url.search, process.env.EMULATOR_URL), init);
};
