/** Which hosts are emulated, and which are the real ones. */

import type { Fetch } from "@teespan/teespan";

/** A `fetch` that goes to the emulators for some hosts, and to the real ones for the rest. */
export function routeFetch(emulated: Fetch, hosts: readonly string[]): Fetch {
  const real = globalThis.fetch;
  return (input, init) => {
    const { hostname } = new URL(input instanceof Request ? input.url : input);
    return hosts.includes(hostname) ? emulated(input, init) : real(input, init);
  };
}

/** A `WebSocket` that is another one for some hosts. */
export function routeSockets(
  emulated: Readonly<Record<string, typeof globalThis.WebSocket | undefined>>,
): typeof globalThis.WebSocket {
  return new Proxy(globalThis.WebSocket, {
    construct(Platform, args: ConstructorParameters<typeof WebSocket>, subclass): object {
      return Reflect.construct(emulated[new URL(args[0]).hostname] ?? Platform, args, subclass);
    },
  });
}
