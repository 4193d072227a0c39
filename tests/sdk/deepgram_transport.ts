/** Deepgram's SDK on sockets of a class of one's own: its default is that of `ws`, on Deno too. */

import type { DeepgramTransportFactory } from "@deepgram/sdk";

/** A `transportFactory` on that class. */
export function transportOn(WebSocket: typeof globalThis.WebSocket): DeepgramTransportFactory {
  return (url, headers, { protocols }) => {
    const socket = new WebSocket(url, { headers, protocols });
    socket.binaryType = "arraybuffer";
    return {
      send: (data) => socket.send(data as string | ArrayBuffer),
      onOpen: (listener) => socket.addEventListener("open", listener),
      onMessage: (listener) => socket.addEventListener("message", ({ data }) => listener(data)),
      onError: (listener) =>
        socket.addEventListener("error", (event) => listener(new Error((event as ErrorEvent).message))),
      onClose: (listener) =>
        socket.addEventListener("close", ({ code, reason }) => listener({ code, reason })),
      isOpen: () => socket.readyState === WebSocket.OPEN,
      // a socket takes no code of the protocol's own
      close: (code, reason) => code === 1000 ? socket.close(code, reason) : socket.close(),
    };
  };
}
