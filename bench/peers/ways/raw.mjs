/** Nothing: what the others are compared with. */
export function start() {
  return { hear: (url) => hear(globalThis.WebSocket, url), flush: () => Promise.resolve() };
}

/** Asks for a burst of speech and takes the audio out of what comes: bytes, or base64 in JSON. */
export function hear(WebSocket, url) {
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  const { promise, resolve } = Promise.withResolvers();
  let count = 0;
  let audioBytes = 0;
  socket.addEventListener("open", () => {
    const output_format = { container: "raw", encoding: "pcm_s16le", sample_rate: 16_000 };
    const words = { type: "Speak", text: "Hello", context_id: "c-1", transcript: "Hello", model_id: "sonic-3" };
    socket.send(JSON.stringify({ ...words, output_format, continue: false }));
  });
  socket.addEventListener("message", ({ data }) => {
    count++;
    if (typeof data !== "string") return void (audioBytes += data.byteLength);
    const frame = JSON.parse(data);
    if (frame.type === "chunk") return void (audioBytes += atob(frame.data).length);
    socket.close();
    resolve({ count, audioBytes });
  });
  return promise;
}
